"""Every voice keeps one contract; a person's recording is cut where the sentences are."""

import difflib
import json
import os
import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.utils.module_loading import import_string
from pypinyin import lazy_pinyin

from courses.starter.loading import STARTER_DIR
from media.ffmpeg.extraction import extract_speech
from media.ffmpeg.probe import UnusableMedia, probe
from media.narration.narrators import NarrationRefused, NarratorUnavailable, machine_narrator
from media.narration.narrators.espeak import pinyin_of
from media.narration.narrators.kokoro import Kokoro, digit_by_digit, in_breaths, phonemes_of
from media.narration.narrators.recording import Recording
from media.narration.narrators.waves import read_samples
from media.narration.sentences import split_sentences
from subtitles.engines import load_engine
from tests.media.films import make_film

RECORDINGS = STARTER_DIR / "narration"
LESSONS = {
    lesson["slug"]: split_sentences(lesson["narration"])
    for lesson in json.loads((STARTER_DIR / "curriculum.json").read_text())["lessons"]
}
SPOKEN = "after-scam"
VOICES = [*settings.NARRATORS, "a recording"]


@pytest.fixture(scope="session")
def kokoro_folder():
    """The neural voice, as a deployer would get it."""
    folder = Path(settings.NARRATOR_MODEL).resolve()
    subprocess.run([settings.BASE_DIR / "bin/neural-voice", folder], check=True)
    return folder


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.thorough("test_narrations has a voice read a text; recordings are cut below")
def test_a_voice_says_every_sentence_in_its_own_span(voice, kokoro_folder, tmp_path):
    sentences = LESSONS[SPOKEN][: 2 if voice == "kokoro" else None]  # which reads slowly
    told: list[float] = []
    narrator = (
        import_string(settings.NARRATORS[voice])()
        if voice in settings.NARRATORS
        else Recording(RECORDINGS / f"{SPOKEN}.m4a")
    )
    reading = narrator.read(sentences, folder=tmp_path, on_progress=told.append)

    duration_ms = probe(reading.sound).duration_ms
    edges = [edge for span in reading.spans for edge in (span.start_ms, span.end_ms)]
    assert len(reading.spans) == len(sentences)
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= duration_ms
    assert told == sorted(told)
    assert told[-1] == 1

    heard = tmp_path / "heard.wav"
    extract_speech(reading.sound, heard, duration_ms=duration_ms)
    loud = np.abs(read_samples(heard).astype(float))
    inside = np.zeros(len(loud), dtype=bool)
    for span in reading.spans:
        assert loud[span.start_ms * 16 : span.end_ms * 16].mean() > 100  # somebody speaks
        inside[span.start_ms * 16 : span.end_ms * 16] = True
    assert loud[inside].mean() > 20 * loud[~inside].mean()  # and nobody between them


@pytest.mark.parametrize("slug", [
    "after-scam",
    *(pytest.param(slug, marks=pytest.mark.thorough("one is cut as the other is"))
      for slug in ("power-safety", "scan-to-pay")),
])  # fmt: skip
def test_a_recording_is_cut_within_a_tenth_of_a_second_of_the_truth(slug, tmp_path):
    truth = json.loads((RECORDINGS / "spans.json").read_text())[slug]["spans_ms"]
    reading = Recording(RECORDINGS / f"{slug}.m4a").read(LESSONS[slug], folder=tmp_path)
    for span, (start_ms, end_ms) in zip(reading.spans, truth, strict=True):
        assert abs(span.start_ms - start_ms) < 100
        assert abs(span.end_ms - end_ms) < 100


def test_a_recording_whose_ears_cancel_each_other_is_cut_as_well(tmp_path):
    against = make_film(
        tmp_path / "against.wav",
        *["-i", str(RECORDINGS / f"{SPOKEN}.m4a"), "-af", "pan=stereo|c0=c0|c1=-1*c0"],
    )
    cut = Recording(against).read(LESSONS[SPOKEN], folder=tmp_path)
    truth = json.loads((RECORDINGS / "spans.json").read_text())[SPOKEN]["spans_ms"]
    assert [span.start_ms for span in cut.spans] == pytest.approx(
        [start_ms for start_ms, _end_ms in truth], abs=100
    )


def test_a_hasty_reader_in_a_humming_room_is_cut_right_too(tmp_path):
    """Breaths of a fifth to half a second, a fan in the room, now slower, now faster."""
    truth = json.loads((RECORDINGS / "spans.json").read_text())[SPOKEN]["spans_ms"]
    clean = tmp_path / "clean.wav"
    extract_speech(RECORDINGS / f"{SPOKEN}.m4a", clean, duration_ms=50_000)
    samples, random = read_samples(clean).astype(float), np.random.default_rng(7)
    pieces, starts, at = [], [], 0
    for start_ms, end_ms in truth:
        said = samples[start_ms * 16 : end_ms * 16]
        places = np.arange(0, len(said) - 1, random.uniform(0.9, 1.1))
        breath = np.zeros(int(16 * random.uniform(200, 500)))
        pieces += [breath, np.interp(places, np.arange(len(said)), said)]
        starts.append((at + len(breath)) / 16)
        at += len(breath) + len(places)
    sound = np.concatenate(pieces)
    sound += random.normal(0, 100, len(sound))
    hasty = tmp_path / "hasty.wav"
    write_wave(hasty, sound)

    reading = Recording(hasty).read(LESSONS[SPOKEN], folder=tmp_path)
    for span, start_ms in zip(reading.spans, starts, strict=True):
        assert abs(span.start_ms - start_ms) < 250


