"""Two people for a warning; for an emergency too, or a reason why not."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from lms.alerts import services
from lms.alerts.choices import AlertState
from lms.alerts.forms import ALERT_DAYS
from lms.alerts.models import Alert, AlertEvent, AlertEventIsFinal, EmergencyNotice
from lms.alerts.services import AlertRefused
from lms.alerts.telling import telling_words
from media.models import Narration
from tests.alerts.conftest import EMERGENCY, TITLE
from tests.staff_pages import VILLAGE, words

pytestmark = pytest.mark.django_db

WRITE = reverse("alert_desk:write")
WRITE_EMERGENCY = reverse("alert_desk:write_emergency")


def form(**changes):
    today = timezone.localdate()
    return {
        "unit": VILLAGE,
        "kind": "office",
        "title": TITLE,
        "says": "给您退钱，请下载软件。",
        "todo": "先挂电话，不下载。",
        "calls": "96110、110",
        "first_day": today.isoformat(),
        "last_day": (today + timedelta(days=3)).isoformat(),
        **changes,
    }


def emergency_form(**changes):
    return {
        "unit": VILLAGE,
        "kind": "weather",
        "title": EMERGENCY,
        "todo": "请不要出门。",
        "shelter": "翠洲小学体育馆",
        "telephone": "020-1111",
        "hours": "6",
        **changes,
    }


# --- Warnings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("writer", "second"), [("street_officer", "liaison"), ("liaison", "city_officer")]
)
def test_one_writes_and_another_makes_it_public(as_, writer, second):
    answer = as_(writer).post(WRITE, form())
    alert = Alert.objects.get()
    assert answer.url == reverse("alert_desk:one", args=[alert.pk])
    assert alert.state == AlertState.WAITING
    confirm = reverse("alert_desk:confirm", args=[alert.pk])
    assert "自己写的" in words(as_(writer).post(confirm, follow=True))
    assert not Alert.objects.live().exists()
    as_(second).post(confirm)
    assert list(Alert.objects.live()) == [alert]
    acts = list(alert.events.values_list("act", "by__username"))
    names = {"street_officer": "street", "city_officer": "city", "liaison": "liaison"}
    assert acts == [("written", names[writer]), ("confirmed", names[second])]


def test_it_ends_after_two_weeks_unless_said_otherwise(as_):
    page = as_("liaison").get(WRITE)
    last = page.context["form"]["last_day"].initial
    assert last == timezone.localdate() + timedelta(days=ALERT_DAYS - 1)
    as_("liaison").post(WRITE, form(last_day=last.isoformat()))
    ends = timezone.localtime(Alert.objects.get().ends_at)
    assert (ends.date(), ends.hour) == (timezone.localdate() + timedelta(days=14), 0)


@pytest.mark.parametrize("days", [-1, 100])
def test_an_end_that_cannot_be_meant_is_refused(as_, days):
    last = timezone.localdate() + timedelta(days=days)
    assert as_("liaison").post(WRITE, form(last_day=last.isoformat())).status_code == 422
    assert not Alert.objects.exists()


def test_a_unit_that_is_not_the_writers_own_is_not_found(as_):
    answer = as_("liaison").post(WRITE, form(unit="440103002001"))
    assert answer.status_code == 422
    assert "没有找到" in words(answer)


def test_what_was_changed_waits_for_the_other_person_again(write, cast):
    alert = write.alert(public=False)
    services.send_back(alert, by=cast.street_officer, note="电话写错了")
    services.change_alert(alert, changed_by=cast.street_officer, title="冒充快递客服")
    alert.refresh_from_db()
    assert (alert.state, alert.written_by) == (AlertState.WAITING, cast.street_officer)
    with pytest.raises(AlertRefused, match="自己写的"):
        services.confirm(alert, confirmed_by=cast.street_officer)
    services.confirm(alert, confirmed_by=cast.liaison)


def test_who_reads_an_older_text_cannot_confirm_the_newer_one(write, cast):
    alert = write.alert(public=False)
    services.change_alert(alert, changed_by=cast.street_officer, says="别的话")
    with pytest.raises(AlertRefused, match="刚刚改过"):
        services.confirm(alert, confirmed_by=cast.city_officer)


def test_what_is_public_is_not_changed_but_withdrawn(as_, write, cast):
    alert = write.alert()
    with pytest.raises(AlertRefused, match="不能再改"):
        services.change_alert(alert, changed_by=cast.liaison, title="别的")
    assert as_("liaison").get(reverse("alert_desk:change", args=[alert.pk])).status_code == 404
    withdraw = reverse("alert_desk:withdraw", args=[alert.pk])
    assert as_("liaison").post(withdraw, {"note": ""}).status_code == 422
    as_("liaison").post(withdraw, {"note": "写错了"})
    alert.refresh_from_db()
    assert alert.state == AlertState.WITHDRAWN
    assert alert.ends_at <= timezone.now()
    assert alert.events.last().note == "写错了"


def test_the_first_of_two_decides(write, cast):
    alert = write.alert(public=False)
    services.confirm(alert, confirmed_by=cast.city_officer)
    with pytest.raises(AlertRefused, match="已经有人处理过"):
        services.confirm(alert, confirmed_by=cast.street_officer)


def test_the_log_is_only_added_to(write):
    event = write.alert().events.first()
    for change in (
        event.save,
        event.delete,
        AlertEvent.objects.all().delete,
        lambda: AlertEvent.objects.update(note="别的"),
    ):
        with pytest.raises(AlertEventIsFinal):
            change()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "odd"}, "an_alerts_state_is_known"),
        ({"kind": "odd"}, "an_alerts_kind_is_known"),
        ({"confirmed_by": None}, "a_public_alert_was_seen_by_a_second_person"),
        ({"confirmed_by": "writer"}, "a_public_alert_was_seen_by_a_second_person"),
        ({"ends_at": "start"}, "an_alert_ends_after_it_begins"),
    ],
)
def test_the_database_refuses_an_alert_that_cannot_be(write, cast, changes, constraint):
    alert = write.alert()
    known = {"writer": cast.liaison, "start": alert.starts_at}
    changes = {name: known.get(value, value) for name, value in changes.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Alert.objects.update(**changes)


# --- No case tells whom it happened to -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("陈阿婆接到电话", ["陈阿婆"]),
        ("住在3栋的老人", ["3栋"]),
        ("打来的是 138 0000 0000", ["138 0000 0000"]),
        ("打96110，或者12345", []),
        ("黄伯说他转了三千元", ["黄伯"]),
        ("骗子说给您退钱，请下载软件", []),
        ("李婶和陈阿婆都接到了", ["李婶", "陈阿婆"]),
    ],
)
def test_numbers_and_names_are_found(cast, units, text, found):
    assert telling_words(units["440103001"], [text]) == found


def test_no_number_runs_on_from_one_text_into_the_next(cast, units):
    assert telling_words(units["440103001"], ["骗了3次，第1", "96110"]) == []


def test_a_learners_whole_name_is_found_where_they_live_and_not_elsewhere(cast, units):
    type(cast.learners[0]).objects.filter(pk=cast.learners[0].pk).update(name="欧桂芳")
    assert telling_words(units["440103001"], ["欧桂芳接到电话"]) == ["欧桂芳"]
    assert telling_words(units["440103002"], ["欧桂芳接到电话"]) == []


def test_telling_words_are_shown_and_must_be_answered_for(as_, write, cast):
    answer = as_("liaison").post(WRITE, form(says="陈阿婆接到电话，13800000000。"))
    assert answer.status_code == 422
    assert "陈阿婆、13800000000" in words(answer)
    assert not Alert.objects.exists()
    as_("liaison").post(WRITE, form(says="骗子说自己是王老师。", sure="on"))
    alert = Alert.objects.get()
    page = words(as_("city_officer").get(reverse("alert_desk:one", args=[alert.pk])))
    assert "请仔细看：王老师" in page  # the second person is told too


# --- Emergencies --------------------------------------------------------------------------------


def test_an_emergency_waits_for_a_second_officer(as_, cast):
    as_("street_officer").post(WRITE_EMERGENCY, emergency_form())
    notice = EmergencyNotice.objects.get()
    assert not EmergencyNotice.objects.live().exists()
    confirm = reverse("alert_desk:confirm_emergency", args=[notice.pk])
    as_("street_officer").post(confirm)
    assert not EmergencyNotice.objects.live().exists()
    as_("city_officer").post(confirm)
    assert list(EmergencyNotice.objects.live()) == [notice]
    assert notice.ends_at - notice.written_at <= timedelta(hours=6, minutes=1)


def test_who_cannot_wait_says_why_and_the_level_above_sees_it(as_, cast):
    client = as_("street_officer")
    refused = client.post(WRITE_EMERGENCY, emergency_form(alone="on"))
    assert refused.status_code == 422
    client.post(WRITE_EMERGENCY, emergency_form(alone="on", alone_reason="水已经漫进来了"))
    notice = EmergencyNotice.objects.live().get()
    assert list(notice.events.values_list("act", "note")) == [
        ("written", ""),
        ("alone", "水已经漫进来了"),
    ]
    unseen = EmergencyNotice.objects.unseen_from_above
    assert not unseen(cast.street_officer).exists()
    city = as_("city_officer")
    assert "是下面一个人发布的" in words(city.get(reverse("work:mine")))
    page = words(city.get(reverse("alert_desk:emergency", args=[notice.pk])))
    assert "一个人发布的，因为：水已经漫进来了" in page
    city.post(reverse("alert_desk:see_emergency", args=[notice.pk]))
    assert not unseen(cast.city_officer).exists()
    assert notice.events.last().by == cast.city_officer


def test_a_reason_without_the_tick_publishes_nothing(as_):
    as_("street_officer").post(WRITE_EMERGENCY, emergency_form(alone_reason="试一试"))
    assert not EmergencyNotice.objects.live().exists()


def test_the_sound_of_it_is_asked_for_when_it_is_written(write):
    notice = write.emergency(public=False)
    assert Narration.objects.get() == notice.narration
    assert "避险的地方：翠洲小学体育馆。" in notice.narration.text
    assert notice.narration.stages.get().state == "queued"


def test_the_database_refuses_a_public_emergency_of_one_person_without_a_reason(write):
    write.emergency(public=False)
    constraint = "a_public_emergency_has_a_second_person_or_a_reason"
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        EmergencyNotice.objects.update(state="public")


# --- Whom it waits for ---------------------------------------------------------------------------


def test_it_stands_in_the_work_of_the_others_and_not_of_the_writer(as_, write):
    write.alert(public=False)
    write.emergency(public=False)
    mine, said = reverse("work:mine"), "条防骗提醒等您看过才能发布"
    assert said in words(as_("city_officer").get(mine))
    assert "条紧急通知等您看过才能发布" in words(as_("city_officer").get(mine))
    assert said not in words(as_("liaison").get(mine))
    assert "条紧急通知等您看过" not in words(as_("street_officer").get(mine))
    assert said not in words(as_("other_street_officer").get(mine))
