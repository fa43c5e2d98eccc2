"""The picture before a film is typical, upright, and not black."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageStat

from media.ffmpeg.poster import MOST_BYTES, make_poster
from media.ffmpeg.probe import probe
from tests.media.films import X264, make_film, pattern, tone

BLACK = ["-f", "lavfi", "-i", "color=black:size=320x240:rate=10:duration=8"]


def test_it_is_a_jpeg_that_fits_a_page(film_1080p50: Path, tmp_path: Path) -> None:
    told: list[float] = []
    poster = tmp_path / "poster.jpg"
    make_poster(film_1080p50, poster, probe=probe(film_1080p50), on_progress=told.append)
    with Image.open(poster) as picture:
        assert (picture.format, picture.size) == ("JPEG", (960, 540))
    assert poster.stat().st_size <= MOST_BYTES
    assert told == [1.0]
    assert list(tmp_path.iterdir()) == [poster]


def test_it_stands_upright_and_is_not_enlarged(upright_film: Path, tmp_path: Path) -> None:
    assert _poster(upright_film, tmp_path).size == (302, 540)


def test_a_small_picture_stays_small(film_without_sound: Path, tmp_path: Path) -> None:
    assert _poster(film_without_sound, tmp_path).size == (320, 240)


def test_it_looks_beyond_a_black_beginning(tmp_path: Path) -> None:
    film = make_film(
        tmp_path / "fade.mp4",
        *BLACK,
        *pattern("320x240", rate=10, seconds=8),
        *["-filter_complex", "[0:v][1:v]concat=n=2", *X264],
    )
    assert _brightness(_poster(film, tmp_path)) > 60


def test_a_film_that_is_black_throughout_has_a_black_poster(tmp_path: Path) -> None:
    film = make_film(tmp_path / "black.mp4", *BLACK, *X264)
    assert _brightness(_poster(film, tmp_path)) < 20


def test_a_single_picture_under_a_long_talk_is_found(tmp_path: Path) -> None:
    film = make_film(
        tmp_path / "still.mp4", *pattern("320x240", rate=1, seconds=1), *tone(seconds=30), *X264
    )
    assert _brightness(_poster(film, tmp_path)) > 60


def _poster(film: Path, folder: Path) -> Image.Image:
    make_poster(film, folder / "poster.jpg", probe=probe(film))
    with Image.open(folder / "poster.jpg") as picture:
        picture.load()
        return picture


def _brightness(picture: Image.Image) -> float:
    return ImageStat.Stat(picture.convert("L")).mean[0]
