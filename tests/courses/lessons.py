"""A few starter lessons, for tests that need no more."""

import json

from courses.models import ClassroomPage, HomePage, LessonPage
from courses.starter import loading
from tests.kept_rows import load_or_put_back

CURRICULUM = json.loads((loading.STARTER_DIR / "curriculum.json").read_text())


def make_lessons(number: int = 2, classroom: str = "science") -> list[LessonPage]:
    """The first lessons of a classroom, in their order; where there was no site yet, as they were
    made the first time in this run."""
    if HomePage.objects.exists():
        load_lessons(number, classroom)
    else:
        load_or_put_back(
            f"{number} lessons of {classroom}",
            lambda: load_lessons(number, classroom),
            once_a_run=True,
        )
    room = ClassroomPage.objects.get(slug=classroom)
    return list(LessonPage.objects.child_of(room).order_by("path"))


def load_lessons(number: int, classroom: str) -> None:
    home = loading.find_or_make_home("银龄学堂")
    [entry] = [each for each in CURRICULUM["classrooms"] if each["slug"] == classroom]
    room: ClassroomPage = loading.find_or_make_classroom(home, entry)
    entries = [each for each in CURRICULUM["lessons"] if each["classroom"] == classroom]
    for each in entries[:number]:
        loading.load_lesson(room, each, loading.Loaded())
