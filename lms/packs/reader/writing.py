"""打开.html and what it shows."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from courses.models import LessonPage
from lms.manuals.models import Manual


def write_reader(
    folder: Path,
    lessons: Sequence[LessonPage],
    *,
    films: Mapping[int, str],
    manuals: Sequence[Manual],
) -> None:
    """Write 打开.html and 网页/ into ``folder``. ``films``: by the lesson's key, the film's path
    relative to it. The same content gives the same bytes."""
