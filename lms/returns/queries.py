"""Reads for the pages of returns, and for what waits at 我的工作."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.attendance.models import AttendanceEvent, HeadcountCorrection, SessionChange
from lms.classes.models import ClassSession
from lms.people.choices import Role
from lms.people.models import supervised_units
from lms.reports.standing_out.findings import StandsOut
from lms.returns.choices import OPEN, Punctuality, ReturnState
from lms.returns.figures import (
    LABELS,
    ChangedFigure,
    Numbers,
    changed_since,
    numbers_now,
    returns_below,
)
from lms.returns.models import NoTeaching, Return, ReturnAct, ReturnQuerySet, ReturnTemplate
from lms.returns.unusual import earlier_snapshots, needs_explanation, standing_out
from lms.statistics.models import DirtyMonth
from lms.units.choices import Level
from lms.units.models import Unit, paths_to

ACTS_SHOWN = 30
FINDINGS_SHOWN = 8


# --- One unit's return ------------------------------------------------------------------------


@dataclass(frozen=True)
class FigureLine:
    """One figure of a return. None: nothing was signed of the month before; the roll says the
    same today."""

    name: str
    label: str
    figure: int
    before: int | None
    changed: ChangedFigure | None


@dataclass(frozen=True)
class BelowLine:
    """A return right below, as the level above reads it."""

    one: Return
    numbers: Numbers | None  # None: nothing is signed
    sentences: list[str]
    #: More than these stand out.
    more: int
    changed: list[ChangedFigure]
    weight: int
    #: The reader may approve it now.
    may_approve: bool
    punctuality: Punctuality

    @property
    def is_unusual(self) -> bool:
        return bool(self.sentences or self.changed)


@dataclass(frozen=True)
class ReturnPage:
    one: Return
    lines: list[FigureLine]
    found: list[str]
    found_more: int
    needs_explanation: bool
    below: list[BelowLine]
    waiting: list[Return]
    kept: dict[str, int]
    by_level: list[tuple[str, dict[str, int]]]
    changed_by: list[str]
    #: Marks of the month were noted within the last minute, and people are being counted.
    is_counting: bool
    acts: list[ReturnAct] = field(default_factory=list)

    @property
    def may_be_signed(self) -> bool:
        return (
            self.one.is_open
            and not self.waiting
            and (self.one.above is None or self.one.above.is_open)
        )

    @property
    def has_changes(self) -> bool:
        return any(line.changed for line in self.lines)

    @property
    def has_before(self) -> bool:
        return any(line.before is not None for line in self.lines)

    @property
    def is_unusual_below(self) -> bool:
        return any(line.is_unusual for line in self.below)

    @property
    def approvable(self) -> int:
        return sum(line.may_approve for line in self.below)

    @property
    def looked_at(self) -> int:
        """Of those, how many are unusual, so that their boxes are not ticked."""
        return sum(line.may_approve and line.is_unusual for line in self.below)

    @property
    def not_come(self) -> list[Return]:
        """Right below, not handed in, while this level may still go on without them."""
        return [line.one for line in self.below if line.one.is_open] if self.one.is_open else []


def one_return(returns: ReturnQuerySet) -> ReturnQuerySet:
    """With all that its page tells of it."""
    return returns.select_related("unit", "above__unit", "snapshot__signed_by")


def read_page(one: Return, *, user: User, decides: bool) -> ReturnPage:
    """`decides`: the user approves what is right below. As many queries for a district of thirty
    streets as for one of three."""
    below = returns_below(one)
    changed = changed_since(one, below)
    waiting = [each for each in below if not each.is_settled]
    signed = one.snapshot if one.is_signed else None
    found: list[StandsOut] = []
    if signed is not None:
        numbers = Numbers.signed(signed.told)
        sentences = [each["sentence"] for each in signed.told["standing_out"]]
        more = signed.told["standing_out_count"] - len(sentences)
    else:
        numbers = numbers_now(one, below)
        found = [] if waiting else standing_out(one, numbers)  # of half a sum nothing is told
        sentences, more = [each.sentence for each in found], 0
    own_changes = changed.get(one.pk, [])
    return ReturnPage(
        one=one,
        lines=_figure_lines(one, numbers, own_changes),
        found=sentences[:FINDINGS_SHOWN],
        found_more=more + max(0, len(sentences) - FINDINGS_SHOWN),
        needs_explanation=needs_explanation(one, found),
        below=_below_lines(one, below, changed, user=user, decides=decides),
        waiting=waiting,
        kept=_kept(below),
        by_level=_by_level(one) if below else [],
        changed_by=who_changed(one) if own_changes and not below else [],
        is_counting=one.is_open and DirtyMonth.objects.filter(month=one.month).exists(),
        acts=list(one.acts.select_related("by")[:ACTS_SHOWN]),
    )


def _figure_lines(
    one: Return, numbers: Numbers, changes: Sequence[ChangedFigure]
) -> list[FigureLine]:
    before = next(
        (Numbers.signed(snapshot.told).as_dict() for snapshot in earlier_snapshots(one, 1)),
        {},
    )
    by_name = {each.name: each for each in changes}
    return [
        FigureLine(name, str(LABELS[name]), value, before.get(name), by_name.get(name))
        for name, value in numbers.as_dict().items()
    ]


def _below_lines(
    one: Return,
    below: Sequence[Return],
    changed: dict[int, list[ChangedFigure]],
    *,
    user: User,
    decides: bool,
) -> list[BelowLine]:
    """What is unusual first, the heaviest before the others; else as the codes go."""
    lines = []
    for each in below:
        told = each.snapshot.told if each.snapshot and each.is_signed else None
        sentences = [found["sentence"] for found in told["standing_out"]] if told else []
        signer = each.snapshot.signed_by_id if each.snapshot else None
        lines.append(
            BelowLine(
                one=each,
                numbers=Numbers.signed(told) if told else None,
                sentences=sentences[:2],
                more=(told["standing_out_count"] if told else 0) - len(sentences[:2]),
                changed=changed.get(each.pk, []),
                weight=(told["weight"] if told else 0) + 30 * (each.pk in changed),
                may_approve=decides
                and one.is_open
                and each.state == ReturnState.SUBMITTED
                and signer != user.pk,
                punctuality=each.punctuality(),
            )
        )
    return sorted(lines, key=lambda line: (not line.may_approve, -line.weight))


def _kept(below: Sequence[Return]) -> dict[str, int]:
    kept = [each.punctuality() for each in below]
    settled = sum(each.is_settled for each in below)
    return {
        "expected": len(below),
        "settled": settled,
        **{str(each): kept.count(each) for each in Punctuality},
    }


def punctuality_counts(today: date) -> dict[str, Count]:
    """What a query counts of returns: how they kept their last day."""
    missing = Q(state=ReturnState.MISSING)
    signed = Q(submitted_on__isnull=False) & ~missing
    return {
        "expected": Count("pk"),
        "on_time": Count("pk", signed & Q(submitted_on__lte=F("due_on"))),
        "late": Count("pk", signed & Q(submitted_on__gt=F("due_on"))),
        "missing": Count("pk", missing),
        "overdue": Count("pk", ~signed & ~missing & Q(due_on__lt=today)),
        "ahead": Count("pk", ~signed & ~missing & Q(due_on__gte=today)),
    }


def _by_level(one: Return) -> list[tuple[str, dict[str, int]]]:
    """All below it by level, from the top. One query."""
    counts = punctuality_counts(timezone.localdate())
    rows = Return.objects.under(one).order_by().values("level").annotate(**counts)
    found = {
        level: dict(zip(counts, values, strict=True))
        for level, *values in rows.values_list("level", *counts)
    }
    return [(str(level.label), found[level]) for level in Level if level in found]


def who_changed(one: Return) -> list[str]:
    """Who has changed what is counted since it was signed, by name: marks, headcounts, sessions
    that were opened again, closed or called off. Four queries."""
    assert one.snapshot is not None
    since = one.snapshot.made_at
    days = (one.period.starts_on, one.period.ends_on)
    here = {"session__counters__unit__in": one.covers, "session__counters__day__range": days}
    people = set(
        AttendanceEvent.objects.filter(received_at__gt=since, recorded_by__isnull=False, **here)
        .order_by()
        .values_list("recorded_by", flat=True)
        .distinct()
    )
    corrected = HeadcountCorrection.objects.filter(recorded_at__gt=since, **here)
    people |= set(corrected.order_by().values_list("recorded_by", flat=True).distinct())
    opened = SessionChange.objects.filter(recorded_at__gt=since, **here)
    people |= set(opened.order_by().values_list("recorded_by", flat=True).distinct())
    closed = ClassSession.objects.filter(
        counters__unit__in=one.covers, counters__day__range=days, closed_at__gt=since
    )
    people |= set(closed.order_by().values_list("closed_by", flat=True).distinct())
    found = User.objects.filter(pk__in=people).order_by("last_name", "first_name", "username")
    return [person.shown_name() for person in found]


def months_beside(one: Return, returns: ReturnQuerySet) -> tuple[Return | None, Return | None]:
    """The unit's return of the month before that there is one of, and of the next. Two queries."""
    own = returns.filter(unit=one.unit_id)
    earlier = own.filter(month__lt=one.month).order_by("-month").first()
    return earlier, own.filter(month__gt=one.month).order_by("month").first()


