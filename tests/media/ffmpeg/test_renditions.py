"""What is planned for a source, and what comes out of the real FFmpeg."""

from __future__ import annotations

import dataclasses
import os
import re
import signal
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from media.ffmpeg.ladder import can_copy, can_copy_sound, plan_renditions
from media.ffmpeg.loudness import Loudness, measure_loudness
from media.ffmpeg.probe import Probe, probe
from media.ffmpeg.process import FfmpegFailed, command, run
from media.ffmpeg.renditions import make_audio, make_renditions, rendition_graph
from tests.media.films import COPY, FfmpegChildren, listen, make_film

FITTING = Probe(
    container="mov,mp4,m4a,3gp,3g2,mj2",
    size_bytes=1,
    duration_ms=60_000,
    has_video=True,
    width=1920,
    height=1080,
    square_pixels=True,
    frame_rate=Fraction(25),
    keyframe_gap_ms=2000,
    video_codec="h264",
    profile="High",
    level=40,
    pixel_format="yuv420p",
    video_bit_rate=1_900_000,
    has_audio=True,
    audio_codec="aac",
    audio_profile="LC",
    audio_channels=2,
    audio_rate=48_000,
)


# The plan


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3840, 2160), {"1080p": (1920, 1080), "720p": (1280, 720), "360p": (640, 360)}),
        ((1920, 1080), {"1080p": (1920, 1080), "720p": (1280, 720), "360p": (640, 360)}),
        ((1280, 720), {"720p": (1280, 720), "360p": (640, 360)}),
        ((854, 480), {"480p": (854, 480), "360p": (640, 358)}),
        ((640, 360), {"360p": (640, 360)}),
        ((320, 240), {"240p": (320, 240)}),
        ((1440, 1080), {"1080p": (1440, 1080), "720p": (960, 720), "360p": (480, 360)}),
        ((1080, 1920), {"1080p": (606, 1080), "720p": (404, 720), "360p": (202, 360)}),
        ((1920, 800), {"1080p": (1920, 800), "720p": (1280, 532), "360p": (640, 266)}),
    ],
)
def test_the_ladder(size: tuple[int, int], expected: dict[str, tuple[int, int]]) -> None:
    specs = plan_renditions(dataclasses.replace(FITTING, width=size[0], height=size[1]))
    assert {spec.name: (spec.width, spec.height) for spec in specs} == expected


@given(width=st.integers(16, 8192), height=st.integers(16, 8192))
@example(width=641, height=16)  # 640 by 14 would have the same name
def test_no_rendition_is_enlarged_odd_or_beyond_a_television(width: int, height: int) -> None:
    specs = plan_renditions(dataclasses.replace(FITTING, width=width, height=height))
    assert specs
    assert len({spec.name for spec in specs}) == len(specs)
    for spec in specs:
        assert spec.width <= min(width, 1920)
        assert spec.height <= min(height, 1080)
        assert spec.width % 2 == spec.height % 2 == 0
    assert [spec.width for spec in specs] == sorted((s.width for s in specs), reverse=True)


@pytest.mark.parametrize(
    ("rate", "varies", "expected"),
    [
        (Fraction(25), False, Fraction(25)),
        (Fraction(50), False, Fraction(25)),
        (Fraction(60), False, Fraction(30)),
        (Fraction(60_000, 1001), False, Fraction(30_000, 1001)),
        (Fraction(120), False, Fraction(30)),
        (Fraction(15), False, Fraction(15)),
        (Fraction(2987, 100), True, Fraction(30_000, 1001)),
        (Fraction(17), True, Fraction(30)),
        (Fraction(2495, 100), True, Fraction(25)),
        (None, True, Fraction(30)),
    ],
)
def test_every_rate_becomes_a_constant_one_up_to_30(
    rate: Fraction | None, varies: bool, expected: Fraction
) -> None:
    source = dataclasses.replace(FITTING, frame_rate=rate, variable_frame_rate=varies)
    assert {spec.frame_rate for spec in plan_renditions(source)} == {expected}


def test_only_the_largest_rendition_of_a_fitting_source_is_copied() -> None:
    assert [spec.copy_video for spec in plan_renditions(FITTING)] == [True, False, False]


