"""Reads for the pages of lists of learners: what importing would do, and what was imported before.
A few queries, however long a list is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lms.accounts.models import User
from lms.classes.choices import EnrolmentState
from lms.classes.models import ClassGroup, Enrolment
from lms.people.models import Learner
from lms.rosters.choices import RosterState, RosterVerdict
from lms.rosters.learners.reading import OTHER, SAME, RosterRow
from lms.rosters.models import RosterEntry, RosterImport
from lms.units.models import Unit

BATCH = 500  # values in one query
ROSTERS_SHOWN = 20
#: What can be shown of a preview by itself; the first that holds any is shown first.
GROUPS: Sequence[tuple[str, str | Promise, Callable[[RosterRow], bool]]] = (
    ("changed", gettext_lazy("刚才变了"), lambda row: row.changed),
    (
        "ask",
        gettext_lazy("要您定"),
        lambda row: row.verdict in (RosterVerdict.MAYBE, RosterVerdict.DOUBLE),
    ),
    ("bad", gettext_lazy("有错"), lambda row: row.verdict == RosterVerdict.BAD),
    ("new", gettext_lazy("新登记"), lambda row: row.verdict == RosterVerdict.NEW),
    (
        "known",
        gettext_lazy("已在名册"),
        lambda row: row.verdict in (RosterVerdict.KNOWN, RosterVerdict.IN_CLASS),
    ),
    ("all", gettext_lazy("全部"), lambda row: True),
)


def batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    """In order, so many at a time as one query takes."""
    everything = list(values)
    for start in range(0, len(everything), BATCH):
        yield everything[start : start + BATCH]


# --- The class --------------------------------------------------------------------------------


def in_class(learners: Iterable[int], class_group: ClassGroup | None) -> set[int]:
    """Of these learners, who is in the class or waits for it."""
    here: set[int] = set()
    if class_group is None:
        return here
    enrolments = Enrolment.objects.filter(class_group=class_group).exclude(
        state=EnrolmentState.LEFT
    )
    for batch in batches(sorted(learners)):
        here.update(enrolments.filter(learner__in=batch).values_list("learner", flat=True))
    return here


def places_left(class_group: ClassGroup | None) -> int | None:
    """None: as many as come."""
    if class_group is None or class_group.capacity is None:
        return None
    enrolled = class_group.enrolments.filter(state=EnrolmentState.ENROLLED).count()
    return max(0, class_group.capacity - enrolled)


@dataclass(frozen=True)
class ImportPlan:
    """What importing the rows would do, as they and the answers to them stand."""

    register: list[RosterRow]
    #: Learners who are there already, with their lines: to be put into the class.
    enrol: dict[int, int]
    #: Rows that are left out: with an error, or not answered.
    left_out: list[RosterRow]
    nothing: int  # rows that say what is so already, or said by another row

    def waiting(self, places: int | None) -> int:
        """How many find no place in the class."""
        coming = len(self.register) + len(self.enrol)
        return 0 if places is None else max(0, coming - places)

    @property
    def does_something(self) -> bool:
        return bool(self.register or self.enrol)


def plan_of(rows: Sequence[RosterRow], class_group: ClassGroup | None) -> ImportPlan:
    """One query, where an answer names somebody who is registered."""
    answered = {int(row.choice.removeprefix(SAME)) for row in rows if row.choice.startswith(SAME)}
    here = in_class(answered, class_group)
    register, left_out, nothing = [], [], 0
    enrol: dict[int, int] = {}
    for row in rows:
        match _what_to_do(row):
            case "register":
                register.append(row)
            case "leave out":
                left_out.append(row)
            case int(known) if class_group is not None and known not in here | enrol.keys():
                enrol[known] = row.line
            case _:
                nothing += 1
    return ImportPlan(register, enrol, left_out, nothing)


def _what_to_do(row: RosterRow) -> Literal["register", "leave out"] | int | None:
    """With the row, as it was judged and answered: a number is the key of a learner who is meant;
    None: nothing."""
    if row.verdict == RosterVerdict.BAD:
        return "leave out"
    if row.verdict == RosterVerdict.NEW or row.choice == OTHER:
        return "register"
    if row.verdict == RosterVerdict.MAYBE:
        return int(row.choice.removeprefix(SAME)) if row.choice else "leave out"
    return row.candidates[0] if row.verdict == RosterVerdict.KNOWN else None


# --- Shown ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """Somebody registered who may be the one on the row."""

    learner: Learner
    is_in_class: bool
    choice: str  # what chooses this one


@dataclass(frozen=True)
class RosterLine:
    """A row as the preview shows it."""

    row: RosterRow
    unit: Unit | None  # where that is not the list's own
    candidates: list[Candidate]

    @property
    def shown(self) -> dict[str, str]:
        """Each cell; of a row with an error, as it was written."""
        return self.row.as_written() | self.row.written

    @property
    def label(self) -> str:
        return str(RosterVerdict(self.row.verdict).label)


def lines_of(rows: Sequence[RosterRow], roster: RosterImport) -> list[RosterLine]:
    """Three queries, for a page of rows."""
    learners = Learner.objects.in_bulk({pk for row in rows for pk in row.candidates})
    units = Unit.objects.in_bulk(
        {row.unit for row in rows if row.unit not in (None, roster.unit_id)}
    )
    here = in_class(learners, roster.class_group)
    return [
        RosterLine(
            row,
            units.get(row.unit),
            [
                Candidate(learners[pk], pk in here, f"{SAME}{pk}")
                for pk in row.candidates
                if pk in learners
            ],
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Imported:
    """An import as a list of them shows it."""

    roster: RosterImport
    is_mine: bool
    is_undoable: bool
    stays: list[RosterEntry]  # whom undoing left where they are


def rosters_of(user: User, *, unit: Unit, class_group: ClassGroup | None) -> list[Imported]:
    """What was imported there and is seen by whoever keeps it, newest first."""
    rosters = (
        RosterImport.objects.filter(unit=unit, class_group=class_group)
        .exclude(state=RosterState.PREVIEW)
        .defer("rows", "notes")
        .select_related("uploaded_by", "undone_by")
    )
    shown = list(rosters[:ROSTERS_SHOWN])
    undoable = RosterImport.objects.undoable_by(user).filter(pk__in=[each.pk for each in shown])
    may_undo = set(undoable.values_list("pk", flat=True))
    stays: dict[int, list[RosterEntry]] = defaultdict(list)
    for entry in RosterEntry.objects.filter(
        roster__in=[each.pk for each in shown if each.state == RosterState.UNDONE]
    ).select_related("learner"):
        stays[entry.roster_id].append(entry)
    return [
        Imported(each, each.uploaded_by_id == user.pk, each.pk in may_undo, stays[each.pk])
        for each in shown
    ]
