"""Sessions that no pattern asks for, patterns that make none, and classes that clash."""

import re
import uuid
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from lms.attendance.queries import roll_lines
from lms.classes.choices import ClassKind, WhenClosed
from lms.classes.clashes import clashes_of
from lms.classes.models import ClassGroup, ClassSession
from lms.classes.services.class_groups import MeetingTime, create_class, update_class
from lms.classes.services.closing_days import close_days, foresee
from lms.classes.services.errors import ClassRefused
from lms.classes.services.sessions import add_session, move_session, plan_sessions
from lms.classes.wall_clock import moment
from lms.statistics.models import SessionCounters
from tests.cast import make_class
from tests.staff_pages import VILLAGE, class_form, pretend_today, session_of, words

pytestmark = pytest.mark.django_db
TUESDAY = 2


def new(units, cast, title="新班", **changes):
    return create_class(
        **{
            "unit": units[VILLAGE],
            "title": title,
            "kind": ClassKind.VILLAGE_CLASS,
            "starts_on": date(2027, 3, 1),
            "ends_on": date(2027, 3, 31),
            "weekly_times": [MeetingTime(TUESDAY, time(9, 30), time(11))],
            "teachers": [cast.teacher],
            **changes,
        }
    )


def sent_class(weekday="", first="", last="", **changes):
    times = {"times-0-weekday": weekday, "times-0-starts_at": first, "times-0-ends_at": last}
    return class_form(**{**times, **changes})


# --- A pattern that makes none ----------------------------------------------------------------


def test_a_lecture_of_one_monday_that_meets_on_tuesdays_is_refused_with_the_reason(as_, cast):
    sent = sent_class(
        TUESDAY, "09:30", "11:00", kind="lecture", starts_on="2026-11-30", ends_on="2026-11-30"
    )
    answer = as_("street_officer").post(f"/classes/new/{VILLAGE}/", sent)
    assert answer.status_code == 422
    assert "从2026-11-30到2026-11-30没有星期二，一次课也排不出来" in words(answer)
    assert "排好了" not in words(answer)
    assert not ClassGroup.objects.filter(starts_on=date(2026, 11, 30)).exists()


def test_a_pattern_of_holidays_only_is_refused_with_the_reason(units, cast):
    with pytest.raises(ClassRefused, match="都是节假日或停课日"):
        new(units, cast, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 7))


def test_home_tutoring_without_hours_is_saved_and_says_what_to_do(as_, cast):
    sent = class_form(kind="home", starts_on="2026-11-01", ends_on="2027-11-01")
    page = words(as_("street_officer").post(f"/classes/new/{VILLAGE}/", sent, follow=True))
    assert "排好了" not in page
    assert "请按“加一次课”" in page


def test_that_sessions_were_planned_is_said_when_there_are_some(as_, cast):
    tomorrow = timezone.localdate() + timedelta(days=1)
    sent = sent_class(
        TUESDAY, "09:30", "11:00", starts_on=tomorrow, ends_on=tomorrow + timedelta(days=365)
    )
    page = words(as_("street_officer").post(f"/classes/new/{VILLAGE}/", sent, follow=True))
    made = ClassGroup.objects.get(starts_on=tomorrow).sessions.count()
    assert made > 30
    assert f"课次也排好了：以后还有{made}次" in page


# --- Added singly -----------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-20, 0, 20])
def test_a_session_is_added_in_the_past_and_to_come(as_, cast, days):
    day = timezone.localdate() + timedelta(days=days)
    sent = {"day": day, "starts_at": "09:00", "ends_at": "10:30", "reason": "上门", "anyway": "1"}
    as_("teacher").post(f"/classes/{cast.class_group.pk}/add/", sent)
    session = cast.class_group.sessions.get()
    assert (session.day, session.added_by, session.reason) == (day, cast.teacher, "上门")
    assert SessionCounters.objects.get(session=session).planned == 1
    page = words(as_("teacher").get(f"/classes/sessions/{session.pk}/"))
    assert "这次课是teacher加的。上门" in page


