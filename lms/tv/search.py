"""Finding a lesson, from letters pressed on a remote control or words typed on a phone."""

from courses.models import LessonPage

#: Longer than any title; what is typed after it is dropped.
LONGEST_QUERY = 30
#: No more are looked at: who sees forty types another letter.
FOUND_AT_MOST = 40


def clean_query(typed: str) -> str:
    return " ".join(typed.split())[:LONGEST_QUERY]


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
