"""读出来: on the teacher's pages of today, ticked, and a figure."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.alerts import services
from lms.alerts.choices import FraudKind, FraudWay
from lms.alerts.models import ReadOut
from lms.reports.question import Question
from lms.reports.read_out import read_out
from lms.statistics.choices import PeriodKind
from lms.statistics.periods import Period
from tests.alerts.conftest import NEIGHBOUR, TITLE
from tests.staff_pages import VILLAGE, session_of, words

pytestmark = pytest.mark.django_db

PAGES = [reverse("attendance:mine"), reverse("work:mine")]


@pytest.fixture
def today(running, cast):
    """A session of the teacher's class, now."""
    return session_of(cast.class_group, minutes=-1)


def tick(alert, session):
    return reverse("alert_desk:read_out", args=[alert.pk, session.pk])


@pytest.mark.parametrize("page", PAGES)
def test_a_teacher_finds_it_with_todays_sessions_and_ticks_it(as_, write, today, cast, page):
    alert = write.alert()
    client = as_("teacher")
    said = words(client.get(page))
    assert "今天读给大家听" in said
    assert "先挂电话，不下载。" in said
    assert client.post(tick(alert, today), {"next": page}).url == page
    assert "读过了" in words(client.get(page))
    read = ReadOut.objects.get()
    assert (read.alert, read.session, read.read_by) == (alert, today, cast.teacher)
    client.post(tick(alert, today), {"next": page})  # pressed twice
    assert ReadOut.objects.count() == 1
    client.post(tick(alert, today), {"next": page, "undo": "1"})
    assert not ReadOut.objects.exists()


def test_a_village_without_an_alert_has_nothing_to_read(as_, write, today):
    write.alert(NEIGHBOUR)
    assert "今天读给大家听" not in words(as_("teacher").get(PAGES[0]))


def test_a_session_that_is_cancelled_hears_nothing(as_, write, today):
    write.alert()
    type(today).objects.filter(pk=today.pk).update(state="cancelled", reason="台风")
    assert "今天读给大家听" not in words(as_("teacher").get(PAGES[0]))


def test_only_who_keeps_the_roll_ticks_and_only_what_holds_there(as_, write, today):
    alert, elsewhere = write.alert(), write.alert(NEIGHBOUR)
    for who in ("other_teacher", "auditor", "volunteer", "liaison"):
        assert as_(who).post(tick(alert, today)).status_code == 404
    assert as_("teacher").post(tick(elsewhere, today)).status_code == 404
    assert not ReadOut.objects.exists()


# --- On the phone, which holds the roll without a network ----------------------------------------


def hand_over(client, *ticks):
    body = {"ticks": [{"read": True, **tick} for tick in ticks]}
    return client.post(reverse("roll_alerts"), body, content_type="application/json")


def test_the_phone_holds_what_is_to_be_read_out_for_two_weeks(as_, write, today, cast, units):
    alert, ahead = write.alert(), write.alert("440103001")
    write.alert(NEIGHBOUR)
    later = timezone.now() + timedelta(days=9)
    type(ahead).objects.filter(pk=ahead.pk).update(starts_at=later)
    services.note_read_out(alert, session=today, read_by=cast.teacher)
    held = as_("teacher").get(reverse("roll_alerts")).json()["alerts"]
    assert [(each["id"], each["classes"], each["read"]) for each in held] == [
        (ahead.pk, [cast.class_group.pk], []),
        (alert.pk, [cast.class_group.pk], [today.pk]),
    ]
    assert held[1]["todo"] == alert.todo
    assert as_("other_teacher").get(reverse("roll_alerts")).json() == {"alerts": []}
    assert as_("anonymous").get(reverse("roll_alerts")).status_code == 401
    assert hand_over(as_("anonymous")).status_code == 401


