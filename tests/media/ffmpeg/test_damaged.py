"""A film that is broken in the middle is encoded, which hides the place, and not copied."""

from __future__ import annotations

import random
from pathlib import Path

import av
import av.error
import pytest

from media.ffmpeg.ladder import plan_renditions
from media.ffmpeg.probe import probe
from media.ffmpeg.renditions import DamagedPicture, make_at_once, make_renditions
from tests.media.films import largest, make_film, pattern, tone

H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "main", "-pix_fmt", "yuv420p"]


def film_of(path: Path, size: str) -> Path:
    return make_film(
        path,
        *[*pattern(size, rate=25, seconds=2), *tone(seconds=2)],
        *[*H264, "-g", "25", "-c:a", "aac", "-movflags", "faststart"],
    )


def overwritten(film: Path, *, share: float) -> Path:
    """A stretch of the middle, as a worn-out memory card returns it."""
    content = bytearray(film.read_bytes())
    middle, length = len(content) // 2, max(64, int(len(content) * share))
    content[middle : middle + length] = random.Random(1).randbytes(length)
    film.write_bytes(content)
    return film


def turned_over(film: Path) -> Path:
    """One byte in each of three pictures: every length is right, only the picture is not."""
    with av.open(str(film)) as opened:
        packets = [
            (packet.pos, packet.size) for packet in opened.demux(video=0) if packet.pos is not None
        ]
    content = bytearray(film.read_bytes())
    for at, size in sorted(packets, key=lambda packet: -packet[1])[:3]:
        content[at + size // 2] ^= 0xFF
    film.write_bytes(content)
    return film


def complaints(film: Path) -> int:
    """Pictures that a strict decoder refuses."""
    refused = 0
    with av.open(str(film)) as opened:
        stream = opened.streams.video[0]
        stream.codec_context.options = {"err_detect": "explode"}
        for packet in opened.demux(stream):
            try:
                packet.decode()
            except av.error.InvalidDataError:
                refused += 1
    return refused


CROSSED = pytest.mark.thorough("each damage is found in the other size, each size by the other")


@pytest.mark.parametrize(
    ("size", "how"),
    [
        ("854x480", "a stretch"),
        ("320x180", "three bytes"),
        pytest.param("854x480", "three bytes", marks=CROSSED),
        pytest.param("320x180", "a stretch", marks=CROSSED),
    ],
    ids=lambda it: {"320x180": "alone", "854x480": "with a smaller one"}.get(it, it),
)
def test_a_damaged_middle_is_encoded_and_told(size, how, process, tmp_path):
    film = film_of(tmp_path / "film.mp4", size)
    film = overwritten(film, share=0.08) if how == "a stretch" else turned_over(film)
    assert complaints(film)
    assert plan_renditions(probe(film))[0].copy_video
    video = process(film)
    assert not complaints(largest(video))
    assert probe(largest(video)).duration_ms == pytest.approx(2000, abs=150)
    assert "有一段坏了" in video.stages.get(kind="renditions").message


@pytest.mark.parametrize("size", [
    "320x180",
    pytest.param("854x480", marks=pytest.mark.thorough("test_renditions copies one with a small")),
])  # fmt: skip
def test_a_whole_film_is_copied_and_nothing_is_told(size, process, tmp_path):
    film = film_of(tmp_path / "film.mp4", size)
    video = process(film)
    assert pictures(largest(video)) == pictures(film)
    assert video.stages.get(kind="renditions").message == ""


def test_what_is_damaged_can_be_watched_before_that_is_found_out(tmp_path):
    film = overwritten(film_of(tmp_path / "film.mp4", "320x180"), share=0.08)
    seen = probe(film)
    specs = plan_renditions(seen)
    assert make_at_once(film, specs[0], probe=seen, folder=tmp_path).exists()
    with pytest.raises(DamagedPicture):
        make_renditions(film, specs, probe=seen, loudness=None, folder=tmp_path)


def pictures(film: Path) -> list[bytes]:
    with av.open(str(film)) as opened:
        return [bytes(packet) for packet in opened.demux(video=0) if packet.size]
