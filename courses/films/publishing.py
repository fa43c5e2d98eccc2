"""When a lesson's film is asked for: with each published version of the lesson or its practice."""

from typing import Any

from django.conf import settings

from courses.films.storyboard import storyboard_of
from courses.models import LessonPage, PracticePage
from media.films.services import forget_film, request_film
from media.models import Film, Narration


def ask_for_film(lesson: LessonPage) -> Film | None:
    """Have the live lesson made into a film, unless that has been done.

    None where it has none: it is not wanted, or nothing is read aloud.
    """
    narration = Narration.objects.filter(page_id=lesson.pk).first()
    if narration is None or not settings.LESSON_FILMS:
        return None
    if not lesson.makes_film:
        forget_film(narration)
        return None
    return request_film(narration, storyboard_of(lesson))


def ask_for_films() -> int:
    """The same for all live lessons; returns how many have a film or will have one."""
    return sum(ask_for_film(lesson) is not None for lesson in LessonPage.objects.live())


def film_published_lesson(*, instance: LessonPage, **signal: Any) -> None:
    """Receiver of Wagtail's page_published, after the one that asks for the narration."""
    ask_for_film(instance)


def film_published_practice(*, instance: PracticePage, **signal: Any) -> None:
    """Receiver of Wagtail's page_published and page_unpublished: the film shows its screens."""
    lesson = instance.get_parent().specific
    if isinstance(lesson, LessonPage) and lesson.live:
        ask_for_film(lesson)
