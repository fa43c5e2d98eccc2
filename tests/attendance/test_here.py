"""The rotating code on the class screen, and learners who say themselves that they have come."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.attendance import class_codes
from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent, AttendanceRecord, Device
from lms.attendance.services.events import Incoming, record_events
from lms.attendance.services.own_attendance import OwnMarkRefused, mark_oneself
from lms.attendance.services.page import mark_on_page
from lms.attendance.views.here import masked
from lms.classes.choices import ClassKind
from lms.classes.services.sessions import cancel_session
from lms.people.services.learners import register_learner
from tests.staff_pages import marks, session_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(begun):
    """It began a quarter of an hour ago."""
    begun.starts_at = timezone.now() - timedelta(minutes=15)
    begun.ends_at = begun.starts_at + timedelta(hours=1)
    begun.save()
    return begun


def code(session, ago=0):
    return class_codes.token_of(session, class_codes.window_of(timezone.now()) - ago)


def digits(session, ago=0):
    return class_codes.digits_of(session, class_codes.window_of(timezone.now()) - ago)


def ticket(page):
    [found] = re.findall(r'name="pass" value="([^"]+)"', page.content.decode())
    return found


@pytest.fixture
def scan(client, running):
    """The page that a scanned code opens."""
    return lambda ago=0: client.get(f"/here/{code(running, ago)}/")


@pytest.fixture
def send(client):
    return lambda **sent: client.post("/here/", sent)


def test_a_learner_scans_types_the_number_says_yes_and_is_there(scan, send, running, cast):
    learner = cast.learners[0]
    passed = ticket(scan())
    page = send(**{"pass": passed, "number": f" {learner.number[:3]} {learner.number[3:]}"})
    assert "陈*婆 是您吗？" in words(page)
    assert "陈阿婆" not in page.content.decode()
    assert not AttendanceEvent.objects.exists()
    done = send(**{"pass": passed, "number": learner.number, "sure": "1"})
    assert re.search(r"陈\*婆，\d\d:\d\d报到", words(done))
    event = AttendanceEvent.objects.get()
    assert (event.learner, event.status, event.recorded_by) == (learner, "present", None)
    assert marks(running) == {"陈阿婆": "present"}


def test_the_code_before_is_good_too_and_an_older_one_is_to_be_scanned_again(scan):
    assert scan(ago=1).status_code == 200
    page = scan(ago=2)
    assert page.status_code == 410
    assert "这个码已经换了，请再扫一次" in words(page)


def test_the_telephone_remembers_the_number_only_when_asked_to(scan, send, client, cast):
    learner = cast.learners[0]
    answer = {"number": learner.number, "sure": "1"}
    send(**{"pass": ticket(scan()), **answer})
    assert "您的学员号是多少" in words(scan())
    send(**{"pass": ticket(scan()), **answer, "remember": "on"})
    cookie = client.cookies["learner"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/here/")
    assert "陈*婆 是您吗" in words(scan())
    client.cookies["learner"] = "123456789"
    assert "您的学员号是多少" in words(scan())  # one that was not signed here says nothing


def test_a_signed_in_learner_is_known(scan, client, cast):
    cast.learners[1].user = cast.stranger
    cast.learners[1].save()
    client.force_login(cast.stranger)
    assert "黄* 是您吗" in words(scan())


def test_who_says_that_it_is_somebody_else_is_asked_for_a_number(scan, send, cast):
    page = send(**{"pass": ticket(scan()), "number": cast.learners[0].number, "somebody_else": "1"})
    assert "您的学员号是多少" in words(page)
    assert not AttendanceEvent.objects.exists()


@pytest.mark.parametrize("typed", ["", "12345678", "123456780"])
def test_a_number_that_cannot_be_right_is_asked_for_again(scan, send, typed):
    page = send(**{"pass": ticket(scan()), "number": typed})
    assert "您的学员号是多少" in words(page)
    assert ("有一位打错了" in words(page)) == bool(typed)


def test_a_stranger_is_told_to_see_the_teacher_and_no_name(scan, send, units):
    stranger = register_learner(name="何叔", unit=units["440103001001"])
    page = send(**{"pass": ticket(scan()), "number": stranger.number})
    assert "请找老师，老师可以当场登记" in words(page)
    assert "何" not in words(page)


def test_digits_and_number_together_do_instead_of_a_camera(send, running, cast):
    number = cast.learners[0].number
    right = send(code=f"{digits(running)[:3]} {digits(running)[3:]}", number=number)
    assert "陈*婆 是您吗" in words(right)
    send(**{"pass": ticket(right), "number": number, "sure": "1"})
    assert marks(running) == {"陈阿婆": "present"}
    for sent in (
        {"code": digits(running, ago=2), "number": number},
        {"code": digits(running), "number": "123456789"},
        {"code": "", "number": number},
    ):
        page = send(**sent)
        assert page.status_code == 422
        assert "数字或者学员号不对" in words(page)


@pytest.mark.parametrize(
    ("starts", "ends", "is_open"),
    [(-31, 30, True), (29, 90, True), (31, 90, False), (-60, -1, False), (-60, 1, True)],
)
def test_it_is_open_from_half_an_hour_before_until_the_end(running, cast, starts, ends, is_open):
    now = timezone.now()
    running.starts_at, running.ends_at = (
        now + timedelta(minutes=starts),
        now + timedelta(minutes=ends),
    )
    running.save()
    running.class_group.enrolments.update(joined_at=now - timedelta(days=1))
    if is_open:
        assert mark_oneself(running, learner=cast.learners[0]).status == AttendanceStatus.PRESENT
    else:
        with pytest.raises(OwnMarkRefused, match="现在不是这次课的时间"):
            mark_oneself(running, learner=cast.learners[0])


def test_neither_a_cancelled_session_nor_a_lecture_takes_it(running, scan, cast):
    cancel_session(running, reason="台风")
    assert "现在不是这次课的时间" in words(scan())
    lecture = session_of(cast.other_class, minutes=-5)
    cast.other_class.kind = ClassKind.LECTURE
    cast.other_class.save()
    with pytest.raises(OwnMarkRefused):
        mark_oneself(lecture, learner=cast.learners[0])


def test_a_second_time_changes_nothing(running, cast):
    first = mark_oneself(running, learner=cast.learners[0])
    assert mark_oneself(running, learner=cast.learners[0]) == first
    mark_oneself(running, learner=cast.learners[1])
    assert AttendanceEvent.objects.count() == 2
    assert Device.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "complaint"),
    [
        ("present", "老师已经点过了：到。您不用再点"),
        ("absent", "老师已经点过了：没到。要改，请找老师"),
    ],
)
def test_it_is_refused_where_a_teachers_mark_stands(scan, send, running, cast, status, complaint):
    learner = cast.learners[0]
    mark_on_page(
        running, statuses={learner.number: AttendanceStatus(status)}, recorded_by=cast.teacher
    )
    page = send(**{"pass": ticket(scan()), "number": learner.number, "sure": "1"})
    assert complaint in words(page)
    assert AttendanceEvent.objects.count() == 1


def by_phone(session, learner, status, teacher, minutes_ago):
    now = timezone.now()
    event = Incoming(1, session.pk, learner.number, status, now - timedelta(minutes=minutes_ago))
    record_events([event], device=uuid.uuid4(), device_now=now, recorded_by=teacher)


def test_a_teachers_mark_that_was_made_before_and_comes_later_outweighs_it(running, cast):
    learner = cast.learners[0]
    mark_oneself(running, learner=learner)
    by_phone(running, learner, AttendanceStatus.ABSENT, cast.teacher, 10)
    mark = AttendanceRecord.objects.get()
    assert (mark.status, mark.differs) == ("absent", True)


def test_a_teacher_who_marks_afterwards_has_decided(running, as_, cast):
    learner = cast.learners[0]
    mark_oneself(running, learner=learner)
    by_phone(running, learner, AttendanceStatus.LATE, cast.teacher, 0)
    mark = AttendanceRecord.objects.get()
    assert (mark.status, mark.differs) == ("late", False)


def test_the_sessions_page_says_that_it_was_oneself(running, as_, cast):
    mark_oneself(running, learner=cast.learners[0])
    page = as_("teacher").get(f"/classes/sessions/{running.pk}/")
    assert re.search(r"本人 \d\d-\d\d \d\d:\d\d", words(page))
    by_phone(running, cast.learners[0], AttendanceStatus.ABSENT, cast.teacher, 10)
    page = as_("teacher").get(f"/classes/sessions/{running.pk}/")
    assert re.search(r"点得不一样：teacher \d\d:\d\d 没到；本人 \d\d:\d\d 到", words(page))


def test_who_tries_codes_is_stopped_and_another_address_is_not(client, running, settings):
    most = int(settings.RATE_LIMITS["here_wrong"].partition("/")[0])
    wrong = f"/here/{running.pk}-{'a' * 16}/"
    assert {client.get(wrong).status_code for _ in range(most)} == {410}
    assert client.get(f"/here/{code(running)}/").status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get(f"/here/{code(running)}/", **elsewhere).status_code == 200


def test_who_tries_numbers_from_many_addresses_is_stopped_at_that_session(
    client, scan, running, settings
):
    passed = ticket(scan())
    most = int(settings.RATE_LIMITS["here_wrong_session"].partition("/")[0])
    codes = [
        client.post(
            "/here/", {"pass": passed, "number": "123456780"}, REMOTE_ADDR=f"192.0.2.{number}"
        ).status_code
        for number in range(most + 1)
    ]
    assert codes == [422] * most + [429]


@pytest.mark.parametrize("token", ["1", "x-y", "9" * 30 + "-aaaa", "0-aaaaaaaaaaaaaaaa"])
def test_nonsense_is_an_old_code(client, begun, token):
    assert client.get(f"/here/{token}/").status_code == 410


@pytest.mark.parametrize(
    ("name", "shown"),
    [("陈秀英", "陈*英"), ("黄伯", "黄*"), ("欧阳小芳", "欧**芳"), ("李", "李*"), ("", "*")],
)
def test_a_name_is_masked_but_for_its_ends(name, shown):
    assert masked(name) == shown


# --- The class screen


def test_the_class_screen_shows_the_code_and_asks_anew_with_script_or_without(as_, running, cast):
    mark_oneself(running, learner=cast.learners[0])
    client = as_("teacher")
    page = client.get(f"/classes/sessions/{running.pk}/code/")
    html = page.content.decode()
    shown = digits(running)
    assert f"{shown[:3]} {shown[3:]}" in words(page)
    assert "已经到了 1 人，名单上有 3 人" in words(page)
    assert re.search(r'<noscript><meta http-equiv="refresh" content="\d+"></noscript>', html)
    [address] = re.findall(r'class="code__picture" src="([^"]+)"', html)
    picture = client.get(address)
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture.headers["Cache-Control"]


@pytest.mark.parametrize(("hours", "says"), [(-2, "不能扫码报到了"), (3, "起可以扫码报到")])
def test_the_class_screen_shows_no_code_at_other_times(as_, cast, begun, hours, says):
    session = session_of(cast.class_group, hours=hours)
    page = as_("teacher").get(f"/classes/sessions/{session.pk}/code/")
    assert says in words(page)
    assert '<img class="code__picture"' not in page.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("stranger", 404),
        ("volunteer", 404),
        ("auditor", 404),
        ("other_teacher", 404),
        ("teacher", 200),
        ("street_officer", 200),
        ("city_officer", 200),
    ],
)
@pytest.mark.parametrize("what", ["", "1.svg"])
def test_who_may_open_the_class_screen(as_, running, who, status, what):
    assert as_(who).get(f"/classes/sessions/{running.pk}/code/{what}").status_code == status
