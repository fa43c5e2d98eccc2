"""One session's page: its roll with plain buttons, and what else may be done to it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent
from lms.attendance.queries import unmarked_learners
from lms.attendance.services.closing import close_session
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import ClassKind, Door, SessionState
from lms.classes.services.enrolments import enrol_many
from lms.classes.wall_clock import as_spoken
from lms.people.services.learners import Newcomer, register_learners
from tests.staff_pages import VILLAGE, marks, session_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(as_, begun, cast):
    def send(what, sent, who="teacher"):
        return as_(who).post(f"/classes/sessions/{begun.pk}/{what}/", sent, follow=True)

    return send


def button(learner):
    return f"mark-{learner.number}"


def test_the_roll_is_taken_with_plain_buttons(send, begun, cast):
    first, second, _third = cast.learners
    send("mark", {button(first): "present", button(second): "excused"})
    assert marks(begun) == {"陈阿婆": "present", "黄伯": "excused"}
    send("mark", {button(second): "excused", "rest": "absent"})
    assert marks(begun) == {"陈阿婆": "present", "黄伯": "excused", "李婶": "absent"}


def test_saying_the_same_again_adds_nothing_to_the_history(send, begun, cast):
    sent = {button(cast.learners[0]): "present"}
    send("mark", sent)
    assert "没有新的改动" in words(send("mark", sent))
    assert AttendanceEvent.objects.count() == 1


def test_an_old_page_does_not_undo_what_somebody_else_marked_meanwhile(send, begun, cast):
    learner = cast.learners[0]
    send("mark", {button(learner): "present"})
    mark_on_page(
        begun, statuses={learner.number: AttendanceStatus.ABSENT}, recorded_by=cast.street_officer
    )
    send("mark", {button(learner): "present", f"was-{learner.number}": "present"})
    assert marks(begun) == {"陈阿婆": "absent"}


def test_differing_marks_are_shown_to_both_until_one_chooses(send, as_, begun, cast):
    learner = cast.learners[0]
    send("mark", {button(learner): "present"})
    send("mark", {button(learner): "absent"}, "street_officer")
    for who in ("teacher", "street_officer", "auditor"):
        text = words(as_(who).get(f"/classes/sessions/{begun.pk}/"))
        assert "点得不一样" in text
        assert re.search(r"teacher \d\d:\d\d 到；street \d\d:\d\d 没到", text)
    send("mark", {button(learner): "absent"})
    assert "点得不一样" not in words(as_("teacher").get(f"/classes/sessions/{begun.pk}/"))
    assert AttendanceEvent.objects.count() == 3


def test_every_event_stays_in_the_history(send, as_, begun, cast):
    for status in ("present", "late", "absent"):
        send("mark", {button(cast.learners[0]): status})
    assert "全部记录（3条" in words(as_("auditor").get(f"/classes/sessions/{begun.pk}/"))


def test_the_roll_closes_only_when_everybody_is_marked(send, begun):
    assert "还有3人没有点" in words(send("close", {}))
    send("mark", {"rest": "present"})
    assert "点名结束了" in words(send("close", {}))
    begun.refresh_from_db()
    assert begun.state == SessionState.CLOSED


@pytest.fixture
def closed(begun, cast):
    mark_on_page(
        begun,
        statuses={learner.number: AttendanceStatus.PRESENT for learner in cast.learners},
        recorded_by=cast.teacher,
    )
    close_session(begun, closed_by=cast.teacher)
    return begun


def test_a_correction_after_closing_asks_for_its_reason_and_keeps_what_was_chosen(
    send, closed, cast
):
    learner = cast.learners[0]
    page = send("mark", {button(learner): "absent"})
    assert page.status_code == 422
    assert "改动要写明原因" in words(page)
    assert re.search(rf'mark-{learner.number}" value="absent" checked', page.content.decode())
    assert marks(closed)["陈阿婆"] == "present"
    assert "认错了人" in words(send("mark", {button(learner): "absent", "reason": "认错了人"}))
    assert marks(closed)["陈阿婆"] == "absent"


def test_a_closed_roll_is_read_until_somebody_asks_to_correct_it(as_, closed):
    client = as_("teacher")
    url = f"/classes/sessions/{closed.pk}/"
    assert 'type="radio"' not in client.get(url).content.decode()
    assert 'type="radio"' in client.get(url, {"correct": ""}).content.decode()


def test_a_session_is_moved_and_cancelled_with_a_reason_or_not_at_all(send, begun):
    day = timezone.localdate() + timedelta(days=1)
    when = {"move-day": f"{day}", "move-clock": "14:30"}
    assert send("move", when).status_code == 422
    send("move", {**when, "move-reason": "活动室装修"})
    begun.refresh_from_db()
    assert timezone.localtime(begun.starts_at).isoformat() == f"{day}T14:30:00+08:00"
    assert send("cancel", {}).status_code == 422
    assert "取消了。" in words(send("cancel", {"cancel-reason": "台风停课"}))
    begun.refresh_from_db()
    assert (begun.is_cancelled, begun.reason) == (True, "台风停课")


def test_who_moved_called_off_and_restored_it_stands_on_its_page(send, begun, as_):
    before = timezone.localtime(begun.starts_at)
    when = {"move-day": f"{timezone.localdate() + timedelta(days=1)}", "move-clock": "14:30"}
    send("move", {**when, "move-reason": "活动室装修"})
    send("cancel", {"cancel-reason": "台风停课"})
    send("reopen", {"reopen-reason": "台风没来"})  # and it is asked whether to tell
    page = words(as_("teacher").get(f"/classes/sessions/{begun.pk}/"))
    said = [
        f"teacher改了时间（原来{before:%m-%d %H:%M}）：活动室装修",
        "teacher取消了这次课：台风停课",
        "teacher恢复了这次课：台风没来",
    ]
    assert [line for line in said if line not in page] == []
    trail = begun.changes.order_by("pk").values_list("kind", "recorded_by__username")
    assert list(trail) == [("moved", "teacher"), ("off", "teacher"), ("restored", "teacher")]


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0分钟"), (45, "45分钟"), (120, "2小时"), (1170, "19小时30分钟")]
)
def test_minutes_are_said_as_people_say_them(minutes, words):
    assert as_spoken(minutes) == words


def test_a_lecture_counts_heads_and_calls_no_names(send, begun, cast):
    cast.class_group.kind = ClassKind.LECTURE
    cast.class_group.save()
    page = send("close", {})
    assert "讲座请先写到场人数" in words(page)
    assert "陈阿婆" not in words(page)
    send("headcount", {"headcount-headcount": "45"})
    send("close", {})
    begun.refresh_from_db()
    assert (begun.state, begun.headcount) == (SessionState.CLOSED, 45)


def test_a_helpers_minutes_are_noted_put_right_and_taken_back(send, begun, cast):
    sent = {"help-person": cast.volunteer.pk}
    assert "volunteer：1小时（teacher登记）" in words(send("help", {**sent, "help-minutes": "60"}))
    send("help", {**sent, "help-minutes": "90"})
    assert begun.helper_times.get().minutes == 90
    send("help", {**sent, "help-minutes": "0"})
    assert not begun.helper_times.exists()


@pytest.mark.parametrize(("who", "minutes"), [("stranger", "60"), ("volunteer", "721")])
def test_only_the_people_around_help_and_for_no_longer_than_half_a_day(
    send, begun, cast, who, minutes
):
    sent = {"help-person": getattr(cast, who).pk, "help-minutes": minutes}
    assert send("help", sent).status_code == 422
    assert not begun.helper_times.exists()


def test_pages_of_a_class_of_five_hundred_stay_small(as_, cast, units, running):
    many = [Newcomer(f"学员{n}", units[VILLAGE].pk) for n in range(500)]
    enrol_many(
        register_learners(many), cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher
    )
    sessions = [session_of(cast.class_group, hours=-24 * day) for day in range(60)]
    learners = unmarked_learners(sessions[0])
    everybody = {learner.number: AttendanceStatus.PRESENT for learner in learners}
    mark_on_page(sessions[0], statuses=everybody, recorded_by=cast.teacher)
    teacher, group = as_("teacher"), cast.class_group.pk
    for page in (f"{group}/", f"{group}/sessions/", f"sessions/{sessions[0].pk}/"):
        assert len(teacher.get(f"/classes/{page}").content) <= 150_000, page


def test_a_roll_of_several_pages_is_saved_page_by_page(as_, cast, units):
    many = [Newcomer(f"学员{n}", units[VILLAGE].pk) for n in range(70)]
    enrol_many(
        register_learners(many), cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher
    )
    session = session_of(cast.class_group, hours=-1)
    url = f"/classes/sessions/{session.pk}/"
    second = as_("teacher").get(url, {"p": 2}).context["roll"].lines
    assert len(second) == 20
    answer = as_("teacher").post(f"{url}mark/?p=2", {button(second[0][0].learner): "late"})
    assert answer.url == f"{url}?p=2"
    assert list(marks(session).values()) == ["late"]
