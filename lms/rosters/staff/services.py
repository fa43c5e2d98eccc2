"""Verbs that write lists of staff: keep one to be looked at, import it, take it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.accounts.services import TelephoneTaken, make_accounts
from lms.people.choices import RoleAct
from lms.people.models import RoleAssignment, RoleEvent
from lms.rosters.choices import STAFF_TO_APPOINT, RosterState, StaffStaysBecause, StaffVerdict
from lms.rosters.learners.queries import batches
from lms.rosters.learners.services import FILE_NAME_MOST, RosterRefused
from lms.rosters.models import LEFT_OUT_FOR, StaffEntry, StaffImport
from lms.rosters.staff.matching import match_staff
from lms.rosters.staff.reading import StaffRow
from lms.units.models import Unit

REASON_MOST = 80


@transaction.atomic
def preview_staff(
    rows: list[StaffRow], notes: list[str], *, file_name: str, uploaded_by: User
) -> StaffImport:
    """Keep a list with what importing it would do; nobody is appointed yet. Throws away what
    others left lying too long."""
    sweep_staff_lists()
    match_staff(rows, user=uploaded_by)
    return StaffImport.objects.create(
        file_name=file_name[-FILE_NAME_MOST:],
        notes=notes,
        rows=[row.as_json() for row in rows],
        uploaded_by=uploaded_by,
    )


def sweep_staff_lists() -> int:
    """As sweep_lists, of lists of staff."""
    _all, kinds = StaffImport.objects.expired().delete()
    old = StaffImport.objects.filter(confirmed_at__lt=timezone.now() - LEFT_OUT_FOR)
    return old.exclude(rows=[]).update(rows=[]) + kinds.get("rosters.StaffImport", 0)


def staff_rows_of(roster: StaffImport) -> list[StaffRow]:
    return [StaffRow.from_json(row) for row in roster.rows]


def drop_staff(roster: StaffImport) -> None:
    """Throw a list away that was only looked at."""
    StaffImport.objects.filter(pk=roster.pk, state=RosterState.PREVIEW).delete()


def _locked(roster: StaffImport, state: RosterState, otherwise: str) -> StaffImport:
    """Whoever sends the same thing twice waits here."""
    locked = StaffImport.objects.select_for_update().filter(pk=roster.pk).first()
    if locked is None:
        raise RosterRefused(_("这份名单已经不在了，请重新上传。"))
    if locked.state != state:
        raise RosterRefused(otherwise)
    return locked


# --- Importing --------------------------------------------------------------------------------


@transaction.atomic
def confirm_staff(roster: StaffImport, *, confirmed_by: User) -> int:
    """Do what the preview showed, and return 0. Where that would be something else by now, do
    nothing, keep the new preview with the rows marked that changed, and return how many did.

    Raises RosterRefused when it is imported already, or there is nothing to do.
    """
    done = _("这份名单已经导入过了，没有再导入一遍。")
    roster = _locked(roster, RosterState.PREVIEW, done)
    rows = staff_rows_of(roster)
    # Two lists come one after the other.
    units = {row.unit for row in rows if row.unit is not None}
    for batch in batches(sorted(units)):
        list(Unit.objects.select_for_update().filter(pk__in=batch).order_by("pk"))
    if changed := _judge_again(rows, user=confirmed_by):
        roster.rows = [row.as_json() for row in rows]
        roster.save(update_fields=["rows"])
        return changed
    if not any(row.verdict in STAFF_TO_APPOINT for row in rows):
        raise RosterRefused(_("没有可以导入的行。"))
    _import(roster, rows, confirmed_by=confirmed_by)
    return 0


def _judge_again(rows: Sequence[StaffRow], *, user: User) -> int:
    """Returns how many rows are not what they were; these are marked."""
    before = {row.line: (row.verdict, row.unit, row.person, row.twin) for row in rows}
    match_staff(rows, user=user)
    for row in rows:
        row.changed = before[row.line] != (row.verdict, row.unit, row.person, row.twin)
    return sum(row.changed for row in rows)


def _import(roster: StaffImport, rows: Sequence[StaffRow], *, confirmed_by: User) -> None:
    going = [row for row in rows if row.verdict in STAFF_TO_APPOINT]
    people = _people_of(going)
    today = timezone.localdate()
    made = RoleAssignment.objects.bulk_create(
        [
            RoleAssignment(
                person=people[row.whose], role=row.role, unit_id=row.unit, from_date=today
            )
            for row in going
            if row.unit is not None  # as it is in every row that is not bad
        ],
        batch_size=500,
    )
    reason = (_("用表格导入：%(file)s") % {"file": roster.file_name})[:REASON_MOST]
    RoleEvent.objects.bulk_create(
        [
            RoleEvent(
                person=assignment.person,
                act=RoleAct.APPOINTED,
                role=assignment.role,
                unit_id=assignment.unit_id,
                on=today,
                made_account=row.verdict == StaffVerdict.NEW,
                reason=reason,
                recorded_by=confirmed_by,
            )
            for row, assignment in zip(going, made, strict=True)
        ],
        batch_size=500,
    )
    StaffEntry.objects.bulk_create(
        [
            StaffEntry(
                roster=roster,
                assignment=assignment,
                line=row.line,
                made_account=row.verdict == StaffVerdict.NEW,
            )
            for row, assignment in zip(going, made, strict=True)
        ],
        batch_size=500,
    )
    roster.state, roster.confirmed_at = RosterState.DONE, timezone.now()
    roster.rows = [row.as_json() for row in rows if row.verdict == StaffVerdict.BAD]
    roster.save()


def _people_of(going: Sequence[StaffRow]) -> dict[str, User]:
    """The account of each, made where there is none, by StaffRow.whose."""
    new = [row for row in going if row.verdict == StaffVerdict.NEW]
    try:
        made = make_accounts([(row.name, row.telephone) for row in new])
    except TelephoneTaken as reason:
        raise RosterRefused(str(reason)) from None
    people = {row.whose: user for row, user in zip(new, made, strict=True)}
    known = {row.person: row for row in going if row.person is not None}
    for batch in batches(sorted(known)):
        for user in User.objects.filter(pk__in=batch):
            if not user.get_full_name():
                user.first_name = known[user.pk].name
                user.save(update_fields=["first_name"])
            people[known[user.pk].whose] = user
    return people


# --- Undoing ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class StaffUndone:
    ended: int
    stays: int  # who has signed in, or whose role was changed since


@transaction.atomic
def undo_staff(roster: StaffImport, *, undone_by: User) -> StaffUndone:
    """Take a whole import back: the roles end, and accounts that were made for them are closed.
    Who has signed in since, whose role has been changed, or over whom `undone_by` is no officer any
    more, stays, and the entry says why. Raises RosterRefused when it is undone already."""
    roster = _locked(roster, RosterState.DONE, _("这次导入已经撤销了。"))
    entries = list(roster.entries.select_related("assignment__person", "assignment__unit"))
    today = timezone.localdate()
    mine = set(
        roster.entries.filter(
            assignment__in=RoleAssignment.objects.changeable_by(undone_by)
        ).values_list("pk", flat=True)
    )
    going = []
    for entry in entries:
        if entry.assignment.until_date is not None or entry.pk not in mine:
            entry.stays_because = StaffStaysBecause.CHANGED
        elif entry.made_account and entry.assignment.person.last_login is not None:
            entry.stays_because = StaffStaysBecause.SIGNED_IN
        else:
            going.append(entry)
    reason = (_("撤销导入：%(file)s") % {"file": roster.file_name})[:REASON_MOST]
    for batch in batches(entry.assignment_id for entry in going):
        RoleAssignment.objects.filter(pk__in=batch).update(until_date=today)
    RoleEvent.objects.bulk_create(
        [
            RoleEvent(
                person=entry.assignment.person,
                act=RoleAct.ENDED,
                role=entry.assignment.role,
                unit=entry.assignment.unit,
                on=today,
                reason=reason,
                recorded_by=undone_by,
            )
            for entry in going
        ],
        batch_size=500,
    )
    _close_accounts([entry.assignment.person_id for entry in going if entry.made_account])
    for batch in batches(entry.pk for entry in going):
        StaffEntry.objects.filter(pk__in=batch).delete()
    stays = [entry for entry in entries if entry.stays_because]
    StaffEntry.objects.bulk_update(stays, ["stays_because"], batch_size=100)
    roster.state, roster.undone_at = RosterState.UNDONE, timezone.now()
    roster.save(update_fields=["state", "undone_at"])
    return StaffUndone(len(going), len(stays))


def _close_accounts(people: Sequence[int]) -> None:
    """Of accounts without a telephone nothing finds them again, and nobody has signed in. A
    telephone finds its account when the list is sent again."""
    for batch in batches(people):
        working = RoleAssignment.objects.not_over().filter(person__in=batch).values("person")
        idle = User.objects.filter(pk__in=batch, telephone="").exclude(pk__in=working)
        idle.update(is_active=False)
