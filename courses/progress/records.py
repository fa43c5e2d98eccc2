"""Verbs that open records, give them a number, join and forget them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from courses.progress.marking import finish_classrooms, held, merge_five_answers, merge_marks
from courses.progress.models import DrillRound, LearnerRecord, LessonMark, new_code

#: In one, and in words of SQL, since Django takes longer to write two queries than to have them
#: answered, and both are most of what a kept page costs.
WITH_MARK = """
SELECT record.*, mark.seen_parts, mark.read_at, mark.quiz_at, mark.done_at
FROM progress_learnerrecord AS record LEFT JOIN progress_lessonmark AS mark
  ON mark.record_id = COALESCE(record.joined_into_id, record.id) AND mark.lesson_id = %s
WHERE record.key = %s
"""


def record_of_code(code: str) -> LearnerRecord | None:
    """None when nobody has that number."""
    return _resolve_joined(LearnerRecord.objects.filter(code=code))


def record_of_key(key: UUID) -> LearnerRecord | None:
    """None when it was forgotten."""
    return _resolve_joined(LearnerRecord.objects.filter(key=key))


def record_with_mark(
    key: UUID, *, lesson: int | None
) -> tuple[LearnerRecord | None, LessonMark | None]:
    """As record_of_key, with what was done of that lesson, by its key: only whether each moment was
    is told. One query, and one more where the record was joined into another."""
    asked = LearnerRecord._meta.get_field("key").get_db_prep_value(key, connection)
    found: Any = next(iter(LearnerRecord.objects.raw(WITH_MARK, [lesson, asked])), None)
    if found is None or found.seen_parts is None:
        return found and (found.joined_into or found), None
    done = {name: getattr(found, name) for name in ("read_at", "quiz_at", "done_at")}
    return found.joined_into or found, LessonMark(seen_parts=found.seen_parts, **done)


def _resolve_joined(records: QuerySet[LearnerRecord]) -> LearnerRecord | None:
    """The one, or the one that it was joined into. In no order, which to say costs a fifth of a
    kept page; and few are joined."""
    record: LearnerRecord | None = next(iter(records), None)
    return record and (record.joined_into or record)


@transaction.atomic
def give_code(record: LearnerRecord) -> str:
    """Its learning number; made now if nobody has asked for one before."""
    own = held(record)
    code: str = own.code or _unused_code()
    if own.code is None:
        own.code = code
        own.save(update_fields=["code"])
    return code


def _unused_code() -> str:
    while True:
        code = new_code()
        if not LearnerRecord.objects.filter(code=code).exists():
            return code


@transaction.atomic
def keep_in_account(record: LearnerRecord, *, user: AbstractBaseUser) -> bool:
    """Make it the account's, or put it together with the one that the account has. False, and
    nothing is changed, where it is another account's."""
    get_user_model().objects.select_for_update().get(pk=user.pk)  # two screens sign in at once
    record = held(record)
    if record.user_id is not None:
        return bool(record.user_id == user.pk)
    own = LearnerRecord.objects.filter(user_id=user.pk).first()
    if own is None:
        record.user_id = user.pk
        record.save(update_fields=["user"])
    else:
        join(own, record)
    return True


@transaction.atomic
def join(record: LearnerRecord, other: LearnerRecord) -> None:
    """Put into the record whatever is in the other, which from now on leads to it. Whichever was
    further wins; nothing is lost and nothing counts twice. The other must be no account's."""
    both = LearnerRecord.objects.select_for_update().filter(pk__in=[record.pk, other.pk])
    locked = {each.pk: each for each in both.order_by("pk")}
    into, away = locked[record.pk], locked[other.pk]
    if into == away or away.joined_into_id is not None:
        return
    merge_marks(into, away)
    merge_five_answers(into, away)
    rounds = DrillRound.objects.filter(record=away)
    for each in rounds:
        known = Q(record=into, drill=each.drill_id, seed=each.seed)
        if not DrillRound.objects.filter(known).exists():
            DrillRound.objects.filter(pk=each.pk).update(record=into)
    rounds.delete()
    for finished in away.classrooms.all():
        into.classrooms.get_or_create(
            classroom_id=finished.classroom_id, defaults={"finished_at": finished.finished_at}
        )
    away.classrooms.all().delete()
    finish_classrooms(into)
    _join_the_rest(into, away)


def _join_the_rest(into: LearnerRecord, away: LearnerRecord) -> None:
    """The lesson opened last, the number, and the rows that lead to the other."""
    if _moment(away) > _moment(into):
        into.last_lesson_id, into.last_lesson_at = away.last_lesson_id, away.last_lesson_at
    into.used_on = max(into.used_on, away.used_on)
    code = away.code
    if into.code is None and code is not None:
        LearnerRecord.objects.filter(pk=away.pk).update(code=None)
        away.code, into.code = None, code
    into.save()
    away.joined.update(joined_into=into)
    away.joined_into, away.last_lesson, away.last_lesson_at = into, None, None
    away.save()


def _moment(record: LearnerRecord) -> float:
    return record.last_lesson_at.timestamp() if record.last_lesson_at else 0.0


@transaction.atomic
def forget(record: LearnerRecord) -> None:
    """All of it, its number, and whatever led to it."""
    held(record).delete()


def forget_unused(*, with_code_before: date, without_before: date) -> int:
    """Delete records of no account that were last used before these days; without a number nothing
    leads to one once the screen has dropped its cookie. Returns how many."""
    nobodys = LearnerRecord.objects.filter(user__isnull=True, joined_into__isnull=True)
    told = Q(code__isnull=False) | Q(joined__code__isnull=False)
    old = nobodys.filter(
        (told & Q(used_on__lt=with_code_before)) | (~told & Q(used_on__lt=without_before))
    )
    _all, by_kind = LearnerRecord.objects.filter(pk__in=old.values("pk")).delete()
    return by_kind.get("progress.LearnerRecord", 0)
