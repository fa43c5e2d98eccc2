"""Reads for the pages of notices: what went where, who is to be called, what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.classes.wall_clock import moment
from lms.notices.choices import DeliveryState, NoticeReason, Way, Why
from lms.notices.models import Delivery, Notice
from lms.statistics.choices import PeriodKind
from lms.statistics.periods import Period
from lms.units.models import Unit

#: As many months are told of, the running one first.
MONTHS_SHOWN = 6


def month_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of its month, and that of the next."""
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return moment(first, time()), moment(following, time())


def cost_of_month(now: datetime) -> int:
    """分, of the whole site in the month of that moment."""
    begins, ends = month_bounds(timezone.localtime(now).date())
    sent = Delivery.objects.filter(sent_at__gte=begins, sent_at__lt=ends)
    return sent.aggregate(fen=Sum("cost_fen"))["fen"] or 0


def ceiling_is_reached() -> bool:
    return cost_of_month(timezone.now()) >= settings.SMS_MOST_YUAN * 100


def unread_of(user: Visitor) -> int:
    if not user.is_authenticated:
        return 0
    return Delivery.objects.unread().filter(person=user.pk).count()


@dataclass(frozen=True)
class WayCount:
    """How a notice stands by one way: how many in each state, told in its words."""

    way: str
    all: int
    states: Sequence[tuple[str, int]]


def how_it_went(notice: Notice) -> list[WayCount]:
    """By way; calls have a list of their own."""
    rows = (
        notice.deliveries.exclude(way=Way.CALL)
        .values_list("way", "state")
        .annotate(count=Count("pk"))
        .order_by()
    )
    counts = {(way, state): count for way, state, count in rows}
    found = []
    for way in Way:
        states = [
            (str(state.label), counts[way, state])
            for state in DeliveryState
            if (way, state) in counts
        ]
        if states:
            found.append(WayCount(str(way.label), sum(count for _words, count in states), states))
    return found


def calls_by_village(notice: Notice) -> list[tuple[Unit, list[Delivery]]]:
    calls = notice.deliveries.calls().exclude(learner=None)
    by_unit = groupby(calls, key=lambda call: call.learner.unit)  # type: ignore[union-attr]
    return [(unit, list(calls)) for unit, calls in by_unit]


def to_be_called(user: Visitor) -> list[Notice]:
    """Notices that still hold, of which the user sees to the calls, with `waiting`: how many. The
    one that ends first comes first."""
    waits = Q(deliveries__way=Way.CALL, deliveries__state=DeliveryState.WAITING)
    holds = Q(session=None) | Q(session__revision=F("revision"))  # nobody is called for what was
    followed = Notice.objects.followed_by(user).filter(holds, ends_at__gt=timezone.now())
    waiting = Notice.objects.filter(pk__in=followed.values("pk"))
    waiting = waiting.annotate(waiting=Count("deliveries", filter=waits)).filter(waiting__gt=0)
    return list(waiting.select_related("unit").order_by("ends_at", "pk"))


def untold_for(user: User) -> QuerySet[ClassSession]:
    """Sessions to come, of the user's classes, that were moved or cancelled since anybody was
    told, or of which it was told last that they are off: singly or by a closing day."""
    said = Notice.objects.filter(session=OuterRef("pk")).exclude(reason=NoticeReason.TOMORROW)
    last = Subquery(said.order_by("-pk").values("reason")[:1])
    changed = Q(state=SessionState.CANCELLED) | ~Q(starts_at=F("planned_at"))
    sessions = (
        ClassSession.objects.changeable_by(user)
        .alias(last_said=last)
        .filter(
            changed | Q(last_said=NoticeReason.CANCELLED),
            ~Exists(said.filter(revision=OuterRef("revision"))),
            starts_at__gt=timezone.now(),
        )
    )
    sessions = sessions.exclude(state=SessionState.CLOSED).select_related("class_group__unit")
    return sessions.order_by("starts_at", "pk")


@dataclass(frozen=True)
class UnitCost:
    unit: Unit
    count: int
    fen: int


@dataclass(frozen=True)
class MonthCost:
    month: date
    count: int
    fen: int
    units: Sequence[UnitCost]

    @property
    def label(self) -> str:
        return Period(PeriodKind.MONTH, self.month).label


def costs_for(user: Visitor, today: date) -> list[MonthCost]:
    """Short messages below the user, month by month, by the unit that paid."""
    months = []
    day = today.replace(day=1)
    for _month in range(MONTHS_SHOWN):
        begins, ends = month_bounds(day)
        sent = Delivery.objects.counted_for(user).filter(
            way=Way.SMS, sent_at__gte=begins, sent_at__lt=ends
        )
        rows = sent.values_list("notice__unit").annotate(
            count=Count("pk"), fen=Sum("cost_fen")
        ).order_by()  # fmt: skip
        by_unit = {key: (count, fen) for key, count, fen in rows}
        units = [UnitCost(unit, *by_unit[unit.pk]) for unit in Unit.objects.filter(pk__in=by_unit)]
        months.append(
            MonthCost(
                day,
                sum(each.count for each in units),
                sum(each.fen for each in units),
                units,
            )
        )
        day = month_bounds(date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1))[0].date()
    return months


def why_words(why: str) -> str:
    return str(Why(why).label) if why else ""
