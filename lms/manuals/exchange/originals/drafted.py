"""What becomes of a file: the child process writes it as JSON, our own process reads it back."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lms.manuals.exchange.originals.items import Omission

#: Characters that the fields of a draft hold; a test compares them with the models.
MOST_TITLE, MOST_WORDS, MOST_SAID, MOST_PROBLEM, MOST_REMEDY, MOST_NAME = 60, 200, 120, 60, 200, 40
#: Of a kind in one place.
MOST_PARTS = 60


@dataclass
class DraftedStep:
    words: str
    #: From 1; 0 where the file has no pages.
    page: int = 0
    #: Name of a file in the work folder.
    picture: str | None = None
    alt: str = ""
    warning: str = ""
    expected: str = ""


@dataclass
class DraftedTask:
    title: str
    page: int = 0
    steps: list[DraftedStep] = field(default_factory=list)


@dataclass
class DraftedTrouble:
    problem: str
    remedy: str
    page: int = 0


@dataclass
class DraftedManual:
    title: str = ""
    brand: str = ""
    model: str = ""
    name: str = ""
    telephone: str = ""
    warnings: list[str] = field(default_factory=list)
    tasks: list[DraftedTask] = field(default_factory=list)
    troubles: list[DraftedTrouble] = field(default_factory=list)
    doubts: list[Omission] = field(default_factory=list)
    #: Rendered pages in the work folder, page-001.jpg and so on.
    pages: int = 0

    @property
    def steps(self) -> Iterator[DraftedStep]:
        return (step for task in self.tasks for step in task.steps)
