"""The open figures of a year: a row a unit from the top down to the streets, small cells hidden."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.classes.choices import SessionState
from lms.classes.models import ClassGroup, HelperTime
from lms.evaluation.choices import Face, FaceQuestion
from lms.evaluation.models import FaceTally
from lms.evaluation.small_cells import hidden_cells, small
from lms.statistics.choices import PeriodKind
from lms.statistics.models import DailyRollup, DistinctLearnerCount
from lms.statistics.periods import Period
from lms.tables import Column, Shape, Value, write_csv
from lms.units.choices import Level
from lms.units.models import Unit, paths_to

#: What stands in a cell that is hidden: the same whatever its reason.
HIDDEN = "*"
#: Of so many answers a step of a tenth is five or more: nobody's answer can be told by it.
ANSWERS_LEAST = 50
STEP = 10  # per cent
#: Faces that say that it was good.
GOOD = (Face.GOOD, Face.VERY_GOOD)
#: Villages are too small to be told of.
TOLD_DOWN_TO = Level.STREET

#: By the unit's key.
Numbers = dict[int, int]


@dataclass(frozen=True)
class OpenColumn:
    """A column of figures. `of_people`: its small cells are hidden. `with_those_of`: hidden where
    that one is too, since it tells of the same people. `adds_up`: a unit's is the sum of those
    below."""

    key: str
    heading: str | Promise
    meaning: str | Promise
    of_people: bool = True
    with_those_of: str = ""


MEASURES = (
    OpenColumn("villages", _("村居"), _("年底有的村居个数"), of_people=False),
    OpenColumn("covered", _("上过课的村居"), _("这一年至少上过一次课的村居个数"), of_people=False),
    OpenColumn("classes", _("班级"), _("这一年上过课的班级个数"), of_people=False),
    OpenColumn("sessions", _("已上课次"), _("结束了点名的课次"), of_people=False),
    OpenColumn("learners", _("学员人数"), _("至少到过一次课的不同的人，数出来的，不能相加")),
    OpenColumn(
        "attendances",
        _("到课人次"),
        _("点名点到的人次，迟到、早退也算到"),
        with_those_of="learners",
    ),
    OpenColumn("lectures", _("讲座人次"), _("公开讲座数的人数，和不在名单上的人数")),
    OpenColumn("volunteers", _("帮忙的人"), _("在课上帮过忙的不同的人，数出来的，不能相加")),
    OpenColumn(
        "hours",
        _("帮忙的小时"),
        _("老师记下的帮忙时间，四舍五入到小时"),
        with_those_of="volunteers",
    ),
    *[
        OpenColumn(
            f"face_{face.value}",
            label,
            _("五个笑脸问“总的来说，您满意吗？”，按这个脸的次数"),
        )
        for face, label in zip(
            Face,
            (_("脸1很不好"), _("脸2不太好"), _("脸3一般"), _("脸4好"), _("脸5很好")),
            strict=True,
        )
    ],
)

#: Of the questions whose faces are not told one by one.
SHARES = tuple(
    OpenColumn(
        f"good_{question.value}",
        question.label,
        _("五个笑脸问这一题，按“好”和“很好”的占百分之几，写到最近的10"),
    )
    for question in FaceQuestion
    if question != FaceQuestion.OVERALL
)

COLUMNS = (
    Column("year", _("年"), Shape.SHORT),
    Column("code", _("区划代码"), Shape.DIGITS),
    Column("name", _("单位"), Shape.WORDS),
    Column("level", _("级别"), Shape.SHORT),
    Column("above", _("上级代码"), Shape.DIGITS),
    *[Column(each.key, each.heading) for each in (*MEASURES, *SHARES)],
)
DICTIONARY_COLUMNS = (
    Column("column", _("列"), Shape.WORDS),
    Column("key", _("英文名"), Shape.WORDS),
    Column("meaning", _("意思"), Shape.WORDS),
    Column("hidden", _("小的数怎么写"), Shape.WORDS),
)


# --- The table --------------------------------------------------------------------------------


def units_told() -> list[Unit]:
    """Open ones from the top down to the streets, in today's tree and its order."""
    return list(Unit.objects.open().exclude(level=Level.VILLAGE))