def test_who_does_not_keep_the_class_adds_nothing(as_, cast):
    for who in ("auditor", "other_teacher", "volunteer", "stranger"):
        answer = as_(who).get(f"/classes/{cast.class_group.pk}/add/")
        assert answer.status_code in (403, 404), who


def test_hours_that_cannot_be_are_refused(cast):
    now = timezone.now()
    for starts_at, ends_at in (
        (now, now),
        (now, now + timedelta(hours=13)),
        (now + timedelta(days=400), now + timedelta(days=400, hours=1)),
    ):
        with pytest.raises(ClassRefused):
            add_session(
                cast.class_group, starts_at=starts_at, ends_at=ends_at, added_by=cast.teacher
            )
    assert not ClassSession.objects.exists()


def test_two_phones_that_add_the_same_meeting_make_one_session(cast):
    now = timezone.now()

    def add(uid, minutes, group=cast.class_group):
        start = now + timedelta(minutes=minutes)
        return add_session(
            group,
            uid=uuid.UUID(int=uid),
            added_by=cast.teacher,
            starts_at=start,
            ends_at=start + timedelta(minutes=90),
        )

    first = add(1, 0)
    assert add(2, 5) == add(2, 5) == add(1, 0) == first
    assert add(3, 200) != first
    with pytest.raises(ClassRefused):
        add(2, 5, cast.other_class)
    assert ClassSession.objects.count() == 2
    assert ClassSession.objects.called(uuid.UUID(int=2)).get() == first


def test_what_was_planned_for_these_hours_is_another_meeting(cast):
    planned = session_of(cast.class_group, hours=0)
    added = add_session(
        cast.class_group,
        uid=uuid.uuid4(),
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        added_by=cast.teacher,
    )
    assert added != planned


def test_planning_again_neither_doubles_nor_drops_what_was_added(units, cast):
    group = new(units, cast)
    count = group.sessions.count()
    added = add_session(
        group,
        starts_at=moment(date(2027, 3, 4), time(9, 30)),
        ends_at=moment(date(2027, 3, 4), time(11)),
        added_by=cast.teacher,
    )
    asked = {
        "title": group.title, "kind": group.kind, "starts_on": group.starts_on,
        "ends_on": group.ends_on, "teachers": [cast.teacher], "classroom": None,
        "place": "", "capacity": None,
    }  # fmt: skip
    thursdays = [MeetingTime(4, time(9, 30), time(11))]
    update_class(group, weekly_times=thursdays, **asked)
    on_that_day = [session for session in group.sessions.all() if session.day == added.day]
    assert on_that_day == [added]
    assert plan_sessions(group) == 0
    assert group.sessions.count() == count - 1  # a Tuesday more than Thursdays in that month


# --- Clashes ----------------------------------------------------------------------------------


def test_two_classes_of_one_teacher_at_one_time_are_told_with_both_names(as_, units, cast):
    new(units, cast, title="手机班")
    sent = sent_class(
        TUESDAY, "10:00", "11:30", title="防骗班", teachers=[cast.teacher.pk],
        starts_on="2027-03-01", ends_on="2027-03-31",
    )  # fmt: skip
    officer, url = as_("street_officer"), f"/classes/new/{VILLAGE}/"
    page = words(officer.post(url, sent))
    assert "teacher同时要上“手机班”和“防骗班”：2027-03-02 09:30–11:00，一共5次" in page
    assert not ClassGroup.objects.filter(title="防骗班").exists()
    officer.post(url, {**sent, "anyway": "1"})
    assert ClassGroup.objects.get(title="防骗班").sessions.count() == 5


def test_two_classes_in_one_place_at_one_time_are_told(units, cast):
    new(units, cast, title="手机班", place="老人活动室")
    other = new(units, cast, title="歌唱班", place="老人活动室", teachers=[])
    sessions = list(other.sessions.select_related("class_group"))
    [told] = clashes_of(sessions)
    assert told.startswith("“手机班”和“歌唱班”同时用“老人活动室”")


