"""Verbs that make one learner of two rows of the register, and two again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.people.merging import followers
from lms.people.models import Learner, LearnerMerge, ToldApart
from lms.people.services.errors import PersonRefused
from lms.people.services.learners import require_not_erased

#: What of the one that goes can be taken over instead of the kept one's.
PARTICULARS = ("name", "birth_year", "telephone", "unit_id")
#: How often it is begun anew because a class came to the two meanwhile.
TRIES = 5
OWN = "people"  # under which this room's own note is kept


class _MoreToHold(Exception):
    """While the learners were being locked, somebody was put into another class."""


def merge_learners(
    *,
    kept: Learner,
    gone: Learner,
    reason: str,
    merged_by: User,
    of_gone: Collection[str] = (),
) -> LearnerMerge:
    """Make the two rows one person: `kept` stands for both. `of_gone`: which PARTICULARS are taken
    from the other. Places, marks, delegates and calls follow in the same transaction; no event is
    rewritten, and the other's number goes on leading here.

    Raises PersonRefused without a reason, for one and the same, for who is erased or merged
    already, for two of whom one acts for the other, and while their rolls are being taken.
    """
    if not reason.strip():
        raise PersonRefused(_("请写明为什么合并。"))
    for _time in range(TRIES):
        try:
            with transaction.atomic():
                kept, gone = _held(kept.pk, gone.pk)
                _require_mergeable(kept, gone)
                return _merge(kept, gone, reason=reason.strip(), by=merged_by, of_gone=of_gone)
        except _MoreToHold:
            continue
    raise PersonRefused(_("这两位的班正在点名或报名，请过一会儿再合并。"))


def undo_merge(merge: LearnerMerge, *, reason: str, undone_by: User) -> None:
    """Make them two again: each has what it had, with what was changed of it since; what has come
    since then stays with the kept one. They are told apart from then on.

    Raises PersonRefused without a reason, a second time, after 30 days, before a later merge of the
    same person has been taken back, and for who has been erased since.
    """
    if not reason.strip():
        raise PersonRefused(_("请写明为什么撤销。"))
    for _time in range(TRIES):
        try:
            with transaction.atomic():
                kept, gone = _held(merge.kept_id, merge.gone_id)
                merge = LearnerMerge.objects.select_for_update().get(pk=merge.pk)
                _require_undoable(merge, kept)
                _undo(merge, kept, gone, reason=reason.strip(), by=undone_by)
                return
        except _MoreToHold:
            continue
    raise PersonRefused(_("这两位的班正在点名或报名，请过一会儿再撤销。"))


def tell_apart(one: Learner, other: Learner, *, recorded_by: User) -> None:
    """They are two people who look like one; a second time, do nothing."""
    first, second = sorted((one.pk, other.pk))
    ToldApart.objects.get_or_create(
        first_id=first, second_id=second, defaults={"recorded_by": recorded_by}
    )


def _held(kept: int, gone: int) -> tuple[Learner, Learner]:
    """Both as they stand, locked after whatever must be locked before. Raises _MoreToHold."""
    held = {}
    for follower in followers():
        if follower.rows and follower.hold:
            held[follower.name] = follower.rows(_everybody(kept, gone))
            follower.hold(held[follower.name])
    rows = Learner.objects.select_for_update().filter(pk__in=[kept, gone]).order_by("pk")
    locked = {row.pk: row for row in rows}
    for follower in followers():
        if follower.rows and follower.rows(_everybody(kept, gone)) - held[follower.name]:
            raise _MoreToHold
    return locked[kept], locked[gone]


def _everybody(*learners: int) -> list[int]:
    """These, and who has been merged into them."""
    merged = Learner.objects.filter(merged_into__in=learners)
    return [*learners, *merged.values_list("pk", flat=True)]


def _require_mergeable(kept: Learner, gone: Learner) -> None:
    if kept.pk == gone.pk:
        raise PersonRefused(_("这是同一位学员，不用合并。"))
    for learner in (kept, gone):
        require_not_erased(learner)
        if learner.merged_into_id is not None:
            raise PersonRefused(
                _("%(name)s（%(number)s）已经并到另一位学员名下，不能再合并。请刷新页面看一看。")
                % {"name": learner.name, "number": learner.number}
            )
    for learner, other in ((kept, gone), (gone, kept)):
        acts = learner.user_id and other.delegates.in_force().filter(person=learner.user_id)
        if acts and acts.exists():
            raise PersonRefused(
                _("%(name)s在替另一位代办，看来是两个人。真是同一个人，请先收回代办。")
                % {"name": learner.name}
            )


def _merge(
    kept: Learner, gone: Learner, *, reason: str, by: User, of_gone: Collection[str]
) -> LearnerMerge:
    now = timezone.now()
    own: dict[str, Any] = {
        "was": {field: getattr(kept, field) for field in PARTICULARS},
        "led": list(gone.merged_here.values_list("pk", flat=True)),
        "delegates": list(gone.delegates.values_list("pk", flat=True)),
        "user": _account_that_moves(kept, gone),
    }
    gone.delegates.update(learner=kept)
    gone.merged_here.update(merged_into=kept)
    gone.merged_into, gone.merged_at = kept, now
    if own["user"]:
        gone.user = None
    gone.save(update_fields=["merged_into", "merged_at", "user"])
    for field in PARTICULARS:
        if field in of_gone:
            setattr(kept, field, getattr(gone, field))
    if own["user"]:
        kept.user_id = own["user"]
    kept.save(update_fields=["name", "birth_year", "telephone", "unit", "user"])
    own["made"] = {field: getattr(kept, field) for field in PARTICULARS}
    notes = {OWN: own} | {each.name: each.merge(kept, gone) for each in followers()}
    return LearnerMerge.objects.create(
        kept=kept,
        gone=gone,
        kept_unit_id=own["was"]["unit_id"],
        reason=reason,
        merged_by=by,
        merged_at=now,
        notes=notes,
    )


def _account_that_moves(kept: Learner, gone: Learner) -> int | None:
    """The other's account, with what was learnt in it, where the kept one has none. Where both have
    one, each stays where it is, and both lead to the kept one."""
    return gone.user_id if kept.user_id is None else None


def _require_undoable(merge: LearnerMerge, kept: Learner) -> None:
    if merge.undone_at is not None:
        raise PersonRefused(_("这次合并已经撤销了。"))
    require_not_erased(kept)
    if not merge.is_undoable:
        raise PersonRefused(_("合并过了30天，不能再撤销。真弄错了，请把另一位重新登记。"))
    later = LearnerMerge.objects.standing().filter(pk__gt=merge.pk)
    if later.filter(kept=kept).exists() or kept.merged_into_id is not None:
        raise PersonRefused(_("这位学员后来又合并过。请先撤销后来的那一次，再撤销这一次。"))


def _undo(merge: LearnerMerge, kept: Learner, gone: Learner, *, reason: str, by: User) -> None:
    own = merge.notes[OWN]
    gone.merged_into = gone.merged_at = None
    if own["user"] and kept.user_id == own["user"]:
        kept.user_id = None
        kept.save(update_fields=["user"])  # before the other has it: one account, one learner
        gone.user_id = own["user"]
    gone.save(update_fields=["merged_into", "merged_at", "user"])
    Learner.objects.filter(pk__in=own["led"]).update(merged_into=gone)
    kept.delegates.filter(pk__in=own["delegates"]).update(learner=gone)
    for field, made in own["made"].items():  # what was put right since stays
        if getattr(kept, field) == made:
            setattr(kept, field, own["was"][field])
    kept.save(update_fields=["name", "birth_year", "telephone", "unit"])
    for follower in followers():
        follower.undo(kept, gone, merge.notes[follower.name])
    merge.undone_at, merge.undone_by, merge.undone_reason = timezone.now(), by, reason
    merge.notes = {}
    merge.save(update_fields=["undone_at", "undone_by", "undone_reason", "notes"])
    tell_apart(kept, gone, recorded_by=by)


def forget_notes(*, before: datetime) -> int:
    """Empty the notes of merges that were made before then: they can no longer be taken back, and
    hold old names and telephones. Returns how many."""
    old: Any = LearnerMerge.objects.filter(merged_at__lt=before).exclude(notes={})
    return int(old.update(notes={}))