def rows_of(year: int) -> list[list[Value]]:
    """As the file has them: hidden cells are HIDDEN. Some ten queries, however many units."""
    units = units_told()
    told: dict[str, dict[int, int | str]] = hide(units, counted(units, year))
    told |= shares_of(units, year)
    codes = {unit.path: unit.code for unit in units}
    return [
        [
            year,
            unit.code,
            unit.name,
            str(Level(unit.level).label),
            codes.get(unit.path[: -Unit.steplen]),
            *[told[each.key][unit.pk] for each in (*MEASURES, *SHARES)],
        ]
        for unit in units
    ]


def hide(units: Sequence[Unit], numbers: Mapping[str, Numbers]) -> dict[str, dict[int, int | str]]:
    """By measure and unit the number, or HIDDEN."""
    families = families_of(units)
    hidden: dict[str, set[int]] = {}
    for each in MEASURES:
        if not each.of_people:
            hidden[each.key] = set()
            continue
        first = small(numbers[each.key]) | hidden.get(each.with_those_of, set())
        first -= {unit for unit, number in numbers[each.key].items() if number == 0}
        hidden[each.key] = hidden_cells(numbers[each.key], families, first=first)
    return {
        key: {unit: HIDDEN if unit in hidden[key] else number for unit, number in of_units.items()}
        for key, of_units in numbers.items()
    }


def families_of(units: Sequence[Unit]) -> dict[int, list[int]]:
    """By each unit's key those right below it that are told of."""
    by_path = {unit.path: unit for unit in units}
    found: dict[int, list[int]] = {}
    for unit in units:
        above = by_path.get(unit.path[: -Unit.steplen])
        if above is not None:
            found.setdefault(above.pk, []).append(unit.pk)
    return found


# --- Counting ---------------------------------------------------------------------------------


def counted(units: Sequence[Unit], year: int) -> dict[str, Numbers]:
    """By measure and unit, nothing hidden; 0 where there is nothing."""
    period = Period(PeriodKind.YEAR, date(year, 1, 1))
    begins, ends = period.moments()
    keys = {unit.path: unit.pk for unit in units}
    days = DailyRollup.objects.filter(
        unit__in=keys.values(), day__range=(period.starts_on, period.ends_on)
    )
    sums = {
        unit: (held, came, heads)
        for unit, held, came, heads in days.values_list("unit")
        .annotate(Sum("held"), Sum("attendances"), Sum("headcount"))
        .order_by()
    }
    helped = HelperTime.objects.filter(
        session__starts_at__gte=begins, session__starts_at__lt=ends
    ).exclude(session__state=SessionState.CANCELLED)
    helpers = helped.values_list("session__class_group__unit__path", "person")
    faces = FaceTally.objects.filter(
        question=FaceQuestion.OVERALL, month__range=(period.starts_on, period.ends_on)
    )
    villages = Unit.objects.filter(level=Level.VILLAGE).open_on(period.ends_on)
    numbers = {
        "sessions": {unit: row[0] for unit, row in sums.items()},
        "attendances": {unit: row[1] for unit, row in sums.items()},
        "lectures": {unit: row[2] for unit, row in sums.items()},
        "learners": dict(
            DistinctLearnerCount.objects.filter(
                period_kind=period.kind, starts_on=period.starts_on
            ).values_list("unit", "learners")
        ),
        "villages": _up(villages.values_list("path").annotate(Count("pk")), keys),
        "covered": _up(_held(villages, period).values_list("path").annotate(Count("pk")), keys),
        "classes": _up(_classes(begins, ends), keys),
        "volunteers": _different(helpers.distinct().order_by(), keys),
        "hours": _hours(helped, keys),
    } | {
        f"face_{face.value}": _up(
            faces.filter(face=face).values_list("unit__path").annotate(Sum("times")).order_by(),
            keys,
        )
        for face in Face
    }
    return {
        each.key: {unit.pk: numbers[each.key].get(unit.pk, 0) for unit in units}
        for each in MEASURES
    }