def above_seen(one: Return, returns: ReturnQuerySet) -> list[Return]:
    """Those over it that the reader sees, topmost first. One query."""
    keys = [int(key) for key in one.trail.split("/") if key]
    seen = returns.filter(month=one.month, unit__in=keys).exclude(pk=one.pk)
    return list(seen.select_related("unit").order_by("trail"))


# --- Where one begins, and what waits ---------------------------------------------------------


def own_units(user: Visitor) -> list[Unit]:
    """At which the user holds an office; a superuser all at the top."""
    if user.is_authenticated and user.is_superuser:
        return list(Unit.objects.filter(depth=1))
    return supervised_units(user, roles=(Role.OFFICER,))


def latest_returns(units: Sequence[Unit]) -> list[Return]:
    """Of each of these, the newest return; in the tree's order. One query."""
    rows = Return.objects.filter(unit__in=units).select_related("unit").order_by("-month")
    newest: dict[int, Return] = {}
    for each in rows:
        newest.setdefault(each.unit_id, each)
    return sorted(newest.values(), key=lambda each: each.unit.path)


def to_submit(units: Sequence[Unit]) -> QuerySet[Return]:
    """Of these units themselves, the one that is due first before the others."""
    mine = Return.objects.filter(unit__in=units, state__in=OPEN)
    return mine.select_related("unit").order_by("due_on", "unit__path")


