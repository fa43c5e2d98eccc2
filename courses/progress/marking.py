"""Verbs that write down what was done. Each may be repeated: the first time counts."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from courses.drill import Round
from courses.models.progress import (
    WHOLE_FILM,
    DrillRound,
    FinishedClassroom,
    LessonMark,
    Notebook,
)

#: The moments of a mark; of two the earlier one stands.
MOMENTS = ("read_at", "quiz_at", "practised_at", "done_at")


def mark_read(notebook: Notebook, *, lesson: Any) -> None:
    _mark(notebook, lesson, "read_at")


def mark_quiz_tried(notebook: Notebook, *, lesson: Any) -> None:
    _mark(notebook, lesson, "quiz_at")


def mark_practised(notebook: Notebook, *, lesson: Any) -> None:
    _mark(notebook, lesson, "practised_at")


def mark_seen(notebook: Notebook, *, lesson: Any, parts: int) -> None:
    """Parts of its film, a bit each; those that a film does not have are passed over."""
    _mark(notebook, lesson, parts=parts & WHOLE_FILM)


def note_opened(notebook: Notebook, *, lesson: Any) -> bool:
    """Where the learner is now. False where that was known, and today's use too: one write a day
    for who stays at a lesson."""
    today = timezone.localdate()
    if notebook.last_lesson_id == lesson.pk and notebook.used_on == today:
        return False
    notebook.last_lesson_id, notebook.used_on = lesson.pk, today
    notebook.last_lesson_at = timezone.now()
    notebook.save(update_fields=["last_lesson", "last_lesson_at", "used_on"])
    return True


@transaction.atomic
def note_drill_round(notebook: Notebook, *, drill: Any, ended: Round) -> None:
    """A round that one learner went through alone; a class's belongs to nobody."""
    if ended.whole_class or not ended.is_done:
        return
    score = ended.score
    DrillRound.objects.get_or_create(
        notebook=held(notebook),
        drill=drill,
        seed=ended.seed,
        defaults={
            "frauds_missed": score.frauds_missed,
            "genuine_refused": score.genuine_refused,
            "ended_at": timezone.now(),
        },
    )


def held(notebook: Notebook) -> Notebook:
    """The notebook itself, or the one that it went into meanwhile, locked until the transaction
    ends."""
    found = Notebook.objects.select_for_update().get(pk=notebook.pk)
    if found.joined_into_id is None:
        return found
    return Notebook.objects.select_for_update().get(pk=found.joined_into_id)


def _mark(notebook: Notebook, lesson: Any, moment: str = "", *, parts: int = 0) -> None:
    known = LessonMark.objects.filter(notebook=notebook, lesson=lesson).first()
    if known and (not moment or getattr(known, moment)) and not parts & ~known.seen_parts:
        return  # read again: no lock, no writing
    if moment or parts:
        _write(notebook, lesson, moment, parts)


@transaction.atomic
def _write(notebook: Notebook, lesson: Any, moment: str, parts: int) -> None:
    notebook, now = held(notebook), timezone.now()
    mark, _is_new = LessonMark.objects.get_or_create(notebook=notebook, lesson=lesson)
    mark.seen_parts |= parts
    if moment and getattr(mark, moment) is None:
        setattr(mark, moment, now)
    was_done = mark.done_at is not None
    mark.settle(has_quiz=bool(lesson.quizzes), now=now)
    mark.save()
    if mark.done_at and not was_done:
        finish_classrooms(notebook, lesson.get_parent(), now=now)


def finish_classrooms(notebook: Notebook, *classrooms: Page, now: datetime | None = None) -> None:
    """Note which of these are done, each with all lessons that are in it today; without any named,
    those of all lessons that were done."""
    done = LessonMark.objects.filter(notebook=notebook, done_at__isnull=False)
    keys = set(done.values_list("lesson", flat=True))
    rooms = classrooms or {lesson.get_parent() for lesson in Page.objects.filter(pk__in=keys)}
    for room in rooms:
        lessons = lessons_in(room)
        if lessons and lessons <= keys:
            FinishedClassroom.objects.get_or_create(
                notebook=notebook,
                classroom_id=room.pk,
                defaults={"finished_at": now or timezone.now()},
            )


def lessons_in(classroom: Page) -> set[int]:
    """Keys of the lessons that everybody sees there."""
    from courses.models import LessonPage

    lessons = LessonPage.objects.child_of(classroom).live().public()
    return set(lessons.values_list("pk", flat=True))


def merge_marks(into: Notebook, away: Notebook) -> None:
    """Everything that was done of a lesson in either, in `into` alone."""
    now = timezone.now()
    own = {mark.lesson_id: mark for mark in LessonMark.objects.filter(notebook=into)}
    for mark in LessonMark.objects.filter(notebook=away).select_related("lesson"):
        known = own.get(mark.lesson_id)
        if known is None:
            mark.notebook = into
            mark.save(update_fields=["notebook"])
            continue
        known.seen_parts |= mark.seen_parts
        for name in MOMENTS:
            moments = [moment for moment in (getattr(known, name), getattr(mark, name)) if moment]
            setattr(known, name, min(moments, default=None))
        known.settle(has_quiz=bool(mark.lesson.quizzes), now=now)
        known.save()
        mark.delete()
