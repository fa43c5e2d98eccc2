"""The figures of a return: what the roll says of the unit itself, and below it what was signed.

A sum is that of the signed figures right below and of the unit's own sessions, so that the city's
is, to the last digit, what its villages have signed. People (人数) are counted, never summed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from operator import add
from typing import Any, Self

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.returns.choices import COUNTED, ReturnState
from lms.returns.models import Return
from lms.statistics.models import COUNTERS, DistinctLearner, SessionCounters
from lms.statistics.periods import Period
from lms.statistics.services.distinct_learners import who_came

#: Raise it when what a figure means changes; every snapshot says by which it was made.
DEFINITIONS = "2026-11"
#: In the order of COUNTERS.
Sums = tuple[int, ...]
NOTHING: Sums = (0,) * len(COUNTERS)

LABELS: dict[str, str | Promise] = {
    "planned": _("应上课次"),
    "held": _("已上课次"),
    "cancelled": _("取消课次"),
    "attendances": _("到课人次"),
    "excused": _("请假人次"),
    "absences": _("缺课人次"),
    "headcount": _("讲座人数"),
    "learners": _("学员人数"),
}


@dataclass(frozen=True)
class Numbers:
    """Of one return; as statistics.Figures has them, but of who has reported alone."""

    planned: int
    held: int
    cancelled: int
    attendances: int
    excused: int
    absences: int
    headcount: int
    learners: int

    @classmethod
    def of(cls, sums: Sums, learners: int) -> Self:
        return cls(**dict(zip(COUNTERS, sums, strict=True)), learners=learners)

    @classmethod
    def signed(cls, told: dict[str, Any]) -> Self:
        """Those of a snapshot."""
        return cls(**{each.name: told["figures"][each.name] for each in fields(cls)})

    @property
    def sums(self) -> Sums:
        return tuple(getattr(self, name) for name in COUNTERS)

    @property
    def came(self) -> int:
        """人次, of lectures too: what is compared from month to month."""
        return self.attendances + self.headcount

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def added(many: Iterable[Sums]) -> Sums:
    total = NOTHING
    for sums in many:
        total = tuple(map(add, total, sums))
    return total


def returns_below(one: Return) -> list[Return]:
    """Right below, with units and what is signed, in the order of the units' codes. One query."""
    return list(one.below.select_related("unit", "snapshot").order_by("unit__code"))


def numbers_now(one: Return, below: Sequence[Return]) -> Numbers:
    """What would be signed at this moment. `below` are the returns right below, with snapshots."""
    own = own_sums(one.covers, one.period)
    told = [each.snapshot.told for each in below if each.is_counted and each.snapshot]
    sums = added([own, *(Numbers.signed(each).sums for each in told)])
    return Numbers.of(sums, learners_now(one, has_below=bool(below)))


def own_sums(units: Sequence[int], month: Period) -> Sums:
    """Of sessions held at these units themselves, with the last mark. One query."""
    totals = [Sum(counter, default=0) for counter in COUNTERS]
    found = _sessions(month).filter(unit__in=units).aggregate(*totals)
    return tuple(found[each.default_alias] for each in totals)


def learners_now(one: Return, *, has_below: bool) -> int:
    """How many different people came: to a unit at the bottom by the marks themselves; above, as
    the minute's count has it, of the units that have reported."""
    if not has_below:
        return len({learner for _unit, learner in who_came(one.period, one.covers)})
    seen = DistinctLearner.objects.filter(
        period_kind=one.period.kind, starts_on=one.month, village__in=_reporting(one)
    )
    return seen.aggregate(learners=Count("learner", distinct=True))["learners"]


def _reporting(one: Return) -> Any:
    """Keys of the units whose sessions stand in the return: its own, and those of approved returns
    below, but of none that is below a missing one."""
    counted = counted_under(one)
    extra = [
        key for also in counted.exclude(also=[]).values_list("also", flat=True) for key in also
    ]
    if not (extra or one.also):
        return counted.values("unit")
    return [*counted.values_list("unit", flat=True), *one.covers, *extra]


def counted_under(one: Return, besides: Sequence[int] = ()) -> QuerySet[Return]:
    """The return itself, and all below whose figures stand in it; and those of these keys."""
    here = Return.objects.filter(month=one.month, trail__startswith=one.trail).order_by()
    left = Q(pk__in=[])
    missing = here.filter(state=ReturnState.MISSING, below__isnull=False).distinct()
    for trail in missing.values_list("trail", flat=True):
        left |= Q(trail__startswith=trail)
    return here.filter(Q(state__in=COUNTED) | Q(pk__in=[one.pk, *besides])).exclude(left)


def _sessions(month: Period) -> QuerySet[SessionCounters]:
    return SessionCounters.objects.filter(day__range=(month.starts_on, month.ends_on))


# --- What the roll says since -----------------------------------------------------------------


@dataclass(frozen=True)
class ChangedFigure:
    """A signed figure is another by the roll of now."""

    name: str
    was: int
    now: int

    @property
    def label(self) -> str | Promise:
        return LABELS[self.name]

    @property
    def difference(self) -> int:
        return self.now - self.was


def changed_since(one: Return, below: Sequence[Return]) -> dict[int, list[ChangedFigure]]:
    """By key, of the return and those right below it, in which figures differ from the signed ones;
    none where nothing does. Three queries, however many are below; people are compared at the
    bottom alone, where the marks are."""
    signed = [each for each in (one, *below) if each.snapshot and each.is_signed]
    if not signed:
        return {}
    now = _sums_now(one, below)
    found = {}
    for each in signed:
        assert each.snapshot is not None
        was = Numbers.signed(each.snapshot.told)
        changed = [
            ChangedFigure(name, old, new)
            for name, old, new in zip(COUNTERS, was.sums, now[each.pk], strict=True)
            if old != new
        ]
        if each == one and not below:
            learners = learners_now(one, has_below=False)
            if learners != was.learners:
                changed.append(ChangedFigure("learners", was.learners, learners))
        if changed:
            found[each.pk] = changed
    return found


def _sums_now(one: Return, below: Sequence[Return]) -> dict[int, Sums]:
    """By the key of each return: sums over all that stand in it."""
    waiting = [each.pk for each in below if each.is_signed and not each.is_counted]
    here = counted_under(one, waiting) if below else Return.objects.filter(pk=one.pk).order_by()
    places = dict(here.values_list("unit", "trail"))
    condition = Q(unit__in=here.values("unit"))
    for trail, also in here.exclude(also=[]).values_list("trail", "also"):
        places.update(dict.fromkeys(also, trail))
        condition |= Q(unit__in=also)
    totals = [Sum(counter) for counter in COUNTERS]
    names = [each.default_alias for each in totals]
    sessions = _sessions(one.period).filter(condition).order_by()
    by_trail = {each.trail: each.pk for each in below}
    sums = {each.pk: [0] * len(COUNTERS) for each in (one, *below)}
    cut = len(one.trail)
    for unit, *values in sessions.values("unit").annotate(*totals).values_list("unit", *names):
        trail = places[unit]
        into = sums[by_trail.get(trail[: trail.find("/", cut) + 1], one.pk)]
        for place, value in enumerate(values):
            into[place] += value
    whole = [sum(column) for column in zip(*sums.values(), strict=True)]
    return {key: tuple(whole if key == one.pk else found) for key, found in sums.items()}