def shares_of(units: Sequence[Unit], year: int) -> dict[str, dict[int, int | str]]:
    """By question and unit how many of a hundred answers were good, to the nearest ten; HIDDEN of
    fewer than ANSWERS_LEAST. One query."""
    keys = {unit.path: unit.pk for unit in units}
    rows = FaceTally.objects.filter(month__year=year).values_list("question", "face", "unit__path")
    tallies: dict[tuple[str, bool], list[tuple[str, int]]] = {}
    for question, face, path, times in rows.annotate(Sum("times")).order_by():
        tallies.setdefault((question, face in GOOD), []).append((path, times))
    found: dict[str, dict[int, int | str]] = {}
    for question in FaceQuestion:
        good = _up(tallies.get((question.value, True), ()), keys)
        other = _up(tallies.get((question.value, False), ()), keys)
        found[f"good_{question.value}"] = {
            unit.pk: _share(good.get(unit.pk, 0), other.get(unit.pk, 0)) for unit in units
        }
    return found


def _share(good: int, other: int) -> int | str:
    answers = good + other
    if answers < ANSWERS_LEAST:
        return HIDDEN
    return STEP * round(100 * good / answers / STEP)


def _held(villages: QuerySet[Unit], period: Period) -> QuerySet[Unit]:
    days = DailyRollup.objects.filter(held__gt=0, day__range=(period.starts_on, period.ends_on))
    return villages.filter(pk__in=days.values("unit"))


def _classes(begins: datetime, ends: datetime) -> Iterable[tuple[str, int]]:
    held = Q(
        sessions__state=SessionState.CLOSED,
        sessions__starts_at__gte=begins,
        sessions__starts_at__lt=ends,
    )
    found = ClassGroup.objects.filter(held).values_list("unit__path")
    return found.annotate(Count("pk", distinct=True)).order_by()


def _up(rows: Iterable[tuple[str, int]], keys: Mapping[str, int]) -> Numbers:
    """Numbers by path, summed up the tree to the units that are told of."""
    found: Numbers = {}
    for path, number in rows:
        for above in paths_to(path):
            if above in keys:
                found[keys[above]] = found.get(keys[above], 0) + number
    return found


def _different(rows: Iterable[tuple[str, int]], keys: Mapping[str, int]) -> Numbers:
    """How many different people each unit has; a person of several counts once above them."""
    people: dict[int, set[int]] = {}
    for path, person in rows:
        for above in paths_to(path):
            if above in keys:
                people.setdefault(keys[above], set()).add(person)
    return {unit: len(some) for unit, some in people.items()}


def _hours(helped: QuerySet[HelperTime], keys: Mapping[str, int]) -> Numbers:
    """To the hour where nothing is below, and above that the sum of these: so that they add up."""
    minutes = helped.values_list("session__class_group__unit__path").annotate(Sum("minutes"))
    at_streets: dict[str, int] = {}
    for path, number in minutes.order_by():
        nearest = next((each for each in reversed(paths_to(path)) if each in keys), None)
        if nearest is not None:
            at_streets[nearest] = at_streets.get(nearest, 0) + number
    return _up([(path, (number + 30) // 60) for path, number in at_streets.items()], keys)


# --- Files ------------------------------------------------------------------------------------


def content_of(year: int) -> tuple[bytes, int]:
    """The CSV, UTF-8 with a mark at its beginning, and how many rows it has."""
    rows = rows_of(year)
    return write_csv(COLUMNS, rows), len(rows)


def dictionary() -> bytes:
    """What each column of the CSV means, as a CSV."""
    words: Callable[[str | Promise], str] = str
    first = {
        "year": _("从1月1日到12月31日"),
        "code": _("统计用区划代码：4位市，6位区县，9位街镇"),
        "name": _("出这份数据的那天的名称"),
        "level": _("市、区县、街镇；不到村居"),
        "above": _("上一级单位的区划代码；最上面的没有"),
    }
    rows: list[list[Value]] = [
        [words(column.heading), column.key, words(first[column.key]), ""]
        for column in COLUMNS
        if column.key in first
    ]
    rows += [
        [words(each.heading), each.key, words(each.meaning), words(_hiding(each))]
        for each in MEASURES
    ]
    few = _("答了不到%(count)d次写*") % {"count": ANSWERS_LEAST}
    rows += [[words(each.heading), each.key, words(each.meaning), few] for each in SHARES]
    return write_csv(DICTIONARY_COLUMNS, rows)


def _hiding(measure: OpenColumn) -> str | Promise:
    if not measure.of_people:
        return _("不是人数，照实写")
    return _("1到4写*；靠别的数能算出来的，再写一个*。0照实写")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
