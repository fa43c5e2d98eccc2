"""What a page says, as plain data: by it a pack is written, and by it two states are compared."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256
from typing import Any, Final

from wagtail.models import Page

from courses.models import (
    ClassroomPage,
    CoursePage,
    CoursesLesson,
    DrillPage,
    LessonPage,
    PracticePage,
)
from media.films.storyboard import moved_borders

OF_ALL: Final = ("title", "seo_title", "search_description")
#: Of each kind, the fields that go from city to city. What editors write for each other does not.
FIELDS: Final[dict[type[Page], tuple[str, ...]]] = {
    ClassroomPage: ("subject", "short_name", "introduction"),
    LessonPage: (
        "goal",
        "drawing",
        "picture_id",
        "video_id",
        "makes_film",
        "practice_kind",
        "practice_text",
        "fraud_line",
        "offline_route",
        "narration",
        "scenarios",
    ),
    PracticePage: (),
    DrillPage: ("introduction", "items_a_round"),
    CoursePage: ("introduction", "about", "picture_id"),
}
STREAMS: Final[dict[type[Page], tuple[str, ...]]] = {
    LessonPage: ("steps", "quizzes"),
    PracticePage: ("screens",),
    DrillPage: ("items",),
}
#: Names in the values of a page that are no fields.
BORDERS, CHOSEN = "scene_borders", "chosen_lessons"


def blocks_of(page: Any, name: str) -> list[dict[str, Any]]:
    """Of a field of blocks: type, id, and the value without what Wagtail wraps lists in."""
    stream = getattr(page, name)
    return [
        {
            "type": block.block_type,
            "id": block.id or "",
            "value": unwrapped(block.block.get_prep_value(block.value)),
        }
        for block in stream
    ]


def unwrapped(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"type", "value", "id"} and value["type"] == "item":
            return unwrapped(value["value"])
        return {name: unwrapped(each) for name, each in value.items()}
    if isinstance(value, list):
        return [unwrapped(each) for each in value]
    return value


def words_without_blanks(value: Any) -> Any:
    """Without what is empty, since one version of a block says None where another says nothing."""
    if isinstance(value, dict):
        held = {name: words_without_blanks(each) for name, each in value.items()}
        return {name: each for name, each in held.items() if each not in (None, "", [], {}, False)}
    if isinstance(value, list):
        return [words_without_blanks(each) for each in value]
    return value


def digest_of(page: Any) -> str:
    """Of all that a pack can change in it: SHA-256 in hex. Blocks' ids do not count."""
    kind = type(page)
    told: dict[str, Any] = {name: getattr(page, name) for name in (*OF_ALL, *FIELDS[kind])}
    for name in STREAMS.get(kind, ()):
        told[name] = [[each["type"], each["value"]] for each in blocks_of(page, name)]
    if kind is LessonPage:
        told[BORDERS] = [asdict(border) for border in moved_borders(page.scene_borders or [])]
    if kind is CoursePage:
        told[CHOSEN] = [each.lesson_id for each in page.chosen_lessons.all()]
    text = json.dumps(words_without_blanks(told), sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def give(page: Any, values: dict[str, Any]) -> None:
    """Put values as `values.py` makes them into a page, which is not saved."""
    for name, value in values.items():
        if name in STREAMS.get(type(page), ()):
            setattr(page, name, json.dumps(value))
        elif name == CHOSEN:
            page.chosen_lessons.set(chosen(value))
        else:
            setattr(page, name, value)


def chosen(keys: Iterable[int]) -> list[CoursesLesson]:
    return [CoursesLesson(lesson_id=key, sort_order=at) for at, key in enumerate(keys)]
