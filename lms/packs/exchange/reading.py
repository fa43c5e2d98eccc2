"""Takes a course pack in."""

from dataclasses import dataclass
from pathlib import Path

from lms.accounts.models import User


@dataclass(frozen=True)
class Taken:
    """How many pages there were of each."""

    new: int = 0
    changed: int = 0
    untouched: int = 0
    #: Changed here, so nothing of them was overwritten.
    kept: int = 0


def read_courses(folder: Path, *, publish: bool, by: User | None) -> Taken:
    """Take over what 数据/ says, as drafts or live at once."""
    return Taken()
