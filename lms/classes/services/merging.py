"""Places of two learners who are one person, and of one who is two after all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from lms.classes.choices import EnrolmentState
from lms.classes.models import ClassGroup, Enrolment
from lms.classes.services.enrolments import fill_places
from lms.people.models import Learner

MOMENTS = ("enrolled_at", "joined_at", "left_at")
FIELDS = (
    "pk", "class_group_id", "state", "door", "recorded_by_id", "delegate_id", *MOMENTS,
)  # fmt: skip
#: What a stay that was made of several has of them all.
SPANNED = ("state", *MOMENTS)
Row = dict[str, Any]


def merge_places(kept: Learner, gone: Learner) -> dict[str, Any]:
    """Give the kept one all places. Stays of both in one class that overlap become one, from the
    first day to the last; places in its queue, the earlier one. Who waits moves up into the place
    that becomes free. Returns what undo_places asks; the caller holds the classes."""
    note: dict[str, Any] = {"moved": [], "joined": []}
    rows = Enrolment.objects.filter(learner__in=[kept, gone]).order_by("pk")
    of_class: dict[int, list[Enrolment]] = defaultdict(list)
    shared = set()
    for row in rows.select_for_update():
        of_class[row.class_group_id].append(row)
    for class_group, stays in of_class.items():
        for group in spans(stays):
            if len({row.learner_id for row in group}) > 1:
                shared.add(class_group)
                note["joined"].append(_join(group, kept))
            else:
                note["moved"] += [row.pk for row in group if row.learner_id == gone.pk]
    Enrolment.objects.filter(pk__in=note["moved"]).update(learner=kept)
    note["moved_up"] = [
        waiting.pk
        for group in ClassGroup.objects.filter(pk__in=shared)
        for waiting in fill_places(group)
    ]
    return note


def classes_of(learners: Collection[int]) -> set[int]:
    """In which one of these is, waits for a place or ever did: whose verbs lock the class first."""
    there = Enrolment.objects.filter(learner__in=learners)
    return set(there.values_list("class_group", flat=True))


def hold_classes(classes: Collection[int]) -> None:
    groups = ClassGroup.objects.filter(pk__in=classes).order_by("pk")
    list(groups.select_for_update(no_key=True).values_list("pk"))


def spans(stays: Iterable[Enrolment]) -> list[list[Enrolment]]:
    """The stays in one class in groups of which each goes on without a gap; who waits for a place
    stands with who has one, or waits too."""
    groups: list[list[Enrolment]] = []
    joined = sorted((row for row in stays if row.joined_at), key=_joined)
    for row in joined:
        last = groups[-1] if groups else None
        if last and any(each.left_at is None or each.left_at >= _joined(row) for each in last):
            last.append(row)
        else:
            groups.append([row])
    waiting = [row for row in stays if row.state == EnrolmentState.WAITING]
    if waiting:
        there = [group for group in groups if any(row.left_at is None for row in group)]
        if there:
            there[0].extend(waiting)
        else:
            groups.append(waiting)
    left_queue = [row for row in stays if row.state == EnrolmentState.LEFT and not row.joined_at]
    return groups + [[row] for row in left_queue]


def _joined(row: Enrolment) -> datetime:
    assert row.joined_at is not None
    return row.joined_at


def _join(group: Sequence[Enrolment], kept: Learner) -> dict[str, Any]:
    """One stay instead of these; the kept one's latest goes on."""
    was = [_as_row(row) | {"learner_id": row.learner_id} for row in group]
    own = [row for row in group if row.learner_id == kept.pk]
    stays = max(own, key=lambda row: (row.left_at is None, row.joined_at is not None, row.pk))
    states = {row.state for row in group}
    Enrolment.objects.filter(pk__in=[row.pk for row in group if row is not stays]).delete()
    stays.state = next(state for state in _FIRST if state in states)
    stays.enrolled_at = min(row.enrolled_at for row in group)
    stays.joined_at = min((row.joined_at for row in group if row.joined_at), default=None)
    left = [row.left_at for row in group if row.left_at]
    stays.left_at = max(left) if stays.state == EnrolmentState.LEFT else None
    stays.save(update_fields=SPANNED)
    return {"was": was, "made": _as_row(stays)}


#: Who is in the class is not waiting for it, and who has either has not left.
_FIRST = (EnrolmentState.ENROLLED, EnrolmentState.WAITING, EnrolmentState.LEFT)


def _as_row(row: Enrolment) -> Row:
    """As JSON has it."""
    values = {field: getattr(row, field) for field in FIELDS}
    return {
        field: value.isoformat() if isinstance(value, datetime) else value
        for field, value in values.items()
    }


def undo_places(kept: Learner, gone: Learner, note: dict[str, Any]) -> None:
    """Each has the places that it had. One that was given up since is given up by both; what else
    was changed since stays with the kept one. So a class may hold one more than it has places."""
    kept.enrolments.filter(pk__in=note["moved"]).update(learner=gone)
    for joined in note["joined"]:
        _part(kept, joined["was"], joined["made"])


def _part(kept: Learner, was: Sequence[Row], made: Row) -> None:
    now = Enrolment.objects.select_for_update().filter(pk=made["pk"], learner=kept).first()
    given_up = now.left_at if now and made["left_at"] is None else None
    is_as_made = now is not None and all(_as_row(now)[field] == made[field] for field in SPANNED)
    for row in was:
        again = _as_enrolment(row)
        if again.pk == made["pk"]:
            if is_as_made or given_up:
                _save_again(again, given_up)
        else:
            _save_again(again, given_up)


def _save_again(row: Enrolment, given_up: datetime | None) -> None:
    if given_up and row.left_at is None:
        row.state, row.left_at = EnrolmentState.LEFT, max(given_up, row.joined_at or given_up)
    row.save()


def _as_enrolment(row: Row) -> Enrolment:
    return Enrolment(
        **row | {field: row[field] and parse_datetime(row[field]) for field in MOMENTS}
    )