@pytest.mark.parametrize(
    "unfit",
    [
        {"container": "matroska,webm"},
        {"video_codec": "hevc"},
        {"profile": "High 10"},
        {"level": 42},
        {"pixel_format": "yuv444p"},
        {"width": 2560},
        {"height": 1440},
        {"rotation": 90},
        {"square_pixels": False},
        {"interlaced": True},
        {"variable_frame_rate": True},
        {"frame_rate": Fraction(50)},
        {"keyframe_gap_ms": 60_000},
        {"video_bit_rate": 20_000_000},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_a_television_may_not_play_is_encoded(unfit: dict[str, object]) -> None:
    assert can_copy(FITTING)
    assert not can_copy(dataclasses.replace(FITTING, **unfit))  # type: ignore[arg-type]


def test_sound_is_copied_only_when_its_loudness_fits() -> None:
    assert can_copy_sound(FITTING, loudness=_loudness(-16.8, peak=-2))
    assert can_copy_sound(FITTING, loudness=None)
    assert not can_copy_sound(FITTING, loudness=_loudness(-18, peak=-8))
    assert not can_copy_sound(FITTING, loudness=_loudness(-16, peak=-0.5))
    mono = dataclasses.replace(FITTING, audio_channels=1)
    assert not can_copy_sound(mono, loudness=_loudness(-16, peak=-8))


# What comes out


@pytest.fixture(scope="module")
def made_from_1080p50(
    film_1080p50: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Path], list[float]]:
    told: list[float] = []
    made = _make(film_1080p50, tmp_path_factory.mktemp("made"), on_progress=told.append)
    return made, told


@pytest.fixture(scope="module")
def made_from_clip(starter_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return _make(starter_clip, tmp_path_factory.mktemp("clip"))


@pytest.fixture(scope="module")
def made_from_fitting(fitting_film: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return _make(fitting_film, tmp_path_factory.mktemp("fitting"))


def test_1080p50_becomes_three_renditions_for_televisions(
    made_from_1080p50: tuple[list[Path], list[float]],
) -> None:
    made, _told = made_from_1080p50
    assert [path.name for path in made] == ["1080p.mp4", "720p.mp4", "360p.mp4"]
    for path, size in zip(made, [(1920, 1080), (1280, 720), (640, 360)], strict=True):
        seen = probe(path)
        assert (seen.width, seen.height) == size
        assert seen.frame_rate == 25
        assert not seen.variable_frame_rate
        assert (seen.video_codec, seen.profile, seen.level) == ("h264", "High", 40)
        assert seen.pixel_format == "yuv420p"
        assert (seen.audio_codec, seen.audio_profile) == ("aac", "LC")
        assert (seen.audio_channels, seen.audio_rate) == (2, 48_000)
        assert seen.duration_ms == pytest.approx(2000, abs=60)
        assert seen.keyframe_gap_ms is not None
        assert seen.keyframe_gap_ms <= 2000
        assert _index_comes_first(path)
        assert can_copy(seen)
        integrated, true_peak = listen(path)
        assert integrated == pytest.approx(-16, abs=1)
        assert true_peak <= -1.5


def test_progress_only_rises_and_reaches_one(
    made_from_1080p50: tuple[list[Path], list[float]],
) -> None:
    _made, told = made_from_1080p50
    assert len(told) > 1
    assert told == sorted(set(told))
    assert told[-1] == 1.0


def test_the_place_where_a_film_was_taken_is_left_out(
    film_1080p50: Path, made_from_1080p50: tuple[list[Path], list[float]]
) -> None:
    assert b"loci" in film_1080p50.read_bytes()
    assert all(b"loci" not in path.read_bytes() for path in made_from_1080p50[0])


def test_one_decode_feeds_all_encodes(film_480p: Path, tmp_path: Path) -> None:
    seen = probe(film_480p)
    specs = plan_renditions(seen, may_copy=False)
    graph = rendition_graph(
        film_480p,
        specs,
        probe=seen,
        loudness=_loudness(-18, peak=-18),
        targets=[tmp_path / spec.file_name for spec in specs],
    )
    assert command(graph).count("-i") == 1
    mapping = run(graph, duration_ms=seen.duration_ms).partition("Stream mapping:")[2]
    assert len(re.findall(r"Stream #0:\d \(h264\) ->", mapping)) == 1
    assert len(re.findall(r"-> Stream #\d:0 \(libx264\)", mapping)) == len(specs) == 2


def test_480p_keeps_its_own_size(film_480p: Path, tmp_path: Path) -> None:
    own, small = (probe(path) for path in _make(film_480p, tmp_path))
    assert (own.width, own.height, own.frame_rate) == (854, 480, Fraction(24))
    assert (small.width, small.height, small.frame_rate) == (640, 358, Fraction(24))


def test_a_picture_held_upright_stands_upright(upright_film: Path, tmp_path: Path) -> None:
    largest = _make(upright_film, tmp_path)[0]
    seen = probe(largest)
    assert (seen.width, seen.height, seen.rotation) == (606, 1080, 0)
    with av.open(str(largest)) as film:
        picture = next(film.decode(video=0)).to_ndarray(format="gray")
    # Stored white on the left; turned a quarter to the left, that is the lower half.
    assert picture[:450].mean() < 20
    assert picture[600:].mean() > 235


def test_a_varying_rate_becomes_constant(film_of_varying_rate: Path, tmp_path: Path) -> None:
    [made] = _make(film_of_varying_rate, tmp_path)
    seen = probe(made)
    assert not seen.variable_frame_rate
    assert seen.frame_rate == 30
    assert seen.duration_ms == pytest.approx(probe(film_of_varying_rate).duration_ms, abs=100)


def test_a_film_without_sound_stays_one(film_without_sound: Path, tmp_path: Path) -> None:
    [made] = _make(film_without_sound, tmp_path)
    assert not probe(made).has_audio


def test_silence_stays_silence(silent_film: Path, tmp_path: Path) -> None:
    seen = probe(silent_film)
    assert measure_loudness(silent_film, duration_ms=seen.duration_ms) is None
    [made] = _make(silent_film, tmp_path)
    assert probe(made).audio_rate == 48_000
    assert listen(made)[0] < -60


def test_a_late_sound_stays_late(film_with_late_sound: Path, tmp_path: Path) -> None:
    made = _make(film_with_late_sound, tmp_path)[0]
    with av.open(str(made)) as film:
        blocks = [(frame.time, frame.to_ndarray()) for frame in film.decode(audio=0)]
    begins_at = next(time for time, block in blocks if np.abs(block).max() > 0.02)
    assert begins_at == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("name", ["quiet_film", "peaky_film"])
def test_loudness_is_within_one_lu_and_peaks_below_the_limit(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    source = request.getfixturevalue(name)
    made = _make(source, tmp_path)
    make_audio(source, tmp_path / "audio.m4a", probe=probe(source), loudness=_measured(source))
    for path in [*made, tmp_path / "audio.m4a"]:
        integrated, true_peak = listen(path)
        assert integrated == pytest.approx(-16, abs=1)
        assert true_peak <= -1.5


def test_sound_alone_is_a_small_m4a(starter_clip: Path, tmp_path: Path) -> None:
    target = tmp_path / "audio.m4a"
    seen = probe(starter_clip)
    make_audio(starter_clip, target, probe=seen, loudness=_measured(starter_clip))
    made = probe(target)
    assert (made.has_video, made.audio_codec, made.audio_channels) == (False, "aac", 2)
    assert made.duration_ms == pytest.approx(seen.duration_ms, abs=60)
    assert target.stat().st_size < 9_000 * seen.duration_ms / 1000
    assert _index_comes_first(target)


# What is copied


def test_sound_alone_is_copied_from_a_rendition(made_from_clip: list[Path], tmp_path: Path) -> None:
    small = made_from_clip[-1]
    make_audio(small, tmp_path / "audio.m4a", probe=probe(small), loudness=None)
    assert _packets(tmp_path / "audio.m4a", "audio") == _packets(small, "audio")


def test_a_fitting_film_is_copied_whole_with_its_index_in_front(
    fitting_film: Path, made_from_fitting: list[Path]
) -> None:
    assert not _index_comes_first(fitting_film)
    largest = made_from_fitting[0]
    assert _packets(largest, "video") == _packets(fitting_film, "video")
    assert _packets(largest, "audio") == _packets(fitting_film, "audio")
    assert _index_comes_first(largest)


def test_a_fitting_picture_is_copied_even_when_the_sound_is_not(
    starter_clip: Path, made_from_clip: list[Path]
) -> None:
    largest, small = made_from_clip
    assert _packets(largest, "video") == _packets(starter_clip, "video")
    assert (probe(largest).audio_channels, probe(largest).audio_rate) == (2, 48_000)
    assert probe(small).width == 640


def test_what_was_made_is_never_made_again(made_from_fitting: list[Path], tmp_path: Path) -> None:
    """A rendition given back as a source is copied: nothing is lost by a second upload."""
    first = made_from_fitting[-1]
    [second] = _make(first, tmp_path)
    assert _packets(second, "video") == _packets(first, "video")


def test_a_matroska_film_is_not_copied(fitting_film: Path, tmp_path: Path) -> None:
    film = make_film(tmp_path / "fitting.mkv", "-i", str(fitting_film), *COPY)
    assert not can_copy(probe(film))


# When it fails


def test_killed_in_the_middle_nothing_is_left(
    film_1080p50: Path, tmp_path: Path, ffmpeg_children: FfmpegChildren
) -> None:
    def kill(_share: float) -> None:
        for child in ffmpeg_children.of(os.getpid()):
            os.kill(child, signal.SIGKILL)

    with pytest.raises(FfmpegFailed):
        _make(film_1080p50, tmp_path, on_progress=kill)
    assert list(tmp_path.iterdir()) == []


def _make(source: Path, folder: Path, **options: object) -> list[Path]:
    seen = probe(source)
    return make_renditions(
        source,
        plan_renditions(seen),
        probe=seen,
        loudness=_measured(source),
        folder=folder,
        **options,  # type: ignore[arg-type]
    )


def _measured(source: Path) -> Loudness | None:
    seen = probe(source)
    return measure_loudness(source, duration_ms=seen.duration_ms) if seen.has_audio else None


def _loudness(integrated: float, *, peak: float) -> Loudness:
    return Loudness(integrated_lufs=integrated, true_peak_dbtp=peak)


def _packets(path: Path, kind: str) -> list[bytes]:
    with av.open(str(path)) as film:
        stream = (film.streams.video if kind == "video" else film.streams.audio)[0]
        return [bytes(packet) for packet in film.demux(stream) if packet.size]


def _index_comes_first(path: Path) -> bool:
    content = path.read_bytes()
    return 0 < content.find(b"moov") < content.find(b"mdat")
