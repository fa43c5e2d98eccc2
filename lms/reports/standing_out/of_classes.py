"""What stands out in the sessions of classes: always all, always as many, more than there is room
for, rolls that were closed at once."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from lms.classes.choices import ClassKind
from lms.reports.standing_out.choices import StandsOut, Unusual, weight_of
from lms.reports.standing_out.covering import within
from lms.statistics.models import SessionCounters
from lms.statistics.periods import Period
from lms.units.models import Unit

WEEKS_IN_A_ROW = 4
SESSIONS_IN_A_ROW = 5
#: A row of sessions may have begun so long before the period, in which it must end.
LOOKS_BACK = timedelta(weeks=6)
#: Of fewer people it is no wonder that all come, or as many as last time.
LEAST_PEOPLE = 5
QUICK = timedelta(seconds=60)
#: More than so many people are not called in that time.
CALLED_QUICKLY = 20

#: How many came to a session, with those who stand beside the names.
CAME = F("attendances") + F("headcount")


def in_classes(units: Sequence[Unit], period: Period) -> Iterator[tuple[str, StandsOut]]:
    """Of all classes in and below these units, with the path of the unit of each; of others too
    where units are many. Three queries."""
    of_units = SessionCounters.objects.filter(within(units, prefix="unit__"), held=1)
    yield from _rows_of_sessions(of_units, period)
    of_period = of_units.filter(day__range=(period.starts_on, period.ends_on))
    yield from _more_than_room(of_period)
    yield from _quick_rolls(of_period)


# --- Always all, always as many ---------------------------------------------------------------


class _Held:
    """A session that was held, as far as a row of them asks."""

    def __init__(self, day: date, came: int, missing: int) -> None:
        self.day, self.came = day, came
        self.is_full = missing == 0 and came >= LEAST_PEOPLE

    @property
    def week(self) -> tuple[int, int]:
        return self.day.isocalendar()[:2]


def _rows_of_sessions(
    of_units: QuerySet[SessionCounters], period: Period
) -> Iterator[tuple[str, StandsOut]]:
    """Only of classes in which there are enough such sessions are all sessions read. Who is taught
    at home is one or two, and mostly there."""
    since = period.starts_on - LOOKS_BACK
    held = of_units.filter(day__range=(since, period.ends_on))
    held = held.exclude(kind=ClassKind.HOME_TUTORING)
    full = Q(excused=0, absences=0, attendances__gte=LEAST_PEOPLE)
    alike = (
        held.annotate(came=CAME)
        .filter(came__gte=LEAST_PEOPLE)
        .values("session__class_group", "came")
        .annotate(times=Count("pk"))
        .filter(times__gte=SESSIONS_IN_A_ROW)
    )
    always = (
        held.filter(full)
        .values("session__class_group")
        .annotate(times=Count("pk"))
        .filter(times__gte=WEEKS_IN_A_ROW)
    )
    sessions = (
        held.filter(
            Q(session__class_group__in=alike.values("session__class_group"))
            | Q(session__class_group__in=always.values("session__class_group"))
        )
        .annotate(came=CAME, missing=F("excused") + F("absences"))
        .order_by("session__class_group", "session__starts_at", "session")
        .values_list(
            "session__class_group",
            "session__class_group__title",
            "unit",
            "unit__name",
            "unit__path",
            "day",
            "came",
            "missing",
        )
    )
    for _key, rows in groupby(sessions, key=lambda row: row[0]):
        whole = list(rows)
        _pk, title, unit, name, path, *_rest = whole[-1]
        said = {"unit": name, "class": title}
        found = [_Held(*row[5:]) for row in whole]
        if sentence := _always_full(found, period, said):
            yield path, StandsOut(Unusual.ALWAYS_FULL, unit, *sentence)
        elif sentence := _same_count(found, period, said):
            yield path, StandsOut(Unusual.SAME_COUNT, unit, *sentence)


def _always_full(
    held: Sequence[_Held], period: Period, said: dict[str, str]
) -> tuple[str, int] | None:
    """Weeks in which all came to each session, one after the other as far as it met at all."""
    weeks = [list(some) for _week, some in groupby(held, key=lambda each: each.week)]
    rows = [list(row) for full, row in groupby(weeks, key=_is_full) if full]
    rows = [row for row in rows if row[-1][-1].day >= period.starts_on]
    longest = max(rows, key=len, default=[])
    if len(longest) < WEEKS_IN_A_ROW:
        return None
    sentence = _(
        "%(unit)s“%(class)s”连着%(weeks)d周每次都到齐（100%%），最近一次%(people)d人。"
        "也许是大家都爱来；可以去看一次课，也说一声：没来的照实点就好。"
    ) % {**said, "weeks": len(longest), "people": longest[-1][-1].came}
    return sentence, weight_of(Unusual.ALWAYS_FULL, len(longest))


def _is_full(week: Sequence[_Held]) -> bool:
    return all(each.is_full for each in week)


def _same_count(
    held: Sequence[_Held], period: Period, said: dict[str, str]
) -> tuple[str, int] | None:
    rows = [
        list(row) for came, row in groupby(held, key=lambda each: each.came) if came >= LEAST_PEOPLE
    ]
    rows = [row for row in rows if row[-1].day >= period.starts_on]
    longest = max(rows, key=len, default=[])
    if len(longest) < SESSIONS_IN_A_ROW:
        return None
    sentence = _(
        "%(unit)s“%(class)s”连着%(times)d次课都是%(people)d人。"
        "固定的一班人会这样；如果是估的数，请改成数出来的。"
    ) % {**said, "times": len(longest), "people": longest[-1].came}
    return sentence, weight_of(Unusual.SAME_COUNT, len(longest))


# --- Room, and how long a roll took -----------------------------------------------------------

OF_A_CLASS = (
    "session__class_group",
    "session__class_group__title",
    "unit",
    "unit__name",
    "unit__path",
)


def _more_than_room(held: QuerySet[SessionCounters]) -> Iterator[tuple[str, StandsOut]]:
    capacity = "session__class_group__capacity"
    rows = (
        held.annotate(came=CAME)
        .filter(came__gt=F(capacity))
        .values_list(*OF_A_CLASS, capacity)
        .annotate(times=Count("pk"), most=Max("came"))
        .order_by("unit", "session__class_group")
    )
    for _pk, title, unit, name, path, room, times, most in rows:
        sentence = _(
            "%(unit)s“%(class)s”有%(times)d次到的人比登记的位子多：最多一次%(most)d人，位子%(room)d个。"
            "也许换过大一点的地方；请看一看人数，也看一看班级里“最多几人”写得对不对。"
        ) % {"unit": name, "class": title, "times": times, "most": most, "room": room}
        yield (
            path,
            StandsOut(
                Unusual.MORE_THAN_ROOM, unit, sentence, weight_of(Unusual.MORE_THAN_ROOM, times)
            ),
        )


def _quick_rolls(held: QuerySet[SessionCounters]) -> Iterator[tuple[str, StandsOut]]:
    """A roll is open from the first mark on, by the clock of whoever made it, set right."""
    rows = (
        held.annotate(called=F("attendances") + F("excused") + F("absences"))
        .filter(called__gt=CALLED_QUICKLY)
        .annotate(
            opened=Min("session__attendance_events__marked_at"), closed=F("session__closed_at")
        )
        .filter(closed__gte=F("opened"), closed__lte=F("opened") + QUICK)
        .order_by("unit", "session__class_group", "session")
        .values_list(*OF_A_CLASS, "called")
    )
    for _key, some in groupby(rows, key=lambda row: row[:5]):
        whole = list(some)
        _pk, title, unit, name, path, _called = whole[0]
        sentence = _(
            "%(unit)s“%(class)s”有%(times)d次点名，从点第一个人到结束不到%(seconds)d秒，最多一次%(people)d人。"
            "纸上签到、课后一起录入的，也会这样。"
        ) % {
            "unit": name,
            "class": title,
            "times": len(whole),
            "seconds": QUICK.seconds,
            "people": max(row[-1] for row in whole),
        }
        yield (
            path,
            StandsOut(
                Unusual.QUICK_ROLL, unit, sentence, weight_of(Unusual.QUICK_ROLL, len(whole))
            ),
        )
