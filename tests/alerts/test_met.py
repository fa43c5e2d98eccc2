"""我遇到了: three presses and no name; read by the unit's officers, made an alert or a drill."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from lms.alerts import services
from lms.alerts.choices import CameBy, FraudKind, FraudWay, MetState
from lms.alerts.models import Alert, DrillIdea, MetFraud
from lms.privacy.retention import keep_periods
from tests.alerts.conftest import NEIGHBOUR, TITLE
from tests.alerts.test_writing import form
from tests.staff_pages import VILLAGE, words

pytestmark = pytest.mark.django_db

MET, DESK = reverse("alerts:met"), reverse("alert_desk:met")


@pytest.fixture
def told(units):
    return services.tell_met(
        unit=units[VILLAGE],
        kind=FraudKind.LINK,
        way=FraudWay.SMS,
        words="短信说快递丢了，点进去填卡号。",
    )


# --- The learner ---------------------------------------------------------------------------------


def test_three_presses_tell_it_without_a_name(screen_in, units, write):
    alert = write.alert()
    client = screen_in(VILLAGE)
    first = client.get(MET, {"alert": alert.pk, "next": "/anti-fraud/"})
    assert first.content.decode().count('data-name="kind-') == len(FraudKind) == 5
    second = client.get(f"{MET}?kind=link&alert={alert.pk}&next=/anti-fraud/")
    assert second.content.decode().count('data-name="way-') == len(FraudWay) == 5
    third = client.get(f"{MET}?kind=link&way=sms&alert={alert.pk}&next=/anti-fraud/")
    assert third.context["up"] == f"?kind=link&alert={alert.pk}&next=%2Fanti-fraud%2F"
    sent = {"kind": "link", "way": "sms", "alert": alert.pk, "next": "/anti-fraud/", "words": ""}
    answer = client.post(MET, sent)
    met = MetFraud.objects.get()
    assert (met.unit, met.kind, met.way, met.alert) == (units[VILLAGE], "link", "sms", alert)
    thanks = words(client.get(answer.url))
    assert "不是您的错" in thanks
    assert "96110" in thanks


def test_who_says_not_where_they_live_tells_the_city(client, units):
    client.post(MET, {"kind": "other", "way": "other"})
    assert MetFraud.objects.get().unit == units["4401"]


def test_who_scans_a_poster_and_says_not_where_tells_whom_it_hangs_there_for(client, units, write):
    alert = write.alert("440103001")
    client.post(MET, {"kind": "other", "way": "other", "alert": alert.pk})
    assert MetFraud.objects.get().unit == units["440103001"]


def test_own_words_are_cut_at_two_hundred(client, units):
    client.post(MET, {"kind": "other", "way": "call", "words": "骗" * 300})
    assert MetFraud.objects.get().words == "骗" * 200


@pytest.mark.parametrize("sent", [{}, {"kind": "link"}, {"kind": "odd", "way": "sms"}])
def test_what_is_not_chosen_is_asked_for_again(client, units, sent):
    assert client.post(MET, sent).status_code == 200
    assert not MetFraud.objects.exists()


def test_one_address_tells_so_often_an_hour(client, units, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"met": "1/60m/ip"}
    sent = {"kind": "link", "way": "sms"}
    assert client.post(MET, sent).status_code == 302
    refused = client.post(MET, sent)
    assert refused.status_code == 422
    assert "96110" in words(refused)
    assert MetFraud.objects.count() == 1


def test_the_button_stands_on_help(client):
    assert MET in client.get("/help/").content.decode()


@pytest.mark.thorough("it stands on /help/ every time, and tests/courses plays the drill")
def test_the_button_stands_at_a_drills_end(client, with_starter):
    done = "/anti-fraud/drill/?round=1&n=8&said=" + "-".join(["1.0.0"] * 7)
    assert MET in client.get(done).content.decode()


# --- The helpline --------------------------------------------------------------------------------


def test_a_volunteer_writes_down_what_was_said_on_the_telephone(as_, units):
    client = as_("volunteer")
    note = reverse("alert_desk:note_met")
    assert f'value="{VILLAGE}"' in client.get(note, {"unit": VILLAGE}).content.decode()
    sent = {"unit": VILLAGE, "kind": "office", "way": "call", "words": "冒充社保局"}
    assert client.post(note, sent).url == reverse("helpline:list")
    met = MetFraud.objects.get()
    assert (met.came_by, met.unit) == (CameBy.HELPLINE, units[VILLAGE])
    assert client.post(note, sent | {"unit": NEIGHBOUR}).status_code == 422


# --- Officers ------------------------------------------------------------------------------------


def test_officers_and_the_liaison_see_those_of_their_units_alone(as_, told):
    for who, sees in (("street_officer", True), ("liaison", True), ("other_street_officer", False)):
        assert (told.words in words(as_(who).get(DESK))) == sees


def test_one_becomes_the_draft_of_an_alert(as_, told):
    client = as_("liaison")
    address = f"{reverse('alert_desk:write')}?met={told.pk}"
    assert told.words in client.get(address).context["form"].initial["says"]
    client.post(reverse("alert_desk:write"), form(met=told.pk))
    told.refresh_from_db()
    assert (told.state, told.became) == (MetState.ALERT, Alert.objects.get())
    assert client.get(address).status_code == 404  # somebody has handled it


def test_one_becomes_a_note_to_the_editors_in_the_officers_words(as_, told, admin_client):
    client = as_("street_officer")
    drill = reverse("alert_desk:met_to_drill", args=[told.pk])
    refused = client.post(drill, {"words": "陈阿婆收到短信，13800000000"})
    assert refused.status_code == 422
    client.post(drill, {"words": "短信说快递丢了，叫人填卡号。"})
    told.refresh_from_db()
    assert told.state == MetState.DRILL
    idea = DrillIdea.objects.get()
    admin = words(admin_client.get(reverse("wagtailsnippets_alerts_drillidea:list")))
    assert idea.words[:20] in admin
    edit = reverse("wagtailsnippets_alerts_drillidea:edit", args=[idea.pk])
    admin_client.post(edit, {"used": "on"})
    idea.refresh_from_db()
    assert idea.used


def test_editors_look_and_tick_and_write_none_themselves(
    client, with_starter, told, django_user_model
):
    services.let_editors_see_drill_ideas()
    services.keep_for_drill(told, words="短信", by=django_user_model.objects.create_user("o"))
    editor = django_user_model.objects.create_user("editor")
    editor.groups.add(services.Group.objects.get(name=services.EDITORS))
    client.force_login(editor)
    assert "短信" in words(client.get(reverse("wagtailsnippets_alerts_drillidea:list")))
    assert client.get(reverse("wagtailsnippets_alerts_drillidea:add")).status_code in (302, 403)


def test_the_second_of_two_officers_is_told_so(told, cast):
    services.put_aside(told, by=cast.street_officer)
    with pytest.raises(services.AlertRefused, match="已经有人处理过"):
        services.put_aside(told, by=cast.liaison)


def test_own_words_are_forgotten_in_their_time_and_that_somebody_met_it_is_not(told):
    old = timezone.now() - timedelta(days=settings.MET_KEPT_DAYS + 1)
    MetFraud.objects.update(told_at=old)
    keep_periods()
    told.refresh_from_db()
    assert (told.words, told.kind) == ("", "link")


def test_an_alert_says_how_many_met_it(as_, write, units):
    alert = write.alert()
    for _time in range(3):
        services.tell_met(unit=units[VILLAGE], kind=FraudKind.LINK, way=FraudWay.SMS, alert=alert)
    page = words(as_("liaison").get(reverse("alert_desk:one", args=[alert.pk])))
    assert "3个人说遇到过" in page
    assert TITLE in page
