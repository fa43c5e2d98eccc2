"""What of a lesson is read aloud, and when that is asked for."""

from typing import Any

from courses.models import LessonPage
from media.models import Narration
from media.narration.services import request_narration


def ask_for_narration(lesson: LessonPage) -> Narration | None:
    """Have the live lesson read aloud, unless that has been done; None when it says nothing."""
    return request_narration(lesson, text=lesson.text_to_read)


def narrate_published_lesson(*, instance: LessonPage, **signal: Any) -> None:
    """Receiver of Wagtail's page_published."""
    ask_for_narration(instance)