def test_neighbouring_hours_and_other_places_do_not_clash(units, cast):
    new(units, cast, title="手机班", place="老人活动室")
    later = [MeetingTime(TUESDAY, time(11), time(12))]
    after = new(units, cast, title="歌唱班", place="老人活动室", weekly_times=later)
    elsewhere = new(units, cast, title="拳班", place="操场", teachers=[])
    for group in (after, elsewhere):
        assert clashes_of(list(group.sessions.select_related("class_group"))) == []


def test_a_class_whose_own_hours_overlap_is_told_once(units, cast):
    twice = [
        MeetingTime(TUESDAY, time(9, 30), time(11)), MeetingTime(TUESDAY, time(10), time(11, 30)),
    ]  # fmt: skip
    group = new(units, cast, weekly_times=twice, ends_on=date(2027, 3, 5))
    [told] = clashes_of(list(group.sessions.select_related("class_group")))
    assert told == "“新班”自己在这个时间还有一次课：2027-03-02 10:00–11:30"


def test_moving_onto_another_class_is_told_and_may_be_done_anyway(as_, units, cast):
    new(units, cast, title="手机班")
    session = session_of(cast.class_group, days=3)
    sent = {"move-day": "2027-03-02", "move-clock": "10:00", "move-reason": "场地"}
    url = f"/classes/sessions/{session.pk}/move/"
    page = words(as_("teacher").post(url, sent))
    assert "teacher同时要上" in page
    session.refresh_from_db()
    assert not session.is_moved
    as_("teacher").post(url, {**sent, "anyway": "1"})
    session.refresh_from_db()
    assert session.starts_at == datetime(2027, 3, 2, 10, tzinfo=timezone.get_current_timezone())


def test_a_closing_that_moves_onto_another_class_says_so_before_it_is_done(units, cast):
    new(units, cast, title="手机班")
    new(
        units, cast, title="防骗班", weekly_times=[MeetingTime(3, time(9, 30), time(11))],
    )  # fmt: skip
    tuesday = date(2027, 3, 9)
    outcome = foresee(
        lambda: close_days(
            unit=units[VILLAGE], first=tuesday, last=tuesday, reason="停电",
            then=WhenClosed.MOVE, recorded_by=cast.street_officer,
        )
    )  # fmt: skip
    assert outcome.clashes == ["teacher同时要上“手机班”和“防骗班”：2027-03-10 09:30–11:00"]


def test_adding_on_a_closing_day_or_onto_another_class_is_told_first(as_, units, cast, monkeypatch):
    pretend_today(monkeypatch, date(2026, 9, 20))
    url = f"/classes/{cast.class_group.pk}/add/"
    sent = {"day": "2026-10-01", "starts_at": "09:00", "ends_at": "10:00"}
    page = words(as_("teacher").post(url, sent))
    assert "2026-10-01是节假日或停课日" in page
    assert not cast.class_group.sessions.exists()


def test_a_room_of_a_cancelled_session_is_free(units, cast):
    group = make_class(units[VILLAGE], "歌唱班", cast.teacher)
    first, second = session_of(group, days=1), session_of(cast.class_group, days=1)
    assert clashes_of([second])
    move_session(first, starts_at=first.starts_at + timedelta(days=1), reason="场地")
    assert clashes_of([second]) == []
    assert roll_lines(second) == []


# --- Forms that come back ---------------------------------------------------------------------


def test_the_first_wrong_field_has_the_focus(as_, cast):
    sent = {"day": "2026-12-01", "starts_at": "", "ends_at": ""}
    page = as_("teacher").post(f"/classes/{cast.class_group.pk}/add/", sent).content.decode()
    [focused] = re.findall(r"<input[^>]*autofocus[^>]*>", page)
    assert 'name="starts_at"' in focused
    assert 'aria-invalid="true"' in focused


def test_a_refusal_of_no_single_field_has_the_focus_and_is_announced(as_, cast):
    sent = {"day": "2029-12-01", "starts_at": "09:00", "ends_at": "10:00"}
    page = as_("teacher").post(f"/classes/{cast.class_group.pk}/add/", sent).content.decode()
    assert re.search(r'role="alert" tabindex="-1" autofocus', page)
