"""Verbs that write down what was done. Each may be repeated: the first time counts. `at`: when it
was done, where that is told later (lms.offline); None: now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from courses.choices import AnsweredWhen
from courses.drill import Round
from courses.progress.models import (
    WHOLE_FILM,
    DrillRound,
    FinishedClassroom,
    FiveAnswers,
    LearnerRecord,
    LessonMark,
)

#: The moments of a mark; where two marks become one, the earlier moment counts.
MOMENTS = ("read_at", "quiz_at", "practised_at", "done_at")


class MarkedLesson(Protocol):
    """What is asked of a lesson's page, which is defined above this package."""

    pk: int
    content_type_id: int

    @property
    def has_quiz(self) -> bool: ...

    def get_parent(self) -> Page: ...


def mark_read(record: LearnerRecord, *, lesson: MarkedLesson, at: datetime | None = None) -> None:
    _mark(record, lesson, "read_at", at=at)


def mark_quiz_tried(
    record: LearnerRecord, *, lesson: MarkedLesson, at: datetime | None = None
) -> None:
    _mark(record, lesson, "quiz_at", at=at)


def mark_practised(
    record: LearnerRecord, *, lesson: MarkedLesson, at: datetime | None = None
) -> None:
    _mark(record, lesson, "practised_at", at=at)


def mark_seen(
    record: LearnerRecord, *, lesson: MarkedLesson, parts: int, at: datetime | None = None
) -> None:
    """Parts of its film, a bit each; those that a film does not have are passed over."""
    _mark(record, lesson, parts=parts & WHOLE_FILM, at=at)


def note_opened(record: LearnerRecord, *, lesson: int) -> bool:
    """Note the lesson opened last, by its key. False, and nothing is written, where it is noted
    already as used today."""
    today = timezone.localdate()
    if record.last_lesson_id == lesson and record.used_on == today:
        return False
    record.last_lesson_id, record.used_on = lesson, today
    record.last_lesson_at = timezone.now()
    record.save(update_fields=["last_lesson", "last_lesson_at", "used_on"])
    return True


@transaction.atomic
def note_drill_round(record: LearnerRecord, *, drill: Page, ended: Round) -> None:
    """A round that one learner went through alone; a class's belongs to nobody."""
    if ended.whole_class or not ended.is_done:
        return
    score = ended.score
    DrillRound.objects.get_or_create(
        record=held(record),
        drill=drill,
        seed=ended.seed,
        defaults={
            "frauds_missed": score.frauds_missed,
            "genuine_refused": score.genuine_refused,
            "ended_at": timezone.now(),
        },
    )


@transaction.atomic
def note_five_answers(
    record: LearnerRecord, *, page: Page, when: AnsweredWhen, lessons: Sequence[int], known: int
) -> None:
    """How many of the five questions of a classroom or a series were known; lessons: the keys of
    those whose questions they are."""
    what = {"lessons": list(lessons), "known": known, "answered_at": timezone.now()}
    record = held(record)
    answers = FiveAnswers.objects.filter(record=record, page=page, when=when)
    if when == AnsweredWhen.AFTER and answers.update(**what):
        return
    if not answers.exists():
        FiveAnswers.objects.create(record=record, page=page, when=when, **what)


def held(record: LearnerRecord) -> LearnerRecord:
    """The record itself, or the one that it went into meanwhile, locked until the transaction
    ends."""
    found = LearnerRecord.objects.select_for_update().get(pk=record.pk)
    if found.joined_into_id is None:
        return found
    return LearnerRecord.objects.select_for_update().get(pk=found.joined_into_id)


def _mark(
    record: LearnerRecord,
    lesson: MarkedLesson,
    moment: str = "",
    *,
    parts: int = 0,
    at: datetime | None = None,
) -> None:
    known = LessonMark.objects.filter(record=record, lesson=lesson).first()
    if known and (not moment or getattr(known, moment)) and not parts & ~known.seen_parts:
        return  # read again: no lock, no writing
    if moment or parts:
        _write(record, lesson, moment, parts, at or timezone.now())


@transaction.atomic
def _write(
    record: LearnerRecord, lesson: MarkedLesson, moment: str, parts: int, now: datetime
) -> None:
    record = held(record)
    mark, _is_new = LessonMark.objects.get_or_create(record=record, lesson=lesson)
    mark.seen_parts |= parts
    if moment and getattr(mark, moment) is None:
        setattr(mark, moment, now)
    was_done = mark.done_at is not None
    mark.settle(has_quiz=lesson.has_quiz, now=now)
    mark.save()
    if mark.done_at and not was_done:
        finish_classrooms(record, lesson, now=now)


def finish_classrooms(
    record: LearnerRecord, *lessons: MarkedLesson, now: datetime | None = None
) -> None:
    """Note which classrooms of these lessons are done, each with all lessons that are in it today;
    without any named, those of all lessons that were done."""
    done = LessonMark.objects.filter(record=record, done_at__isnull=False)
    keys = set(done.values_list("lesson", flat=True))
    by_classroom = {
        lesson.get_parent(): lesson for lesson in lessons or Page.objects.filter(pk__in=keys)
    }
    for classroom, lesson in by_classroom.items():
        there = lessons_in(classroom, like=lesson)
        if there and there <= keys:
            FinishedClassroom.objects.get_or_create(
                record=record, classroom=classroom, defaults={"finished_at": now or timezone.now()}
            )


def lessons_in(classroom: Page, *, like: MarkedLesson) -> set[int]:
    """Keys of the lessons that everybody sees there: pages of the same type as `like`."""
    lessons = Page.objects.child_of(classroom).filter(content_type=like.content_type_id)
    return set(lessons.live().public().values_list("pk", flat=True))


def merge_marks(into: LearnerRecord, away: LearnerRecord) -> None:
    """Everything that was done of a lesson in either, in `into` alone."""
    now = timezone.now()
    own = {mark.lesson_id: mark for mark in LessonMark.objects.filter(record=into)}
    others = list(LessonMark.objects.filter(record=away))
    shared = own.keys() & {mark.lesson_id for mark in others}
    lessons = Page.objects.filter(pk__in=shared).specific().in_bulk()
    for mark in others:
        known = own.get(mark.lesson_id)
        if known is None:
            mark.record = into
            mark.save(update_fields=["record"])
            continue
        known.seen_parts |= mark.seen_parts
        for name in MOMENTS:
            moments = [moment for moment in (getattr(known, name), getattr(mark, name)) if moment]
            setattr(known, name, min(moments, default=None))
        known.settle(has_quiz=lessons[mark.lesson_id].has_quiz, now=now)
        known.save()
        mark.delete()


def merge_five_answers(into: LearnerRecord, away: LearnerRecord) -> None:
    """The first before and the last after, in `into` alone."""
    own = {(each.page_id, each.when): each for each in into.five_answers.all()}
    for other in away.five_answers.all():
        known = own.get((other.page_id, other.when))
        earlier = known is None or other.answered_at < known.answered_at
        if known is None or earlier == (other.when == AnsweredWhen.BEFORE):
            if known is not None:
                known.delete()
            FiveAnswers.objects.filter(pk=other.pk).update(record=into)
    away.five_answers.all().delete()
