"""Every kind of film that people bring, through all of its stages: a right result, or a sentence
that says what to do, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageStat

from media.choices import StageState
from media.ffmpeg.extraction import extract_subtitles
from media.ffmpeg.probe import probe
from media.models import Rendition, Video
from media.pipeline import processing
from media.pipeline.queries import progress_of
from media.pipeline.stages import StageFailed
from tests.media.films import X264, largest, listen, loudest, make_film, pattern, tone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folders")]

HDR = "color_primaries=bt2020:colorspace=bt2020nc:color_trc"
TEN_BIT = ["-c:v", "libx265", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p10le"]


def sentence_of(video: Video) -> str:
    """Why nothing became of it; that nothing did, but the original is kept, is asserted."""
    assert not video.renditions.exists()
    assert not video.poster
    assert Path(video.original.path).exists()
    assert not list(Path(video.original.path).parents[1].glob("videos/*"))
    return video.stages.get(kind="probe").message


def brightness(path: Path) -> float:
    """Of the first picture, 0 to 255."""
    with av.open(str(path)) as film:
        return float(next(film.decode(video=0)).to_ndarray(format="gray").mean())


def test_a_photo_and_an_empty_file_each_get_their_sentence(process, tmp_path):
    photo = make_film(
        tmp_path / "photo.jpg", *pattern("64x64", rate=1, seconds=1), "-frames:v", "1"
    )
    empty = tmp_path / "empty.mp4"
    empty.touch()
    assert "这是一张照片，不是视频" in sentence_of(process(photo, name="photo.mp4"))
    assert "是空的" in sentence_of(process(empty))


@pytest.mark.parametrize("kind", [
    "mp4", "ts",
    *(pytest.param(kind, marks=pytest.mark.thorough("it tells how long it should be, as MP4 does"))
      for kind in ("mkv", "flv")),
    *(pytest.param(kind, marks=pytest.mark.thorough("it plays as far as it goes, as TS does"))
      for kind in ("avi", "mpg")),
])  # fmt: skip
def test_a_film_that_was_cut_off_gets_a_sentence_or_plays_as_far_as_it_goes(
    kind, process, tmp_path
):
    codecs = [] if kind == "mpg" else X264
    whole = make_film(
        tmp_path / f"whole.{kind}",
        *[*pattern("320x180", rate=25, seconds=6), *tone(seconds=6), *codecs],
    )
    cut = tmp_path / f"cut.{kind}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    video = process(cut)
    if kind in {"mp4", "mkv", "flv"}:  # they tell how long they should be
        assert "不完整" in sentence_of(video)
    else:
        assert 1500 < probe(largest(video)).duration_ms < 4500


def test_a_film_beyond_the_settings_is_refused_in_words(process, fitting_film, settings):
    settings.VIDEO_MAX_HOURS = 2 / 3600
    assert "上限" in sentence_of(process(fitting_film))


def test_odd_sides_become_even(process, tmp_path):
    film = make_film(
        tmp_path / "odd.mkv",
        *pattern("640x360", rate=25, seconds=1),
        *["-vf", "scale=333:187", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p"],
    )
    seen = probe(largest(process(film)))
    assert (seen.width, seen.height, seen.pixel_format) == (332, 186, "yuv420p")


def test_a_quarter_turn_and_a_varying_rate_come_out_upright_and_steady(
    process, upright_film, film_of_varying_rate
):
    upright = probe(largest(process(upright_film)))
    assert (upright.width, upright.height, upright.rotation) == (606, 1080, 0)
    steady = probe(largest(process(film_of_varying_rate)))
    assert steady.frame_rate == 30
    assert not steady.variable_frame_rate


@pytest.mark.parametrize("curve", [None, "smpte2084", "arib-std-b67"])
def test_ten_bits_and_hdr_come_out_as_eight_bits_in_sdr(curve, process, tmp_path):
    # The white of paper: at 58 % of the scale in PQ, 75 % in HLG.
    level = {"smpte2084": 0.58, "arib-std-b67": 0.75}.get(curve, 0.9)
    light = f"format=yuv420p10le,geq=lum={64 + round(level * 876)}:cb=512:cr=512"
    if curve:
        light += f",setparams={HDR}={curve}"
    film = make_film(
        tmp_path / "phone.mp4",
        *["-f", "lavfi", "-i", "color=size=320x180:rate=5:duration=1", "-vf", light],
        *TEN_BIT,
    )
    assert probe(film).hdr_transfer == curve
    video = process(film)
    seen = probe(largest(video))
    assert (seen.pixel_format, seen.profile, seen.hdr_transfer) == ("yuv420p", "High", None)
    assert 195 < brightness(largest(video)) < 245
    with Image.open(video.poster.path) as poster:
        assert 195 < ImageStat.Stat(poster.convert("L")).mean[0] < 245


def test_sound_for_six_loudspeakers_is_heard_in_both_ears(process, tmp_path):
    only_the_middle_speaks = "pan=5.1|c2=c0"
    film = make_film(
        tmp_path / "cinema.mkv",
        *[*pattern("320x180", rate=25, seconds=3), *tone(seconds=3)],
        *["-af", only_the_middle_speaks, "-c:a", "ac3", *X264],
    )
    assert probe(film).audio_channels == 6
    made = largest(process(film))
    left, right = loudest(made)
    assert left == pytest.approx(right, rel=0.05)
    assert listen(made)[0] == pytest.approx(-16, abs=1)


@pytest.mark.parametrize(
    "ear", [pytest.param(0, marks=pytest.mark.thorough("the left is brought as the right is")), 1]
)
def test_a_voice_in_one_ear_is_brought_to_both(ear, process, tmp_path):
    film = make_film(
        tmp_path / "one-ear.mp4",
        *[*pattern("320x180", rate=25, seconds=3), *tone(seconds=3)],
        *["-af", f"pan=stereo|c{ear}=c0", "-c:a", "aac", *X264],
    )
    video = process(film)
    left, right = loudest(largest(video))
    assert left == pytest.approx(right, rel=0.05)
    assert listen(largest(video))[0] == pytest.approx(-16, abs=1)
    assert listen(Path(video.audio_rendition.file.path))[0] == pytest.approx(-16, abs=1)


@pytest.mark.parametrize(
    ("language", "hertz"), [("zh", 500), ("yue", 250)], ids=["named", "not named"]
)
def test_of_several_sounds_the_one_in_the_spoken_language_is_taken(
    language, hertz, process, tmp_path
):
    """English, then Mandarin, then music that a player would play first."""
    sounds = [
        argument
        for pitch in (1000, 500, 250)
        for argument in tone(seconds=2, source=f"sine=frequency={pitch}:sample_rate=48000")
    ]
    film = make_film(
        tmp_path / "several.mkv",
        *[*pattern("320x180", rate=25, seconds=2), *sounds],
        *["-map", "0:v", "-map", "1:a", "-map", "2:a", "-map", "3:a", *X264],
        *["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=chi"],
        *["-disposition:a:0", "0", "-disposition:a:1", "0", "-disposition:a:2", "default"],
    )
    made = largest(process(film, language=language))
    with av.open(str(made)) as opened:
        left = np.concatenate([frame.to_ndarray()[0] for frame in opened.decode(audio=0)])
    spectrum = np.abs(np.fft.rfft(left[24_000:72_000]))
    assert int(spectrum.argmax()) == pytest.approx(hertz, abs=2)  # one second: a step is 1 Hz


def test_subtitles_inside_a_film_are_found_and_taken_out(process, tmp_path):
    srt = tmp_path / "written.srt"
    srt.write_text("1\n00:00:00,200 --> 00:00:01,500\n点右上角的加号\n", encoding="utf-8")
    film = make_film(
        tmp_path / "with-subtitles.mp4",
        *[*pattern("320x180", rate=25, seconds=2), "-i", str(srt), *X264],
        *["-c:s", "mov_text", "-metadata:s:s:0", "language=chi"],
    )
    video = process(film)
    assert largest(video).exists()
    [stream] = video.embedded_subtitles
    assert (stream["index"], stream["language"], stream["codec"]) == (0, "chi", "mov_text")
    extract_subtitles(film, tmp_path / "out.srt", index=0, duration_ms=2000)
    assert "00:00:00,200 --> 00:00:01,500\n点右上角的加号" in (tmp_path / "out.srt").read_text()


@pytest.mark.parametrize("name", [
    "../../逃.mp4", "x.m p'4",
    *(pytest.param(name, marks=pytest.mark.thorough("no name is part of the original's path"))
      for name in ("量 '血压'.mp4", '说"你好" 😀.mp4', "-i.mp4", "a;rm -rf ~.mp4", "没有后缀")),
])  # fmt: skip
def test_any_name_is_only_a_name(name, process, film_without_sound, tmp_path):
    video = process(film_without_sound, name=name)
    assert largest(video).exists()
    assert Path(video.original.path).parent == tmp_path / "media/originals"


def test_no_file_makes_ffmpeg_read_another(process, starter_clip, tmp_path):
    """Playlists, a script of the concat kind, an address: no format that names other files."""
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(starter_clip.read_bytes())
    for number, content in enumerate(
        (
            f"#EXTM3U\n#EXT-X-TARGETDURATION:25\n#EXTINF:25,\n{secret}\n#EXT-X-ENDLIST\n",
            f"ffconcat version 1.0\nfile '{secret}'\n",
            f"<?xml version='1.0'?><MPD><BaseURL>{secret}</BaseURL></MPD>",
            "http://127.0.0.1:9/lesson.mp4",
        )
    ):
        disguised = tmp_path / f"lesson{number}.mp4"
        disguised.write_text(content)
        assert "不是视频" in sentence_of(process(disguised))


def test_without_a_picture_for_its_poster_a_film_stands_with_a_drawn_one(
    process, film_without_sound, monkeypatch
):
    def take_none(source, target, **options):
        raise StageFailed("no picture at any place")

    monkeypatch.setattr(processing, "make_poster", take_none)
    video = process(film_without_sound)
    poster = video.stages.get(kind="poster")
    assert poster.state == StageState.FAILED
    assert poster.message == "没有取到封面，先用画好的。视频照样能看。"
    progress = progress_of(video)
    assert (progress.watchable, progress.ended, progress.failed) == (True, True, False)
    with Image.open(video.poster.path) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (960, 540))
        assert ImageStat.Stat(drawn.convert("L")).stddev[0] > 30  # shapes, not one colour


def test_a_machine_without_a_fit_ffmpeg_says_so_at_once_and_does_not_blame_the_film(
    process, fitting_film, settings
):
    settings.FFMPEG = "/bin/false"
    video = process(fitting_film)
    probe_stage, renditions, audio = (
        video.stages.get(kind=kind) for kind in ("probe", "renditions", "audio")
    )
    assert (probe_stage.state, probe_stage.attempts) == (StageState.FAILED, 1)
    assert "/bin/false 不是能用的 ffmpeg。请管理员" in probe_stage.message
    assert "前面的“检查文件”没有成功" in renditions.message
    assert audio.state == StageState.FAILED
    assert progress_of(video).ended


@pytest.mark.thorough("test_processing has a long film watched before its slow runs")
def test_a_film_that_fits_can_be_watched_before_the_rest_is_made(
    process, fitting_film, monkeypatch
):
    watchable: list[list[str]] = []
    measure = processing.measure_loudness

    def look_then_measure(source, **options):
        watchable.append([rendition.name for rendition in Rendition.objects.all()])
        return measure(source, **options)

    monkeypatch.setattr(processing, "measure_loudness", look_then_measure)
    video = process(fitting_film)
    assert watchable == [["720p"]]
    made = {rendition.name for rendition in video.renditions.all()}
    assert made == {"720p", "360p", "audio"}
    files = Path(video.original.path).parents[1].glob("videos/*/*")
    names = sorted(path.name.partition("-")[0] for path in files)
    assert names == ["360p", "720p", "720p", "audio"]  # the first stays for who is watching it


SIZES = pytest.mark.thorough("its sides are odd or small in the way of those that run every time")
HLG = ["-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc"]


@pytest.mark.parametrize(
    ("size", "pixels", "more"),
    [
        pytest.param("540:960", "yuv420p10le", HLG, marks=SIZES),
        ("405:721", "yuv420p10le", HLG),
        pytest.param("333:187", "gbrp", [], marks=SIZES),
        ("405:721,interlace,setfield=tff", "yuv420p", []),
        ("500:1", "yuv420p", []),
        pytest.param("2:300,setsar=1", "yuv444p", [], marks=SIZES),
        pytest.param("4:4,setfield=tff", "yuv420p", ["-flags", "+ilme+ildct"], marks=SIZES),
        ("1:1", "yuv420p", []),
    ],
    ids=["portrait HDR", "odd HDR", "odd RGB", "odd fields", "a line", "a thread", "fields", "dot"],
)
def test_no_size_is_too_odd(size, pixels, more, process, tmp_path):
    film = make_film(
        tmp_path / "odd.mkv",
        *[*pattern("320x320", rate=5, seconds=1), "-vf", f"scale={size},format={pixels}"],
        *["-c:v", "ffv1", *more],
    )
    video = process(film)
    seen = probe(largest(video))
    assert seen.width % 2 == seen.height % 2 == 0
    with Image.open(video.poster.path) as poster:
        assert poster.width % 2 == poster.height % 2 == 0
    assert video.thumbnails.exists()
