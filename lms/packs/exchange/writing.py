"""数据/: lessons and manuals as another city takes them in."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from courses.models import LessonPage
from lms.manuals.models import Manual


def write_courses(
    folder: Path,
    lessons: Sequence[LessonPage],
    *,
    manuals: Sequence[Manual],
    films: Mapping[int, str],
) -> None:
    """Write 数据/ into ``folder``; films that are in the pack are named by their path in it."""
