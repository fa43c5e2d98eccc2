"""Verbs that write lists of learners: keep one to be looked at, import it, take it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.attendance.models import AttendanceEvent
from lms.classes.choices import Door, EnrolmentState
from lms.classes.models import ClassGroup, Enrolment
from lms.classes.services.enrolments import enrol_many, fill_places
from lms.people.models import Learner
from lms.people.services.learners import Newcomer, register_learners
from lms.rosters.choices import RosterState, RosterVerdict, StaysBecause
from lms.rosters.learners.matching import match_rows
from lms.rosters.learners.queries import ImportPlan, batches, places_left, plan_of
from lms.rosters.learners.reading import OTHER, Roster, RosterRow, allowed_choices
from lms.rosters.models import LEFT_OUT_FOR, RosterEntry, RosterImport
from lms.units.models import Unit

FILE_NAME_MOST = 120


class RosterRefused(Exception):
    """What cannot be done with a list any more; the text says why and what to do."""


@transaction.atomic
def preview_roster(
    roster: Roster,
    *,
    unit: Unit,
    class_group: ClassGroup | None,
    file_name: str,
    uploaded_by: User,
) -> RosterImport:
    """Keep a list with what importing it would do; nobody is registered yet. `class_group` None:
    its learners are put into no class. Throws away what others left lying too long."""
    sweep_lists()
    match_rows(roster.rows, unit=unit, class_group=class_group, user=uploaded_by)
    return RosterImport.objects.create(
        unit=unit,
        class_group=class_group,
        file_name=file_name[-FILE_NAME_MOST:],
        notes=roster.notes,
        rows=[row.as_json() for row in roster.rows],
        places=places_left(class_group),
        uploaded_by=uploaded_by,
    )


def sweep_lists() -> int:
    """Throw previews away that nobody confirmed in time, and rows that nobody fetched; returns how
    many lists."""
    _all, kinds = RosterImport.objects.expired().delete()
    old = RosterImport.objects.filter(confirmed_at__lt=timezone.now() - LEFT_OUT_FOR)
    return old.exclude(rows=[]).update(rows=[]) + kinds.get("rosters.RosterImport", 0)


def rows_of(roster: RosterImport) -> list[RosterRow]:
    return [RosterRow.from_json(row) for row in roster.rows]


@transaction.atomic
def answer_rows(roster: RosterImport, answers: Mapping[int, str]) -> RosterImport:
    """Keep what a person says of rows, by line; an answer that does not fit its row is none.
    Raises RosterRefused once the list is imported."""
    roster = _locked(roster)
    rows = rows_of(roster)
    for row in rows:
        if row.line in answers:
            choice = answers[row.line]
            row.choice = choice if choice in allowed_choices(row) else ""
    return _keep(roster, rows)


@transaction.atomic
def answer_the_rest(roster: RosterImport, *, same: bool) -> RosterImport:
    """Answer every row that may be somebody registered and is not answered yet: it is that person,
    where only one comes into question, or it is somebody else."""
    roster = _locked(roster)
    rows = rows_of(roster)
    for row in rows:
        if row.verdict == RosterVerdict.MAYBE and not row.choice:
            if not same:
                row.choice = OTHER
            elif len(row.candidates) == 1:
                row.choice = allowed_choices(row)[0]
    return _keep(roster, rows)


def _keep(roster: RosterImport, rows: Sequence[RosterRow]) -> RosterImport:
    roster.rows = [row.as_json() for row in rows]
    roster.save(update_fields=["rows", "places"])
    return roster


def _locked(roster: RosterImport) -> RosterImport:
    """Whoever sends the same thing twice waits here."""
    locked = RosterImport.objects.select_for_update().filter(pk=roster.pk).first()
    if locked is None:
        raise RosterRefused(_("这份名单已经不在了，请重新上传。"))
    if locked.state != RosterState.PREVIEW:
        raise RosterRefused(_("这份名单已经导入过了，没有再导入一遍。"))
    return locked


def drop_roster(roster: RosterImport) -> None:
    """Throw a list away that was only looked at."""
    RosterImport.objects.filter(pk=roster.pk, state=RosterState.PREVIEW).delete()


# --- Importing --------------------------------------------------------------------------------


@transaction.atomic
def confirm_roster(roster: RosterImport, *, confirmed_by: User) -> int:
    """Do what the preview showed, and return 0. Where that would be something else by now, since
    somebody registered one of them meanwhile or the class filled up, do nothing, keep the new
    preview with the rows marked that changed, and return how many did (1 for places alone).

    Raises RosterRefused when it is imported already, or there is nothing to do.
    """
    roster = _locked(roster)
    rows = rows_of(roster)
    class_group = roster.class_group
    # Two lists for one village, or one class, come one after the other.
    units = {row.unit for row in rows if row.unit is not None} | {roster.unit_id}
    list(Unit.objects.select_for_update().filter(pk__in=units).order_by("pk"))
    if class_group is not None:
        class_group = ClassGroup.objects.select_for_update().get(pk=class_group.pk)
    waiting_shown = plan_of(rows, class_group).waiting(roster.places)
    changed = _judge_again(rows, roster=roster, user=confirmed_by)
    roster.places = places_left(class_group)
    plan = plan_of(rows, class_group)
    if changed or plan.waiting(roster.places) != waiting_shown:
        _keep(roster, rows)
        return changed or 1
    if not plan.does_something:
        raise RosterRefused(_("没有可以导入的行。"))
    _import(roster, plan, class_group=class_group, confirmed_by=confirmed_by)
    return 0


def _judge_again(rows: Sequence[RosterRow], *, roster: RosterImport, user: User) -> int:
    """Returns how many rows are not what they were; these are marked."""
    before = {row.line: (row.verdict, list(row.candidates), row.twin, row.unit) for row in rows}
    match_rows(rows, unit=roster.unit, class_group=roster.class_group, user=user)
    changed = 0
    for row in rows:
        row.changed = before[row.line] != (row.verdict, row.candidates, row.twin, row.unit)
        changed += row.changed
    return changed


def _import(
    roster: RosterImport, plan: ImportPlan, *, class_group: ClassGroup | None, confirmed_by: User
) -> None:
    registered = _register(plan)
    by_line = registered | _known(plan)
    enrolments: list[Enrolment] = []
    if class_group is not None:
        in_order = [by_line[line] for line in sorted(by_line)]
        door = Door.SPREADSHEET
        enrolments = enrol_many(in_order, class_group, door=door, recorded_by=confirmed_by)
    enrolled = {enrolment.learner_id for enrolment in enrolments}
    RosterEntry.objects.bulk_create(
        RosterEntry(
            roster=roster,
            learner=learner,
            line=line,
            registered=line in registered,
            enrolled=learner.pk in enrolled,
            digest=digest_of(learner) if line in registered else "",
        )
        for line, learner in sorted(by_line.items())
    )
    roster.state = RosterState.DONE
    # The moment of its enrolments, by which undoing knows them again.
    roster.confirmed_at = enrolments[0].enrolled_at if enrolments else timezone.now()
    roster.registered, roster.enrolled = len(registered), len(enrolled)
    roster.waiting = sum(each.state == EnrolmentState.WAITING for each in enrolments)
    roster.rows = [row.as_json() for row in plan.left_out]
    roster.save()


def _register(plan: ImportPlan) -> dict[int, Learner]:
    """The new learners, by line."""
    newcomers = [
        Newcomer(row.name, row.unit, row.birth_year, row.telephone)
        for row in plan.register
        if row.unit is not None
    ]
    lines = (row.line for row in plan.register)
    return dict(zip(lines, register_learners(newcomers), strict=True))


def _known(plan: ImportPlan) -> dict[int, Learner]:
    """Those who were registered already and are put into the class, by line."""
    known: dict[int, Learner] = {}
    for batch in batches(plan.enrol):
        known |= Learner.objects.in_bulk(batch)
    return {line: known[pk] for pk, line in plan.enrol.items()}


def digest_of(learner: Learner) -> str:
    """Of what a list says of a learner; keyed, so that nobody learns a name from it by trying."""
    said = [learner.name, learner.birth_year, learner.telephone, learner.unit_id]
    return salted_hmac("lms.rosters", repr(said), algorithm="sha256").hexdigest()


# --- Undoing ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Undone:
    removed: int  # learners taken out of the register again
    taken_out: int  # of the class
    stays: int  # who was marked, enrolled elsewhere or changed since
    moved_up: list[Enrolment]  # from the queue, into the places that became free


@transaction.atomic
def undo_roster(roster: RosterImport, *, undone_by: User) -> Undone:
    """Take a whole import back. Who has been marked, enrolled elsewhere or changed since stays, and
    the entry says why. Raises RosterRefused when it is undone already."""
    roster = RosterImport.objects.select_for_update().get(pk=roster.pk)
    if roster.state != RosterState.DONE:
        raise RosterRefused(_("这次导入已经撤销了。"))
    class_group = roster.class_group
    if class_group is not None:
        ClassGroup.objects.select_for_update().get(pk=class_group.pk)
    entries = list(roster.entries.select_related("learner"))
    taken_out = _take_out(entries, roster) if class_group is not None else 0
    removed = _remove(entries, roster)
    stays = [entry for entry in entries if entry.stays_because]
    gone = [entry.pk for entry in entries if not entry.stays_because]
    for batch in batches(gone):
        RosterEntry.objects.filter(pk__in=batch).delete()
    RosterEntry.objects.bulk_update(stays, ["stays_because"], batch_size=100)
    roster.state = RosterState.UNDONE
    roster.undone_at, roster.undone_by = timezone.now(), undone_by
    roster.save(update_fields=["state", "undone_at", "undone_by"])
    moved_up = fill_places(class_group) if class_group is not None else []
    return Undone(removed, taken_out, len(stays), moved_up)


def _take_out(entries: Sequence[RosterEntry], roster: RosterImport) -> int:
    """Take back the enrolments of an import, except those that were marked or changed since."""
    of_import = {entry.learner_id: entry for entry in entries if entry.enrolled}
    marked, untouched = _marked_and_untouched(of_import, roster)
    going: list[RosterEntry] = []
    for learner, entry in of_import.items():
        if learner in marked:
            entry.stays_because = StaysBecause.MARKED
        elif learner not in untouched:
            entry.stays_because = StaysBecause.ENROLMENT_CHANGED
        else:
            going.append(entry)
    for batch in batches(untouched[entry.learner_id] for entry in going):
        Enrolment.objects.filter(pk__in=batch).delete()
    return len(going)


def _marked_and_untouched(
    learners: Iterable[int], roster: RosterImport
) -> tuple[set[int], dict[int, int]]:
    """Who has been marked in the class, and whose enrolment is as the import made it: its key by
    the learner's."""
    assert roster.confirmed_at is not None
    marked: set[int] = set()
    untouched: dict[int, int] = {}
    for batch in batches(learners):
        events = AttendanceEvent.objects.filter(
            session__class_group=roster.class_group_id, learner__in=batch
        )
        marked.update(events.values_list("learner", flat=True))
        enrolments = Enrolment.objects.filter(
            class_group=roster.class_group_id,
            learner__in=batch,
            door=Door.SPREADSHEET,
            enrolled_at=roster.confirmed_at,
        ).exclude(state=EnrolmentState.LEFT)
        untouched |= dict(enrolments.values_list("learner", "pk"))
    return marked, untouched