def write_wave(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.clip(samples, -32768, 32767).astype("<i2").tobytes())


@pytest.mark.parametrize(
    ("slug", "sentences"),
    [
        ("after-scam", ["只有这一句话。"]),  # 45 s of speech for it
        ("after-scam", LESSONS["after-scam"] * 3),
    ],
)
def test_a_recording_of_another_text_is_refused_in_words(slug, sentences, tmp_path):
    with pytest.raises(NarrationRefused, match="对不上"):
        Recording(RECORDINGS / f"{slug}.m4a").read(sentences, folder=tmp_path)


def test_a_silent_recording_is_refused_in_words(tmp_path):
    write_wave(tmp_path / "silent.wav", np.zeros(16_000 * 5))
    with pytest.raises(NarrationRefused, match="对不上"):
        Recording(tmp_path / "silent.wav").read(["您好。"], folder=tmp_path)


def test_a_recording_that_is_no_sound_is_refused_in_words(tmp_path):
    (tmp_path / "poem.mp3").write_text("床前明月光")
    with pytest.raises(UnusableMedia):
        Recording(tmp_path / "poem.mp3").read(["床前明月光。"], folder=tmp_path)


def test_the_machine_reads_a_word_as_its_phrase_demands():
    assert pinyin_of("长辈在银行") == "zhang3 bei4 zai4 yin2 hang2"


@pytest.mark.thorough("Whisper listens to it; that the voice says every sentence is tried anyway")
def test_what_the_neural_voice_says_is_understood(kokoro_folder, tmp_path):
    """By Whisper, which writes what it hears: four of five syllables at least are the text's."""
    sentences = LESSONS["scan-to-pay"][:3]
    reading = Kokoro().read(sentences, folder=tmp_path)
    heard = tmp_path / "heard.wav"
    extract_speech(reading.sound, heard, duration_ms=probe(reading.sound).duration_ms)
    engine = load_engine(settings.SUBTITLE_ENGINE, model=settings.WHISPER_MODEL)
    segments = engine.transcribe(heard, language="zh", prompt="", hotwords="")
    said = lazy_pinyin("".join(sentences), errors="ignore")
    written = lazy_pinyin("".join(segment.text for segment in segments), errors="ignore")
    same = difflib.SequenceMatcher(None, said, written).get_matching_blocks()
    assert sum(block.size for block in same) > 0.8 * len(said)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("着火打119，被骗打96110。", "着火打幺幺九，被骗打九六幺幺零。"),
        ("电话020-81234567", "电话零二零，八幺二三四五六七"),
        ("客服400-000-0021", "客服四零零，零零零，零零二幺"),
        ("110元，高压120/80，走了12345步", "110元，高压120/80，走了12345步"),
        ("2026年3月5日", "2026年3月5日"),
    ],
)
def test_a_number_that_one_dials_is_said_digit_by_digit(written, said):
    assert digit_by_digit(written) == said


def test_the_neural_voice_is_given_tones_and_pauses():
    assert phonemes_of("长辈，您好。") == "ꭧa↓ŋpei↘, ni↗nxau↓."
    assert phonemes_of("3月") == phonemes_of("三月")


def test_a_long_sentence_is_cut_where_one_breathes():
    said = ", ".join(["ma" * 100] * 6) + "."
    breaths = list(in_breaths(said))
    assert "".join(breaths) == said
    assert [len(breath) for breath in breaths] == [404, 404, 403]
    assert [len(breath) for breath in in_breaths("ma" * 300)] == [510, 90]


def test_a_word_that_the_neural_voice_cannot_say_is_refused_in_words():
    with pytest.raises(NarrationRefused, match=r"APP.*换成汉字"):
        phonemes_of("打开APP。")


def test_the_neural_voice_without_its_files_says_what_to_put_where(settings, tmp_path):
    settings.NARRATOR_MODEL = str(tmp_path)
    with pytest.raises(NarratorUnavailable, match=r"model\.onnx.*NARRATOR_MODEL"):
        Kokoro().read(["您好。"], folder=tmp_path)


@pytest.mark.parametrize("broken", ["model.onnx", "config.json", "voices/zf_xiaoyi.bin"])
def test_a_broken_file_of_the_neural_voice_is_told_of_in_words(
    broken, kokoro_folder, settings, tmp_path
):
    settings.NARRATOR_MODEL = str(tmp_path / "voice")
    shutil.copytree(kokoro_folder, settings.NARRATOR_MODEL, copy_function=os.symlink)
    (tmp_path / "voice" / broken).unlink()
    (tmp_path / "voice" / broken).write_bytes(b"cut short")
    with pytest.raises(NarratorUnavailable, match="重新放一份"):
        Kokoro().read(["您好。"], folder=tmp_path)


def test_a_machine_without_the_program_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NarratorUnavailable, match="apt-get install espeak-ng"):
        machine_narrator().read(["您好。"], folder=tmp_path)


def test_a_voice_that_nobody_knows_is_told_of_in_words(settings):
    settings.NARRATOR = "parrot"
    with pytest.raises(NarratorUnavailable, match=r"parrot.*espeak-ng"):
        machine_narrator()
