"""On which days no class meets, and what becomes of the sessions that were planned there."""

from datetime import date, datetime, time

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.attendance.services.headcounts import record_headcount
from lms.classes.choices import SessionState, WhenClosed
from lms.classes.class_days import class_days
from lms.classes.holidays import holidays_of, is_class_day, made_up_days_of
from lms.classes.models import CalendarDay, ClassSession, ClosingDay, WeeklyTime
from lms.classes.services.closing_days import (
    DaysRefused,
    close_days,
    correct_calendar,
    drop_correction,
    foresee,
    open_days,
)
from lms.classes.services.sessions import plan_sessions
from tests.cast import make_class
from tests.staff_pages import pretend_today, words

pytestmark = pytest.mark.django_db

TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 9, day) for day in (8, 9, 10))


@pytest.fixture(autouse=True)
def today(monkeypatch):
    pretend_today(monkeypatch, date(2026, 9, 1))


def on_weekdays(group, *weekdays):
    for weekday in weekdays:
        WeeklyTime.objects.create(
            class_group=group, weekday=weekday, starts_at=time(9), ends_at=time(10, 30)
        )
    plan_sessions(group)


@pytest.fixture
def group(cast):
    """A class on Tuesdays and Wednesdays of September and October 2026."""
    group = cast.class_group
    group.starts_on, group.ends_on = date(2026, 9, 1), date(2026, 10, 31)
    group.save()
    on_weekdays(group, 2, 3)
    return group


@pytest.fixture
def close(cast, units):
    def close(code="440103001", first=TUESDAY, last=WEDNESDAY, then=WhenClosed.CANCEL, **more):
        return close_days(
            unit=units[code],
            first=first,
            last=last,
            then=then,
            **{"reason": "台风", "recorded_by": cast.street_officer, **more},
        )

    return close


def on_day(group, day):
    return group.sessions.get(starts_at__date=day)


def days_of(group, state=SessionState.PLANNED):
    starts = group.sessions.filter(state=state).values_list("starts_at", flat=True)
    return [timezone.localtime(start).date() for start in starts]


def everything():
    """But for how often a session has changed, which only grows."""
    kept = ("pk", "class_group", "planned_at", "starts_at", "ends_at", "state", "reason")
    return [
        list(ClassSession.objects.order_by("pk").values_list(*kept)),
        list(ClosingDay.objects.order_by("pk").values_list()),
        list(CalendarDay.objects.order_by("pk").values_list()),
    ]


def test_sessions_on_closing_days_are_cancelled_with_the_reason(group, close):
    outcome = close()
    assert [session.class_group for session in outcome.cancelled] == [group, group]
    assert days_of(group, SessionState.CANCELLED) == [TUESDAY, WEDNESDAY]
    assert {session.reason for session in outcome.cancelled} == {"台风"}
    assert ClosingDay.objects.count() == 2


def test_a_neighbouring_street_goes_on(cast, units, group, close):
    other = cast.other_class
    other.starts_on, other.ends_on = date(2026, 9, 1), date(2026, 10, 31)
    other.save()
    on_weekdays(other, 2)
    close()
    assert TUESDAY in days_of(other)
    close(code="440103")
    assert TUESDAY not in days_of(other)


def test_moved_sessions_go_to_the_next_free_class_days_at_their_own_hour(group, close):
    outcome = close(then=WhenClosed.MOVE)
    assert not outcome.cancelled
    new = [timezone.localtime(session.starts_at) for session in outcome.moved]
    assert new == [
        datetime(2026, 9, day, 9, tzinfo=timezone.get_current_timezone()) for day in (10, 11)
    ]
    assert all((s.ends_at - s.starts_at).seconds == 90 * 60 for s in outcome.moved)
    assert {timezone.localtime(s.planned_at).date() for s in outcome.moved} == {TUESDAY, WEDNESDAY}
    assert {session.reason for session in outcome.moved} == {"台风"}


def test_what_is_moved_skips_holidays_other_closings_and_the_classs_own_days(group, units, close):
    """From the last Wednesday before National Day: 1 to 7 October is off, 8 closed, 9 is free."""
    ClosingDay.objects.create(unit=units["440103001001"], day=date(2026, 10, 8), reason="装修")
    [moved] = close(first=date(2026, 9, 30), last=date(2026, 9, 30), then=WhenClosed.MOVE).moved
    assert timezone.localtime(moved.starts_at).date() == date(2026, 10, 9)


def test_a_session_that_somebody_counted_stays_as_it_is(group, close):
    record_headcount(on_day(group, TUESDAY), headcount=12)
    outcome = close()
    assert [timezone.localtime(s.starts_at).date() for s in outcome.left] == [TUESDAY]
    assert days_of(group, SessionState.CANCELLED) == [WEDNESDAY]


