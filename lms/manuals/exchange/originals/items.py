"""What a file holds, in the order in which it is read, whatever kind of file it was.

Plain data: the child process writes it, nothing here knows Django.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass
class Shot:
    """A picture: its file in the work folder, the page it stands on (from 1), and what the file
    itself says of it, empty when nothing."""

    file: str
    page: int
    alt: str = ""


@dataclass
class Passage:
    """A paragraph, a heading or an item of a list."""

    text: str
    page: int
    #: As the file's styles or its letters' size tell it, 1 the highest; None: no heading.
    level: int | None = None
    #: "number" or "bullet" where the file itself makes a list of it; the text has no sign then.
    listed: str = ""
    #: Wholly in bold.
    strong: bool = False
    #: Number of the frame that it stands in; None: in none.
    box: int | None = None
    #: What stands beside it, so that it belongs to nothing else.
    shots: list[Shot] = field(default_factory=list)


@dataclass
class GridCell:
    passages: list[str] = field(default_factory=list)
    shots: list[Shot] = field(default_factory=list)
    #: Where the table goes over pages, its own; 0: the table's.
    page: int = 0

    @property
    def text(self) -> str:
        return " ".join(self.passages).strip()


@dataclass
class Grid:
    """A table."""

    rows: list[list[GridCell]]
    page: int


Item: TypeAlias = Passage | Shot | Grid


@dataclass(frozen=True)
class Omission:
    """Something that was left out or may be wrong, for a person to look at: a name of
    lms.manuals.exchange.originals.wording.DOUBTS, the page (0: the whole file), some words."""

    name: str
    page: int = 0
    words: str = ""


@dataclass
class Contents:
    """What a reader found in a file."""

    items: list[Item] = field(default_factory=list)
    doubts: list[Omission] = field(default_factory=list)
    #: The file's own title, empty when it says none.
    title: str = ""


class FileRefused(Exception):
    """A file that cannot be read: a name of wording.REFUSALS, and what stands in its sentence."""

    def __init__(self, name: str, **said: Any) -> None:
        super().__init__(name)
        self.name, self.said = name, said


def shots_of(items: list[Item]) -> Iterator[Shot]:
    """All pictures, wherever they stand."""
    for item in items:
        if isinstance(item, Shot):
            yield item
        elif isinstance(item, Passage):
            yield from item.shots
        else:
            for row in item.rows:
                for cell in row:
                    yield from cell.shots
