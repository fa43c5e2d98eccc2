"""A passage shows each picture at its tick, in every size; of one that failed nothing is left."""

from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from media.films.layout import HEIGHT, WIDTH
from media.films.passages import SPECS, STILL_TICKS, encode_passage
from media.films.timeline import TICK_MS

#: As of a scene with a finger: the cut, a still, what moves, the end.
STANDS = [1, 1, 1, 11, *[1] * 13, 2]
#: One that moves for eight seconds, and then stands still for twenty-five.
LONG = [*[1] * 104, 310]


def grey(level: int) -> Image.Image:
    return Image.new("RGB", (WIDTH, HEIGHT), (level,) * 3)


def targets_in(folder: Path) -> list[Path]:
    return [folder / spec.file_name for spec in SPECS]


@pytest.mark.parametrize("stands", [STANDS, LONG], ids=["short", "long"])
def test_each_picture_is_shown_from_its_tick_to_the_next_ones(tmp_path, stands):
    levels = [40 + 10 * (number % 18) for number in range(len(stands))]
    wanted = np.repeat(levels, stands)
    shown = [(partial(grey, level), ticks) for level, ticks in zip(levels, stands, strict=True)]
    encode_passage(shown, targets_in(tmp_path))
    for target in targets_in(tmp_path):
        with av.open(str(target)) as opened:
            [picture] = opened.streams.video
            assert round(picture.duration * picture.time_base * 1000) == len(wanted) * TICK_MS
            seen = {
                round(frame.time * 1000 / TICK_MS): frame.to_ndarray(format="gray").mean()
                for frame in opened.decode(picture)
            }
        assert all(abs(level - wanted[tick]) < 4 for tick, level in seen.items()), target
        assert {*np.cumsum([0, *stands[:-1]])} <= seen.keys()
        assert max(np.diff([*seen, len(wanted)])) <= STILL_TICKS


def test_of_one_that_cannot_be_drawn_nothing_is_left(tmp_path):
    def broken() -> Image.Image:
        raise OSError("no such picture")

    with pytest.raises(OSError, match="no such picture"):
        encode_passage([(partial(grey, 90), 2), (broken, 2)], targets_in(tmp_path))
    assert not [*tmp_path.iterdir()]
