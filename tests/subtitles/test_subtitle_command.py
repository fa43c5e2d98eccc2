"""manage.py subtitle, as a person at a terminal meets it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import pytest
import webvtt
from django.core.management import execute_from_command_line

from subtitles.cues.formats import MACHINE_MARK
from tests.subtitles.by_heart import Spoken, make_sense_voice, pieces_of

ROOT = Path(__file__).parents[2]


@dataclass
class Said:
    status: int
    out: str
    err: str


@pytest.fixture
def subtitle(capsys):
    """What `manage.py subtitle …` does and says; none of these tests may touch a database."""

    def subtitle(*arguments: str | Path) -> Said:
        status: object = 0
        try:
            execute_from_command_line(["manage.py", "subtitle", *map(str, arguments)])
        except SystemExit as ended:
            status = ended.code
        assert isinstance(status, int)
        return Said(status, *capsys.readouterr())

    return subtitle


def make_file(path: Path, *arguments: str) -> Path:
    maker = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([maker, "-v", "error", "-y", *arguments, str(path)], check=True)
    return path


@pytest.mark.thorough(
    "WebVTT of sound alone is written below, and no test of these may touch a database"
)
def test_it_writes_webvtt_without_a_database(clip: Path, tmp_path: Path) -> None:
    film, output = tmp_path / "film.mp4", tmp_path / "film.vtt"
    make_file(film, "-ss", "20", "-i", str(clip), "-c", "copy")
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "subtitle", film, "--output", output],
        # A database that cannot be opened proves that none is asked for.
        env={**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "100%" in done.stderr  # the progress bar
    assert MACHINE_MARK in output.read_text(encoding="utf-8")
    text = "".join(caption.text for caption in webvtt.read(str(output)).captions)
    assert "微信支付" in text
    assert set(tmp_path.iterdir()) == {film, output}


def test_a_film_in_which_nobody_speaks_gets_an_empty_file(subtitle, tmp_path: Path) -> None:
    film = make_file(tmp_path / "a.mp4", *PICTURE, "-f", "lavfi", "-i", "anullsrc", "-t", "3")
    said = subtitle(film, "--output", tmp_path / "a.vtt")
    assert said.status == 0, said.err
    assert "没有听到有人说话" in said.out
    assert webvtt.read(str(tmp_path / "a.vtt")).captions == []


@pytest.mark.parametrize(
    ("name", "read", "options"),
    [
        pytest.param(
            *("a.srt", webvtt.from_srt, []),
            marks=pytest.mark.thorough("sherpa-onnx writes SRT below, Whisper WebVTT here"),
        ),
        ("a.vtt", webvtt.read, ["-af", "pan=stereo|c0=c0|c1=-1*c0"]),
    ],
    ids=["SRT", "WebVTT, of ears that cancel each other in mono"],
)
def test_sound_alone_is_subtitled_in_the_format_of_the_files_name(
    subtitle, name, read, options, clip: Path, tmp_path: Path
) -> None:
    sound = make_file(tmp_path / "a.m4a", "-i", str(clip), "-vn", "-t", "9", *options)
    said = subtitle(sound, "--output", tmp_path / name)
    assert said.status == 0, said.err
    assert len("".join(caption.text for caption in read(str(tmp_path / name)).captions)) > 20


PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=10:duration=3"]


def absent(folder: Path) -> Path:
    return folder / "film.mp4"


def empty(folder: Path) -> Path:
    (folder / "film.mp4").touch()
    return folder / "film.mp4"


def cut_short(folder: Path) -> Path:
    whole = (ROOT / "courses/starter/media/clip.mp4").read_bytes()
    (folder / "film.mp4").write_bytes(whole[: len(whole) // 2])
    return folder / "film.mp4"


def no_media(folder: Path) -> Path:
    (folder / "film.mp4").write_text("今天我们学习手机。" * 1000, encoding="utf-8")
    return folder / "film.mp4"


def no_sound(folder: Path) -> Path:
    return make_file(folder / "film.mp4", *PICTURE)


def moving_drawing(folder: Path) -> Path:
    return make_file(folder / "film.gif", *PICTURE, "-t", "1")


@pytest.mark.parametrize(
    "make_film", [absent, empty, cut_short, no_media, no_sound, moving_drawing]
)
def test_a_file_that_cannot_be_used_gets_one_sentence(subtitle, make_film, tmp_path: Path) -> None:
    film = make_film(tmp_path)
    before = set(tmp_path.iterdir())
    said = subtitle(film, "--output", tmp_path / "film.vtt")
    assert said.status == 1
    [sentence] = said.err.splitlines()
    assert sentence.endswith("。")
    assert "Error" not in sentence
    assert said.out == ""
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("output", "sentence"),
    [("film.txt", "字幕文件名要以 .vtt 或 .srt 结尾。"), ("nowhere/film.vtt", "找不到文件夹")],
)
def test_a_place_that_cannot_be_written_gets_one_sentence(
    output: str, sentence: str, subtitle, clip: Path, tmp_path: Path
) -> None:
    said = subtitle(clip, "--output", tmp_path / output)
    assert said.status == 1
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1


def test_an_engine_and_a_model_can_be_asked_for(
    subtitle, clip: Path, clip_speech: Path, spoken_in_clip: Spoken, tmp_path: Path
) -> None:
    model = make_sense_voice(tmp_path / "model", pieces_of(clip_speech, spoken_in_clip))
    output = tmp_path / "clip.srt"
    said = subtitle(
        clip, "--output", output, "--engine", "sherpa-onnx", "--model", model, "--language", "yue"
    )
    assert said.status == 0, said.err
    text = "".join(caption.text for caption in webvtt.from_srt(str(output)).captions)
    assert text.startswith("粤各位")  # the model's sign that it was told Cantonese


def test_a_model_that_is_not_there_gets_one_sentence(subtitle, clip: Path, tmp_path: Path) -> None:
    said = subtitle(
        clip, "--output", tmp_path / "a.vtt", "--engine", "sherpa-onnx", "--model", tmp_path / "no"
    )
    assert said.status == 1
    assert "bin/speech-model" in said.err