def test_what_was_ticked_without_a_network_is_handed_over_as_of_then(as_, write, today, cast):
    alert = write.alert()
    type(alert).objects.filter(pk=alert.pk).update(starts_at=today.starts_at - timedelta(hours=1))
    then = timezone.now() - timedelta(minutes=20)
    client, tick = as_("teacher"), {"alert": alert.pk, "session": str(today.pk)}
    for _again in range(2):
        answer = hand_over(client, {**tick, "at": then.isoformat()})
        assert answer.json() == {"taken": 1}
    assert ReadOut.objects.get().read_at == then
    hand_over(client, {**tick, "read": False})
    assert not ReadOut.objects.exists()
    hand_over(client, {**tick, "session": str(today.uid), "at": "2099-01-01T00:00:00Z"})
    assert ReadOut.objects.get().read_at <= timezone.now()


def test_what_is_nobodys_to_tick_is_passed_over(as_, write, today, cast):
    alert, elsewhere = write.alert(), write.alert(NEIGHBOUR)
    ended = timezone.now() - timedelta(days=400)
    wrong = [
        {"alert": elsewhere.pk, "session": today.pk},
        {"alert": alert.pk, "session": "9" * 30},
        {"alert": alert.pk, "session": today.pk, "at": ended.isoformat()},
        {"alert": "x", "session": today.pk},
        "x",
    ]
    body = {"ticks": wrong}
    answer = as_("teacher").post(reverse("roll_alerts"), body, content_type="application/json")
    assert answer.json() == {"taken": 0}
    assert hand_over(as_("other_teacher"), {"alert": alert.pk, "session": today.pk}).json() == {
        "taken": 0
    }
    for nonsense in ("{", "[]", '{"ticks": 3}'):
        sent = as_("teacher").post(reverse("roll_alerts"), nonsense, content_type="text/json")
        assert sent.status_code == 422


# --- The figure ----------------------------------------------------------------------------------


@pytest.fixture
def question(units):
    def question(code):
        return Question(units[code], Period.of(PeriodKind.MONTH, timezone.localdate()))

    return question


def rows_of(table):
    return {row.values[0]: list(row.values[1:]) for row in (*table.rows, *table.foot)}


@pytest.fixture
def told(write, today, cast, units):
    """One of two sessions heard it; two learners met it, one of them elsewhere."""
    alert = write.alert("440103001")
    later = session_of(cast.class_group, minutes=5)
    services.note_read_out(alert, session=today, read_by=cast.teacher)
    type(alert).objects.update(starts_at=today.starts_at - timedelta(minutes=1))
    for code in (VILLAGE, "440103002001"):
        services.tell_met(unit=units[code], kind=FraudKind.LINK, way=FraudWay.SMS, alert=alert)
    return later


def test_what_was_read_out_is_a_figure_by_unit(told, question):
    # alerts, sessions due, sessions read, share, met
    assert rows_of(read_out(question("440103"))) == {
        "沙面街道": [1, 2, 1, 0.5, 1],
        "岭南街道": [0, 0, 0, None, 1],
        "合计": [1, 2, 1, 0.5, 2],
    }


def test_of_a_village_it_is_told_by_alert(told, question, units):
    services.tell_met(unit=units[VILLAGE], kind=FraudKind.LINK, way=FraudWay.SMS)
    rows = rows_of(read_out(question(VILLAGE)))
    assert rows[TITLE][2:] == [2, 1, 0.5, 1]
    assert rows["不在哪条提醒下面说的"] == [None] * 5 + [1]
    assert rows["合计"][2:] == [2, 1, 0.5, 2]


def test_a_session_before_the_alert_or_cancelled_was_not_to_hear_it(told, question, cast):
    session_of(cast.class_group, minutes=-30)
    gone = session_of(cast.class_group, minutes=8)
    type(gone).objects.filter(pk=gone.pk).update(state="cancelled", reason="台风")
    assert rows_of(read_out(question("440103")))["合计"][1] == 2
