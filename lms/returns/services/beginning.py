"""A month's returns begin: who owes one, under whom, until when."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from lms.accounts.models import User
from lms.classes.wall_clock import day_bounds
from lms.returns.choices import ReturnState
from lms.returns.deadlines import due_on, working_days
from lms.returns.models import NoTeaching, Return
from lms.statistics.choices import PeriodKind
from lms.statistics.models import SessionCounters
from lms.statistics.periods import Period
from lms.units.models import Succession, Unit, path_above
from lms.units.past_tree import tree_on
from lms.units.services.tree import lock_tree

BATCH = 1000


@dataclass
class _Node:
    """A unit as it stood on the month's last day."""

    unit: Unit
    name: str
    above: str  # today's path of what it stood under; blank at the top
    also: list[int] = field(default_factory=list)
    children: list["_Node"] = field(default_factory=list)


def begin_last_month() -> int:
    """The job's: of the month that ended last, unless all of it was before this site: nobody had
    an account by its end, and no class is kept of it."""
    month = Period.of(PeriodKind.MONTH, timezone.localdate()).previous
    _begins, ends = day_bounds(month.ends_on)
    was_here = User.objects.filter(date_joined__lt=ends).exists() or _units_with_sessions(month)
    return begin_month(month) if was_here else 0


@transaction.atomic
def begin_month(month: Period) -> int:
    """Make the returns of the month that are not there yet, as the tree stood on its last day, and
    say how many those are. Nothing for a month that goes on: its figures would be half.

    Owed by every unit that was open on that day, but those declared to hold no classes that year
    for which none was planned; above, by whatever has one below it. What comes later finds no place
    under a return that is signed.
    """
    if timezone.localdate() <= month.ends_on:
        return 0
    lock_tree()
    nodes = _tree_of(month)
    owing = _owing(nodes, month)
    there = {each.unit_id: each for each in Return.objects.of_month(month)}
    made = 0
    due: dict[str, dict[str, date]] = {}  # by the path of the topmost unit, by level
    for depth in sorted({len(node.unit.path) for node in nodes.values()}):
        new = []
        for path, node in nodes.items():
            if len(path) != depth or path not in owing or node.unit.pk in there:
                continue
            above = there.get(nodes[node.above].unit.pk) if node.above in nodes else None
            if above is not None and not above.is_open:
                continue
            new.append(_make(node, month, above, due))
        for each in Return.objects.bulk_create(new, batch_size=BATCH):
            there[each.unit_id] = each
        made += len(new)
    return made


def _make(
    node: _Node, month: Period, above: Return | None, due: dict[str, dict[str, date]]
) -> Return:
    unit = node.unit
    top = unit.path[: Unit.steplen]
    if top not in due:
        days = working_days(Unit.objects.get(path=top))
        due[top] = {level: due_on(month, number) for level, number in days.items()}
    return Return(
        unit=unit,
        month=month.starts_on,
        above=above,
        trail=f"{above.trail if above else '/'}{unit.pk}/",
        unit_name=node.name,
        level=unit.level,
        also=node.also,
        due_on=due[top][unit.level],
    )


def _tree_of(month: Period) -> dict[str, _Node]:
    """By today's path. Depth is today's too: nothing moves to another level."""
    past = tree_on(month.ends_on)
    nodes = {
        unit.path: _Node(unit, past.name_of(unit), past.above.get(unit.path, path_above(unit.path)))
        for unit in Unit.objects.open_on(month.ends_on)
    }
    for node in nodes.values():
        if node.above in nodes:
            nodes[node.above].children.append(node)
    for unit, closed in _closed_within(month).items():
        heir = _heir_of(closed, month, nodes)
        if heir is not None:
            heir.also.append(unit)
    return nodes


def _closed_within(month: Period) -> dict[int, Unit]:
    """Units that closed within the month, or on its last day, and had sessions in it."""
    closed = Unit.objects.filter(closed_on__gt=month.starts_on, closed_on__lte=month.ends_on)
    taught = _units_with_sessions(month)
    return {unit.pk: unit for unit in closed if unit.pk in taught}


def _heir_of(closed: Unit, month: Period, nodes: dict[str, _Node]) -> _Node | None:
    """Where the sessions of a closed unit count: at the one that took it over by the month's end,
    else at what it stood under. None: nothing above it was open either."""
    unit, seen = closed, {closed.pk}
    while True:
        taken = Succession.objects.filter(unit=unit, on__lte=month.ends_on).order_by("on", "pk")
        following = taken.exclude(successor__in=seen).select_related("successor").last()
        if following is None:
            break
        unit = following.successor
        seen.add(unit.pk)
        if unit.path in nodes:
            return nodes[unit.path]
    path = path_above(closed.path)
    while path and path not in nodes:
        path = path_above(path)
    return nodes.get(path)


def _units_with_sessions(month: Period) -> set[int]:
    days = SessionCounters.objects.filter(day__range=(month.starts_on, month.ends_on))
    return set(days.order_by().values_list("unit", flat=True).distinct())


def _owing(nodes: dict[str, _Node], month: Period) -> set[str]:
    """The paths of units that owe a return."""
    excused = tuple(
        NoTeaching.objects.filter(year=month.starts_on.year, withdrawn_at__isnull=True).values_list(
            "unit__path", flat=True
        )
    )
    taught = _units_with_sessions(month)
    owing: set[str] = set()
    below: dict[str, int] = defaultdict(int)
    for path, node in sorted(nodes.items(), key=lambda each: -len(each[0])):
        if below[path] or _owes(node, excused, taught):
            owing.add(path)
            below[node.above] += 1
    return owing


def _owes(node: _Node, excused: tuple[str, ...], taught: Collection[int]) -> bool:
    """Of itself: a unit at the bottom that was to hold classes, or any that held some."""
    if node.unit.pk in taught or any(key in taught for key in node.also):
        return True
    return not node.children and not node.unit.path.startswith(excused)


@transaction.atomic
def drop_what_is_not_owed(declared: NoTeaching) -> int:
    """The returns of that year, of the unit and below, that nobody has touched and for which no
    class was planned. Returns how many."""
    untouched = Return.objects.filter(
        month__year=declared.year,
        trail__contains=f"/{declared.unit_id}/",
        state=ReturnState.TO_FILL,
        turn=0,
        acts__isnull=True,
    )
    dropped = 0
    taught: dict[date, set[int]] = {}
    for each in untouched.order_by("-trail").select_for_update(of=("self",)):
        if each.month not in taught:
            taught[each.month] = _units_with_sessions(each.period)
        own = any(key in taught[each.month] for key in each.covers)
        if not own and not each.below.exists():
            each.delete()
            dropped += 1
    return dropped