def test_opening_again_holds_what_the_closing_cancelled_and_nothing_else(group, units, close):
    tuesday = on_day(group, TUESDAY)
    tuesday.state, tuesday.reason = SessionState.CANCELLED, "老师生病"
    tuesday.save()
    close()
    outcome = open_days(unit=units["440103001"], first=TUESDAY, last=WEDNESDAY)
    assert [timezone.localtime(s.starts_at).date() for s in outcome.restored] == [WEDNESDAY]
    assert days_of(group, SessionState.CANCELLED) == [TUESDAY]
    assert on_day(group, WEDNESDAY).reason == ""
    assert not ClosingDay.objects.exists()


def test_opening_again_changes_nothing_where_another_unit_stays_closed(group, units, close):
    close(code="440103001001")
    ClosingDay.objects.create(unit=units["440103"], day=TUESDAY, reason="全区停课")
    open_days(unit=units["440103001001"], first=TUESDAY, last=WEDNESDAY)
    assert days_of(group, SessionState.CANCELLED) == [TUESDAY]


def test_opening_again_plans_what_was_never_planned(cast, units, close):
    close()
    group = make_class(units["440103001001"], "后来的班", cast.teacher, ends_on=date(2026, 9, 30))
    on_weekdays(group, 2)
    assert TUESDAY not in days_of(group)
    [planned] = open_days(unit=units["440103001"], first=TUESDAY, last=TUESDAY).planned
    assert planned.class_group == group
    assert TUESDAY in days_of(group)


def test_closing_and_opening_again_leaves_no_trace(group, units, close):
    before = everything()
    close()
    open_days(unit=units["440103001"], first=TUESDAY, last=WEDNESDAY)
    assert everything() == before


@pytest.mark.parametrize("then", WhenClosed)
def test_what_is_foreseen_is_what_happens_and_writes_nothing(group, close, then):
    before = everything()
    seen = foresee(lambda: close(then=then))
    assert everything() == before
    done = close(then=then)
    for name in ("cancelled", "moved", "left"):
        assert [(s.pk, s.starts_at, s.state) for s in getattr(seen, name)] == [
            (s.pk, s.starts_at, s.state) for s in getattr(done, name)
        ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"last": date(2026, 9, 7)}, "不能早于第一天"),
        ({"first": date(2026, 7, 1)}, "最早只能补登记31天以前的"),
        ({"last": date(2026, 12, 31)}, "一次最多62天"),
        ({"reason": " "}, "请写明停课的原因"),
    ],
)
def test_days_that_cannot_be_closed_are_refused_in_words(group, close, wrong, said):
    before = everything()
    with pytest.raises(DaysRefused, match=said):
        close(**wrong)
    assert everything() == before


def test_the_same_days_are_not_closed_twice_and_a_longer_closing_adds_the_rest(group, close):
    close()
    with pytest.raises(DaysRefused, match="已经登记过"):
        close()
    close(last=THURSDAY)
    assert ClosingDay.objects.count() == 3


def test_many_classes_cost_no_more_queries_than_one(
    cast, units, group, close, django_assert_max_num_queries
):
    for number in range(12):
        more = make_class(units["440103001002"], f"{number}班", cast.teacher)
        more.ends_on = date(2026, 9, 30)
        more.save()
        on_weekdays(more, 2)
    with django_assert_max_num_queries(30):
        outcome = close(then=WhenClosed.MOVE)
    assert len(outcome.moved) == 14


# --- The national calendar and what a city says of it


def test_the_calendar_tells_holidays_with_their_weekends_and_the_made_up_days():
    told = {holiday.names[-1]: holiday for holiday in holidays_of(2026)}
    national = told["国庆节"]
    assert (national.first, national.last, national.days) == (
        date(2026, 10, 1), date(2026, 10, 7), 7,
    )  # fmt: skip
    assert all(not is_class_day(holiday.first) for holiday in told.values())
    assert date(2026, 10, 10) in made_up_days_of(2026)


@pytest.fixture
def correct(cast, units):
    def correct(day, meets, code="4401", then=WhenClosed.CANCEL):
        return correct_calendar(
            unit=units[code],
            day=day,
            meets=meets,
            reason="市里通知",
            then=then,
            recorded_by=cast.city_officer,
        )

    return correct


def test_a_city_may_hold_class_on_a_holiday_and_take_it_back(group, correct):
    before = days_of(group)
    holiday = date(2026, 10, 6)  # a Tuesday
    [planned] = correct(holiday, True).planned
    assert timezone.localtime(planned.starts_at).date() == holiday
    assert plan_sessions(group) == 0
    drop_correction(CalendarDay.objects.get())
    assert days_of(group, SessionState.CANCELLED) == [holiday]
    assert days_of(group) == before


def test_a_city_may_keep_off_a_day_that_the_calendar_has_as_a_working_day(group, correct):
    correct(TUESDAY, False)
    assert days_of(group, SessionState.CANCELLED) == [TUESDAY]
    drop_correction(CalendarDay.objects.get())
    assert not days_of(group, SessionState.CANCELLED)


