"""Finding a lesson or a manual, from letters pressed on a remote control or typed on a phone."""

from dataclasses import dataclass

from courses.choices import Subject
from courses.models import LessonPage
from lms.manuals.queries import FoundManual, find_manuals

#: Longer than any title; what is typed after it is dropped.
LONGEST_QUERY = 30
#: No more are looked at: who sees forty types another letter.
FOUND_AT_MOST = 40


def clean_query(typed: str) -> str:
    return " ".join(typed.split())[:LONGEST_QUERY]


@dataclass(frozen=True)
class Found:
    """A lesson, a manual or a task of one."""

    title: str
    url: str
    #: Whose colour it has.
    subject: str
    #: Of which thing; empty for a lesson.
    line: str = ""


def find_all(query: str) -> list[Found]:
    """What is called so comes first, lessons before manuals; then what only speaks of it."""
    named_lessons, other_lessons = split_by_title(find_lessons(query), query)
    named_manuals, other_manuals = find_manuals(query)
    found = [
        *map(as_found, named_lessons),
        *map(manual_as_found, named_manuals),
        *map(as_found, other_lessons),
        *map(manual_as_found, other_manuals),
    ]
    return found[:FOUND_AT_MOST]


def split_by_title(
    lessons: list[LessonPage], query: str
) -> tuple[list[LessonPage], list[LessonPage]]:
    """Those whose title has what was typed, and the rest, each in its order."""
    named = [lesson for lesson in lessons if has_in_title(lesson, query)]
    return named, [lesson for lesson in lessons if lesson not in named]


def has_in_title(lesson: LessonPage, query: str) -> bool:
    typed = query.casefold()
    in_pinyin = any(word.startswith(typed) for word in lesson.pinyin.split())
    return typed in lesson.title.casefold() or in_pinyin


def as_found(lesson: LessonPage) -> Found:
    return Found(lesson.title, lesson.url, lesson.get_parent().specific.subject)


def manual_as_found(manual: FoundManual) -> Found:
    return Found(manual.title, manual.url, Subject.SMART_TECH, manual.line)


def find_lessons(query: str) -> list[LessonPage]:
    """Lessons whose title begins with or holds what was typed, in Chinese or as pinyin, then those
    that speak of it. None for a blank query. Two queries."""
    if not query:
        return []
    lessons = LessonPage.objects.live().public()
    by_title = sorted(
        lessons.autocomplete(query)[:FOUND_AT_MOST],
        key=lambda lesson: not begins_with(lesson, query),
    )
    spoken_of = lessons.search(query)[:FOUND_AT_MOST]
    return [*by_title, *(lesson for lesson in spoken_of if lesson not in by_title)][:FOUND_AT_MOST]


def begins_with(lesson: LessonPage, query: str) -> bool:
    whole_title = lesson.pinyin.split()[:2]  # as initials and as syllables
    return any(name.startswith(query.casefold()) for name in (lesson.title, *whole_title))
