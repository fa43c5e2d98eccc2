"""The drawings of this house: things, places and gestures of the lessons, all of one hand.

They lie in courses/starter/pictures, a file each: name → file, title. The rules of the hand are
those of tests/courses/test_drawings.py; `bin/picture-sheet` puts all of them side by side.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.safestring import SafeString, mark_safe

FOLDER: Final = Path(__file__).parent / "starter/pictures"
TITLE = re.compile(r"<title>(.*?)</title>\n?")


@dataclass(frozen=True)
class Drawing:
    name: str
    title: str  # what it shows, in Chinese: its alt text where no words stand beside it
    svg: str  # the whole file

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.svg"

    @property
    def beside_words(self) -> SafeString:
        """For within a page, where the words beside it say what it shows: nothing is read out."""
        svg = TITLE.sub("", self.svg).replace("<svg ", '<svg aria-hidden="true" ', 1)
        return mark_safe(svg)  # noqa: S308 - a file of our own


@dataclass(frozen=True)
class DrawingSet:
    """Drawings that editors look for together."""

    title: str
    drawings: tuple[Drawing, ...]


@cache
def drawing_sets() -> tuple[DrawingSet, ...]:
    entries = json.loads((FOLDER / "sets.json").read_text())
    return tuple(
        DrawingSet(entry["title"], tuple(_read(name) for name in entry["drawings"]))
        for entry in entries
    )


@cache
def drawings() -> dict[str, Drawing]:
    """By their names, in the order of their sets."""
    return {each.name: each for group in drawing_sets() for each in group.drawings}


def drawing(name: str) -> Drawing | None:
    """None for an empty name, and for one that this version of the set does not have."""
    return drawings().get(name)


def _read(name: str) -> Drawing:
    svg = (FOLDER / f"{name}.svg").read_text()
    found = TITLE.search(svg)
    return Drawing(name=name, title=found[1] if found else "", svg=svg)