def test_a_village_that_closes_stays_closed_on_a_day_that_the_city_opened(group, units, correct):
    holiday = date(2026, 10, 6)
    ClosingDay.objects.create(unit=units["440103001001"], day=holiday, reason="装修")
    assert not correct(holiday, True).planned
    days = class_days(units["4401"], holiday, holiday)
    assert not days.hold(holiday, units["440103001001"])
    assert days.hold(holiday, units["440103001002"])


@pytest.mark.parametrize(
    ("day", "meets", "code", "said"),
    [
        (TUESDAY, True, "4401", "本来就照常上课"),
        (date(2026, 10, 6), False, "4401", "本来就放假"),
        (TUESDAY, False, "440103", "由市里统一更正"),
    ],
)
def test_a_correction_that_says_nothing_or_is_not_a_citys_is_refused(
    group, correct, day, meets, code, said
):
    with pytest.raises(DaysRefused, match=said):
        correct(day, meets, code)
    assert not CalendarDay.objects.exists()


def test_the_database_keeps_one_correction_of_a_day_and_only_with_a_reason(cast, units):
    row = {"unit": units["4401"], "day": TUESDAY, "meets": False, "recorded_by": cast.city_officer}
    CalendarDay.objects.create(**row, reason="通知")
    for reason in ("又一个", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarDay.objects.create(**row, reason=reason)


# --- The page


def closing_form(**changes):
    return {
        "close-unit": "沙面街道",
        "close-first": "2026-09-08",
        "close-last": "2026-09-09",
        "close-reason": "台风",
        "close-then": "cancel",
        **changes,
    }


def test_an_officer_looks_at_the_sessions_before_the_closing_is_made(as_, group):
    client = as_("street_officer")
    before = everything()
    page = words(client.post("/classes/days/close/", closing_form()))
    for said in ("还没有改", "要取消的课（2次）", "翠洲手机班，翠洲社区"):
        assert said in page
    assert everything() == before
    page = words(client.post("/classes/days/close/", closing_form(confirm="1"), follow=True))
    assert "办好了" in page
    assert "9月8日（星期二）–9月9日（星期三）" in page
    assert len(days_of(group, SessionState.CANCELLED)) == 2


def test_going_back_from_the_preview_keeps_what_was_filled_in(as_, group):
    page = as_("street_officer").post("/classes/days/close/", closing_form(back="1"))
    assert 'value="台风"' in page.content.decode()
    assert not ClosingDay.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"close-unit": "岭南街道"}, "没有找到“岭南街道”"),
        ({"close-unit": "4401"}, "没有找到“4401”"),
        ({"close-last": "2026-09-01"}, "不能早于第一天"),
        ({"close-then": ""}, "这里还没有选。"),
    ],
)
def test_an_officer_closes_own_units_only_and_reads_what_is_wrong(as_, group, wrong, said):
    response = as_("street_officer").post("/classes/days/close/", closing_form(**wrong))
    assert response.status_code == 422
    assert said in words(response)
    assert not ClosingDay.objects.exists()


def test_a_closing_is_taken_back_on_the_page_by_whoever_is_over_its_unit(as_, group, close):
    close()
    url = "/classes/days/open/440103001/2026-09-08/2026-09-09/"
    assert url not in as_("teacher").get("/classes/days/").content.decode()
    client = as_("street_officer")
    assert url in client.get("/classes/days/").content.decode()
    assert "恢复上课的（2次）" in words(client.get(url))
    assert ClosingDay.objects.count() == 2
    client.post(url, {"confirm": "1"})
    assert not ClosingDay.objects.exists()
    assert client.get(url).status_code == 302  # nothing left to take back
    assert client.get("/classes/days/open/440103001/2026-09-31/nonsense/").status_code == 404


def test_a_teacher_reads_what_the_district_closes_and_nothing_of_other_districts(
    as_, cast, group, units, close
):
    close(code="440103")
    close(code="440104", reason="越秀停课")
    page = words(as_("teacher").get("/classes/days/"))
    assert "台风" in page
    assert "越秀停课" not in page
    assert "登记停课" not in page
    assert "国庆节" in page


def test_only_a_citys_officer_is_offered_to_correct_the_calendar(as_, group):
    assert "更正一天" not in words(as_("street_officer").get("/classes/days/"))
    client = as_("city_officer")
    assert "更正一天" in words(client.get("/classes/days/"))
    city = CalendarDay._meta.get_field("unit").related_model.objects.get(code="4401")
    sent = {
        "correct-unit": city.pk,
        "correct-day": "2026-10-06",
        "correct-meets": "yes",
        "correct-reason": "市里通知",
        "correct-then": "cancel",
    }
    assert "要补排的课（1次）" in words(client.post("/classes/days/correct/", sent))
    client.post("/classes/days/correct/", {**sent, "confirm": "1"})
    page = words(client.get("/classes/days/"))
    assert "2026-10-06 广州市" in page
    drop = f"/classes/days/correct/{CalendarDay.objects.get().pk}/drop/"
    assert "要取消的课（1次）" in words(client.get(drop))
    client.post(drop, {"confirm": "1"})
    assert not CalendarDay.objects.exists()