def _remove(entries: Sequence[RosterEntry], roster: RosterImport) -> int:
    """Delete the learners that an import registered, except those who have been changed since or
    of whom anything else tells by now."""
    registered = {
        entry.learner_id: entry for entry in entries if entry.registered and not entry.stays_because
    }
    for learner in _told_of(list(registered), roster):
        registered[learner].stays_because = StaysBecause.ELSEWHERE
    for entry in registered.values():
        if entry.digest != digest_of(entry.learner) or entry.learner.user_id:
            entry.stays_because = StaysBecause.CHANGED
    going = [pk for pk, entry in registered.items() if not entry.stays_because]
    for batch in batches(going):
        Learner.objects.filter(pk__in=batch).delete()
    return len(going)


def _told_of(learners: list[int], roster: RosterImport) -> set[int]:
    """Of these, who stands in any row of any table beside this import's own: marked, in another
    class, with a delegate, or in whatever table is made after this was written."""
    told: set[int] = set()
    for relation in Learner._meta.related_objects:
        rows = relation.related_model._default_manager.all()
        if relation.related_model is RosterEntry:
            rows = rows.exclude(roster=roster)
        name = relation.field.name
        for batch in batches(learners):
            there = rows.filter(**{f"{name}__in": batch}).values_list(name, flat=True)
            told.update(there.order_by())
    return told
