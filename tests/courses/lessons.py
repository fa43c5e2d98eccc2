"""A few starter lessons, for tests that need no more."""

import json

from courses.models import ClassroomPage, LessonPage
from courses.starter import loading

CURRICULUM = json.loads((loading.STARTER_DIR / "curriculum.json").read_text())


def make_lessons(number: int = 2, classroom: str = "science") -> list[LessonPage]:
    """The first lessons of a classroom, in their order."""
    home = loading.find_or_make_home("银龄学堂")
    [entry] = [each for each in CURRICULUM["classrooms"] if each["slug"] == classroom]
    room: ClassroomPage = loading.find_or_make_classroom(home, entry)
    entries = [each for each in CURRICULUM["lessons"] if each["classroom"] == classroom]
    for each in entries[:number]:
        loading.load_lesson(room, each, loading.Loaded())
    return list(LessonPage.objects.child_of(room).order_by("path"))