def to_approve(units: Sequence[Unit]) -> QuerySet[Return]:
    """Handed in to these units."""
    mine = Return.objects.filter(
        above__unit__in=units, above__state__in=OPEN, state=ReturnState.SUBMITTED
    )
    return mine.select_related("above__unit").order_by("month", "unit__path")


def days_left_in_words(one: Return) -> str:
    days = one.days_left
    if days < 0:
        return _("过期%(days)d天") % {"days": -days}
    return _("还有%(days)d天") % {"days": days} if days else _("今天到期")


# --- Rules ------------------------------------------------------------------------------------


def template_for(unit: Unit) -> ReturnTemplate | None:
    """The newest form of the nearest unit, itself or above; without its content. One query."""
    near = ReturnTemplate.objects.filter(unit__path__in=paths_to(unit.path))
    return near.select_related("unit").defer("content").order_by("-unit__depth", "-pk").first()


def without_classes(user: User) -> QuerySet[NoTeaching]:
    """Of units that the user supervises or reads, those that hold; the latest year first."""
    units = supervised_units(user)
    held = NoTeaching.objects.filter(withdrawn_at__isnull=True)
    if not user.is_superuser:
        held = held.filter(unit__in=Unit.objects.below(*units))
    return held.select_related("unit", "declared_by")
