"""Which picture of a file is the film, and whether it is interlaced: judged all over it."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from media.ffmpeg.ladder import plan_renditions
from media.ffmpeg.poster import make_poster
from media.ffmpeg.probe import probe
from media.ffmpeg.renditions import make_renditions
from tests.media.films import X264, make_film, pattern, tone

FILM = pattern("320x180", rate=25, seconds=3)
THUMBNAIL = pattern("640x360", rate=1, seconds=1)
FIELDS = ["-flags", "+ildct+ilme", "-x264-params", "interlaced=1"]


def pictures_of(film: Path) -> int:
    with av.open(str(film)) as opened:
        return sum(1 for _frame in opened.decode(video=0))


@pytest.mark.parametrize("kind", ["mp4", "mkv"])
def test_a_thumbnail_before_the_film_is_not_the_film(kind, tmp_path):
    film = make_film(
        tmp_path / f"thumbnail.{kind}",
        *[*FILM, *THUMBNAIL, *tone(seconds=3), "-map", "1:v", "-map", "0:v", "-map", "2:a"],
        *["-c:v:0", "mjpeg", "-c:v:1", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"],
    )
    seen = probe(film)
    assert (seen.picture_track, seen.width, seen.height) == (1, 320, 180)
    [made] = make_renditions(
        film, plan_renditions(seen), probe=seen, loudness=None, folder=tmp_path
    )
    assert pictures_of(made) == 75
    make_poster(film, tmp_path / "poster.jpg", probe=seen)
    with av.open(str(tmp_path / "poster.jpg")) as poster:
        assert next(poster.decode(video=0)).width == 320


def test_drawings_of_chapters_beside_the_film_are_not_the_film(tmp_path):
    drawings = pattern("640x360", rate=1, seconds=3)
    film = make_film(
        tmp_path / "podcast.mp4",
        *[*FILM, *drawings, "-map", "1:v", "-map", "0:v", *X264, "-disposition:v:0", "default"],
    )
    assert probe(film).picture_track == 1


def test_of_two_cameras_that_both_move_the_default_one_is_taken(tmp_path):
    film = make_film(
        tmp_path / "two.mkv",
        *[*FILM, *pattern("640x360", rate=25, seconds=3), "-map", "0:v", "-map", "1:v", *X264],
        *["-disposition:v:0", "0", "-disposition:v:1", "default"],
    )
    assert probe(film).picture_track == 1


def test_a_short_second_picture_is_not_the_film(tmp_path):
    """A trailer of a second, larger than the film of three."""
    trailer = pattern("640x360", rate=25, seconds=1)
    film = make_film(
        tmp_path / "trailer.mkv",
        *[*trailer, *FILM, "-map", "0:v", "-map", "1:v", *X264, "-g", "12"],
    )
    assert probe(film).picture_track == 1


def two_parts(tmp_path: Path, first: list[str], second: list[str]) -> Path:
    source = pattern("320x192", rate=50, seconds=3)
    names = []
    for name, options in (("a.mkv", first), ("b.mkv", second)):
        make_film(tmp_path / name, *source, *options, *X264, "-g", "12")
        names.append(f"file {name}\n")
    (tmp_path / "list.txt").write_text("".join(names))
    return make_film(
        tmp_path / "film.mkv", "-f", "concat", "-i", str(tmp_path / "list.txt"), "-c", "copy"
    )


PROGRESSIVE = ["-vf", "fps=25"]
INTERLACED = ["-vf", "tinterlace=interleave_top", *FIELDS]


@pytest.mark.parametrize(
    ("first", "second", "interlaced"),
    [
        (PROGRESSIVE, INTERLACED, True),
        (INTERLACED, PROGRESSIVE, True),
        (PROGRESSIVE, PROGRESSIVE, False),
    ],
    ids=["title then film", "film then credits", "never"],
)
def test_interlace_is_seen_wherever_it_is(first, second, interlaced, tmp_path):
    assert probe(two_parts(tmp_path, first, second)).interlaced is interlaced


def test_combs_behind_a_title_are_gone_and_the_title_is_whole(tmp_path):
    film = two_parts(tmp_path, PROGRESSIVE, INTERLACED)
    seen = probe(film)
    made = make_renditions(film, plan_renditions(seen), probe=seen, loudness=None, folder=tmp_path)
    with av.open(str(film)) as opened:
        before = [combs(frame) for frame in opened.decode(video=0)]
    with av.open(str(made[0])) as opened:
        after = [combs(frame) for frame in opened.decode(video=0)]
    title, behind = before[10], max(before[80:])
    assert behind > 2 * title
    assert max(after) < 1.5 * title


def combs(frame: av.VideoFrame) -> float:
    """How much lines differ from both their neighbours, which alternate fields do."""
    grey = frame.to_ndarray(format="gray").astype(int)
    above, line, below = grey[:-2], grey[1:-1], grey[2:]
    return float((((line - above) * (line - below)) > 400).mean())
