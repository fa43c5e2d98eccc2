"""The words of the lessons that a film belongs to, for the review of its subtitles."""

from courses.models import LessonPage
from media.models import Video


def text_beside_film(video: Video) -> str:
    return "\n".join(text_of(lesson) for lesson in LessonPage.objects.filter(video=video))


def text_of(lesson: LessonPage) -> str:
    """All that a lesson says to its learners, a piece a line."""
    pieces = [
        lesson.title,
        lesson.goal,
        *(block.value["words"] for block in lesson.steps),
        lesson.practice_text,
        lesson.fraud_line,
        lesson.offline_route,
        lesson.narration,
    ]
    for block in lesson.quizzes:
        pieces += [block.value["question"], *block.value["options"], block.value["why"]]
    return "\n".join(filter(None, pieces))
