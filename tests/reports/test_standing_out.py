"""What stands out: each kind with its sentence, none where all is as usual, in six queries."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent
from lms.classes.choices import ClassKind, Door, SessionState
from lms.classes.models import ClassSession
from lms.classes.services.enrolments import enrol
from lms.people.services.learners import register_learner
from lms.reports.standing_out.covering import CONDITIONS_MOST, topmost, within
from lms.reports.standing_out.findings import Unusual, what_stands_out
from lms.statistics.choices import PeriodKind
from lms.statistics.models import DailyRollup, SessionCounters
from lms.statistics.periods import Period
from lms.statistics.services.rollup import settle_sessions
from lms.units.models import Unit
from tests.cast import make_class
from tests.reports.conftest import session_on, take_roll
from tests.reports.reading import csv_rows, page_rows
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

MARCH = Period(PeriodKind.MONTH, date(2026, 3, 1))
APRIL = Period(PeriodKind.MONTH, date(2026, 4, 1))
VILLAGE, QUIET_VILLAGE, STREET = "440103001001", "440103001002", "440103001"


def held_on(group, day, *, came, missing=0, headcount=0):
    """A session that was held, with sums of that size and no roll behind them."""
    start = timezone.make_aware(datetime.combine(day, time(9, 30)))
    session = ClassSession.objects.create(
        class_group=group,
        planned_at=start,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        state=SessionState.CLOSED,
        closed_at=start + timedelta(hours=1),
        closed_by=group.teachers.first(),
    )
    settle_sessions([session.pk])
    sums = {"held": 1, "attendances": came, "absences": missing, "headcount": headcount}
    SessionCounters.objects.filter(session=session).update(**sums)
    for unit in (group.unit, *group.unit.get_ancestors()):
        DailyRollup.objects.update_or_create(
            unit=unit, day=day, kind=group.kind, subject="", defaults={"planned": 1, **sums}
        )
    return session


def weekly(group, first, counts, **more):
    for number, came in enumerate(counts):
        held_on(group, first + timedelta(weeks=number), came=came, **more)


def kinds_at(unit, period=MARCH):
    return [each.kind for each in what_stands_out([unit], period)[unit.pk]]


@pytest.fixture
def village(units):
    return units[VILLAGE]


def test_all_there_four_weeks_in_a_row_stands_out(cast, village):
    weekly(cast.class_group, date(2026, 3, 3), [23, 24, 25, 24])
    [found] = what_stands_out([village], MARCH)[village.pk]
    assert (found.kind, found.unit_id) == (Unusual.ALWAYS_FULL, village.pk)
    assert "翠洲社区“翠洲手机班”连着4周每次都到齐（100%），最近一次24人。" in found.sentence


def test_one_who_was_away_in_between_is_as_usual(cast, village):
    weekly(cast.class_group, date(2026, 3, 3), [23, 24])
    held_on(cast.class_group, date(2026, 3, 17), came=22, missing=1)
    weekly(cast.class_group, date(2026, 3, 24), [23, 24])
    assert kinds_at(village) == []


def test_a_row_may_begin_before_the_period_but_must_end_in_it(cast, village):
    weekly(cast.class_group, date(2026, 3, 10), [23, 24, 25, 24])
    assert kinds_at(village, MARCH) == [Unusual.ALWAYS_FULL]
    assert Unusual.ALWAYS_FULL not in kinds_at(village, APRIL)
    held_on(cast.class_group, date(2026, 4, 7), came=25)
    assert Unusual.ALWAYS_FULL in kinds_at(village, APRIL)


def test_the_same_number_five_times_in_a_row_stands_out(cast, village):
    weekly(cast.class_group, date(2026, 3, 2), [20, 20, 20, 20, 20], missing=3)
    [found] = what_stands_out([village], MARCH)[village.pk]
    assert found.kind == Unusual.SAME_COUNT
    assert "连着5次课都是20人" in found.sentence


def test_the_same_number_now_and_then_is_as_usual(cast, village):
    for day, came in enumerate([20, 21, 20, 20, 22, 20, 20, 19, 20, 20], start=2):
        held_on(cast.class_group, date(2026, 3, day), came=came, missing=3)
    assert kinds_at(village) == []


@pytest.mark.parametrize("kind", [ClassKind.HOME_TUTORING, ClassKind.VILLAGE_CLASS])
def test_of_a_few_people_it_is_no_wonder(cast, village, kind):
    group = make_class(village, "陈阿婆家", cast.teacher, kind=kind)
    weekly(group, date(2026, 3, 2), [2, 2, 2, 2, 2])
    assert kinds_at(village) == []


def test_more_than_the_room_holds_stands_out_and_comes_first(cast, village):
    type(cast.class_group).objects.update(capacity=20)
    weekly(cast.class_group, date(2026, 3, 3), [21, 22, 25, 22])
    heavier, lighter = what_stands_out([village], MARCH)[village.pk]
    assert (heavier.kind, lighter.kind) == (Unusual.MORE_THAN_ROOM, Unusual.ALWAYS_FULL)
    assert "有4次到的人比登记的位子多：最多一次25人，位子20个" in heavier.sentence
    assert heavier.weight > lighter.weight


def test_just_as_many_as_there_are_seats_is_as_usual(cast, village):
    type(cast.class_group).objects.update(capacity=20)
    held_on(cast.class_group, date(2026, 3, 3), came=20)
    assert kinds_at(village) == []


# --- How long a roll took ---------------------------------------------------------------------


def called(cast, village, people, *, seconds):
    """A roll of so many, closed so long after its first mark."""
    learners = [register_learner(name=f"学员{n}", unit=village) for n in range(people)]
    for learner in learners:
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    before = timezone.make_aware(datetime.combine(date(2026, 2, 1), time()))
    cast.class_group.enrolments.update(joined_at=before)
    session = session_on(cast.class_group, 3, 3)
    came = [AttendanceStatus.PRESENT] * (people - 1) + [AttendanceStatus.ABSENT]
    take_roll(session, learners, cast.teacher, *came)
    first = AttendanceEvent.objects.order_by("marked_at").first().marked_at
    ClassSession.objects.filter(pk=session.pk).update(closed_at=first + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("people", "seconds", "expected"),
    [(21, 60, [Unusual.QUICK_ROLL]), (21, 61, []), (20, 30, [])],
)
def test_a_roll_of_more_than_twenty_that_took_a_minute(cast, village, people, seconds, expected):
    called(cast, village, people, seconds=seconds)
    assert kinds_at(village) == expected


# --- Of whole units ---------------------------------------------------------------------------


def months_of(unit, *numbers):
    """So many came in each month from September 2025 on."""
    for number, came in enumerate(numbers):
        year, month = divmod(8 + number, 12)
        DailyRollup.objects.create(
            unit=unit, day=date(2025 + year, month + 1, 9), kind="village",
            planned=1, held=1, attendances=came,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("now", "words_said"), [(151, "多了一半还多"), (49, "少了一半还多"), (150, ""), (50, "")]
)
def test_a_jump_of_more_than_half_against_six_months(village, now, words_said):
    months_of(village, 100, 100, 100, 100, 100, 100, now)
    found = what_stands_out([village], MARCH)[village.pk]
    assert [each.kind for each in found] == ([Unusual.JUMP] if words_said else [])
    assert all(words_said in each.sentence for each in found)


def test_while_a_month_runs_fewer_is_not_yet_told(village, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: date(2026, 3, 12))
    months_of(village, 100, 100, 100, 100, 100, 100, 10)
    assert kinds_at(village) == []
    DailyRollup.objects.filter(day__month=3).update(attendances=160)
    assert kinds_at(village) == [Unusual.JUMP]


def test_a_village_without_a_class_says_so_and_its_street_how_many(cast, units, village):
    held_on(cast.class_group, date(2026, 3, 3), came=12, missing=1)
    quiet, street = units[QUIET_VILLAGE], units[STREET]
    found = what_stands_out([village, quiet, street], MARCH)
    assert found[village.pk] == []
    assert [each.kind for each in found[quiet.pk]] == [Unusual.NOTHING_HELD]
    assert "沙面社区这段时间没有上过课" in found[quiet.pk][0].sentence
    assert "沙面街道有1个村居这段时间没有上过课，一共2个村居。" in found[street.pk][0].sentence


def test_six_weeks_without_a_class_in_a_longer_time(cast, village):
    year = Period(PeriodKind.TERM, date(2026, 2, 1))
    held_on(cast.class_group, date(2026, 6, 18), came=12, missing=1)
    assert kinds_at(village, year) == [Unusual.SIX_WEEKS]
    held_on(cast.class_group, date(2026, 6, 20), came=12, missing=1)
    assert kinds_at(village, year) == []


def test_a_village_that_is_new_is_given_its_time(village):
    Unit.objects.filter(pk=village.pk).update(opened_on=date(2026, 3, 20))
    assert kinds_at(Unit.objects.get(pk=village.pk)) == []


# --- Of many ----------------------------------------------------------------------------------


def test_however_many_units_it_takes_as_many_queries(
    cast, units, village, django_assert_num_queries
):
    weekly(cast.class_group, date(2026, 3, 3), [23, 24, 25, 24])
    for some in ([village], list(units.values())):
        with django_assert_num_queries(6):
            found = what_stands_out(some, MARCH)
        assert set(found) == {unit.pk for unit in some}
        assert found[some[0].pk][0].kind == Unusual.ALWAYS_FULL
    assert what_stands_out([], MARCH) == {}


def test_a_thousand_units_make_one_condition(units):
    many = [
        Unit(path=f"{units[STREET].path}{number:04d}", depth=4)
        for number in range(CONDITIONS_MOST + 1)
    ]
    assert len(topmost([*many, units[STREET]])) == 1
    assert within(many).children == [("path__startswith", units[STREET].path)]


# --- The page ---------------------------------------------------------------------------------


def test_the_report_says_each_thing_once_and_leads_to_its_unit(as_, cast, units):
    weekly(cast.class_group, date(2026, 3, 3), [23, 24, 25, 24])
    answer = as_("street_officer").get(f"/reports/{STREET}/standing-out/?period=2026-03")
    rows = page_rows(answer)
    assert [row[1] for row in rows[1:]] == ["每次都到齐", "没有上过课", "没有上过课"]
    said = words(answer)
    assert "沙面街道2026年3月有3处可以去看一看。" in said
    assert "不是说谁做错了" in said
    assert f"/reports/{VILLAGE}/?period=2026-03" in answer.content.decode()


def test_where_all_is_as_usual_it_says_that(as_, cast):
    held_on(cast.class_group, date(2026, 3, 3), came=12, missing=1)
    rows = csv_rows(
        as_("street_officer").get(f"/reports/{VILLAGE}/standing-out.csv?period=2026-03")
    )
    assert rows[1:] == [["翠洲社区", "没有", "没有看到不寻常的地方。"]]


def test_a_villages_page_shows_the_first_of_them(as_, cast):
    weekly(cast.class_group, date(2026, 3, 3), [23, 24, 25, 24])
    browser = as_("street_officer")
    answer = browser.get(f"/reports/{VILLAGE}/?period=2026-03")
    assert page_rows(answer, "standing-out")[1][1] == "每次都到齐"
    quiet = browser.get(f"/reports/{VILLAGE}/?period=2026-02")
    assert "可以去看一看的" in words(quiet)  # nothing was held


def test_no_sentence_accuses(cast, village):
    type(cast.class_group).objects.update(capacity=20)
    weekly(cast.class_group, date(2026, 3, 3), [24, 24, 24, 24, 24])
    months_of(village, 100, 100, 100, 100, 100, 100)
    for each in what_stands_out([village], MARCH)[village.pk]:
        assert not any(word in each.sentence for word in ("假", "造", "违", "错误", "作弊"))
        assert any(word in each.sentence for word in ("也许", "会这样"))
