"""Help: whose telephone is shown, who is told that somebody asked, and who may close it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone

from courses.models import LessonPage
from lms.helpline.choices import HelpState
from lms.helpline.models import HelpRequest
from lms.helpline.services import HelpRefused, ask_for_help, close_help, forget_closed_help
from lms.privacy.retention import keep_periods
from lms.units.models import Unit
from tests.cast import make_class
from tests.staff_pages import VILLAGE, session_of, words

pytestmark = pytest.mark.django_db

OTHER_VILLAGE = "440103002001"
MOBILE = "13800000000"


@pytest.fixture
def village(units):
    return units[VILLAGE]


@pytest.fixture
def asked(cast, village):
    return ask_for_help(unit=village, number=MOBILE, name="陈阿婆")


def live_in(client, unit):
    return client.post(reverse("village"), {"code": unit.code, "next": "/help/"})


def call(client, number=MOBILE, before="/", **sent):
    return client.post(
        reverse("help_call") + f"?next={before}", {"number": number, "send": 1, **sent}
    )


# --- Whose telephone ----------------------------------------------------------------------------


def test_it_shows_the_telephone_of_the_village_that_was_chosen(client, village):
    Unit.objects.filter(pk=village.pk).update(telephone="020-1111")
    assert "020-1111" not in words(client.get("/help/"))
    assert live_in(client, village).url == "/help/"
    assert "020-1111" in words(client.get("/help/"))


def test_a_village_without_telephone_shows_that_of_the_nearest_unit_above(client, village, units):
    Unit.objects.filter(code="4401").update(telephone="020-9999")
    Unit.objects.filter(code="440103001").update(telephone="020-2222")
    live_in(client, village)
    page = words(client.get("/help/"))
    assert "沙面街道 020-2222" in page
    assert "020-9999" not in page


def test_a_learner_with_an_account_sees_their_own_village_and_is_not_asked(client, cast, units):
    Unit.objects.filter(code=VILLAGE).update(telephone="020-1111")
    learner = cast.learners[0]
    learner.user = cast.stranger
    learner.save()
    client.force_login(cast.stranger)
    live_in(client, units[OTHER_VILLAGE])
    page = words(client.get("/help/"))
    assert "翠洲社区 020-1111" in page
    assert "选我的村居" not in page


def test_a_village_that_was_closed_since_is_asked_for_again(client, village):
    live_in(client, village)
    Unit.objects.filter(pk=village.pk).update(closed_on=timezone.localdate())
    assert "选我的村居" in words(client.get("/help/"))


@pytest.mark.parametrize("number", ["110", "119", "120", "96110", "12345"])
def test_the_numbers_for_emergencies_are_always_there(client, units, number):
    assert f'href="tel:{number}"' in client.get("/help/").content.decode()


# --- Choosing a village -------------------------------------------------------------------------


def test_one_goes_from_district_to_street_to_village_and_back_up(client, units):
    page = client.get("/help/village/?next=/help/")
    assert "荔湾区" in words(page)
    assert page.context["up"] == "/help/"
    page = client.get("/help/village/?in=440103001&next=/help/")
    assert [unit.name for unit, _below in page.context["units"]] == ["翠洲社区", "沙面社区"]
    assert "<button" in page.content.decode()
    assert "in=440103&" in page.context["up"]


def test_a_screen_of_units_has_at_most_six(client, units):
    street = units["440103001"]
    for number in range(3, 10):
        street.add_child(code=f"44010300100{number}", name=f"{number}村", level="village")
    seen = []
    for number in (1, 2):
        page = client.get(f"/help/village/?in={street.code}&p={number}")
        assert len(page.context["units"]) <= 6
        seen += [unit for unit, _below in page.context["units"]]
    assert len(seen) == 9


@pytest.mark.parametrize("code", ["", "999", "440103001001x"])
def test_a_unit_that_there_is_not_cannot_be_chosen(client, units, code):
    assert client.post("/help/village/", {"code": code}).status_code == 404


def test_choosing_leads_to_no_other_site(client, village):
    sent = {"code": village.code, "next": "//evil.example"}
    assert client.post("/help/village/", sent).url == "/"


# --- Asking -------------------------------------------------------------------------------------


def test_the_staff_of_the_village_hear_who_asked_and_before_which_lesson(
    client, with_starter, village
):
    live_in(client, village)
    lesson = LessonPage.objects.get(slug="scan-to-pay")
    answer = call(client, before=lesson.url, name="陈阿婆")
    assert answer.url.startswith("/help/sent/")
    [request] = HelpRequest.objects.all()
    assert (request.unit, request.telephone, request.name) == (village, MOBILE, "陈阿婆")
    assert request.page.specific == lesson
    assert "接着看" in words(client.get(answer.url))


def test_who_says_not_where_they_live_is_told_to_the_city(client, units):
    call(client)
    assert HelpRequest.objects.get().unit == units["4401"]


def test_a_learners_number_tells_who_and_where_without_a_telephone(client, cast, village):
    learner = cast.learners[0]
    call(client, number=f"{learner.number[:3]} {learner.number[3:]}")
    [request] = HelpRequest.objects.all()
    assert (request.learner, request.unit, request.telephone) == (learner, village, "")


@pytest.mark.parametrize("number", ["", "1", "12345678901234", "阿婆", "123456789"])
def test_a_number_that_cannot_be_called_is_said_to_be_wrong(client, units, number):
    answer = call(client, number=number)
    assert answer.status_code == 422
    assert "这个号码不对" in words(answer)
    assert not HelpRequest.objects.exists()


@pytest.mark.parametrize(
    "number", ["81234567", "020 8123-4567", "0208123456", "13800000000", "+86 138–0000 0000"]
)
def test_numbers_as_people_have_them_are_taken(client, units, number):
    assert call(client, number=number).status_code == 302


def test_who_waits_already_waits_once_and_from_the_first_time(asked, village):
    again = ask_for_help(unit=village, number=MOBILE)
    assert again == asked
    assert again.asked_at == asked.asked_at
    assert again.name == "陈阿婆"


def test_who_was_called_may_ask_again(asked, cast, village):
    close_help(asked, closed_by=cast.volunteer)
    assert ask_for_help(unit=village, number=MOBILE) != asked


def test_without_script_each_key_of_the_pad_adds_its_digit(client, units):
    page = client.post("/help/call/", {"number": "13", "digit": "8"})
    assert 'value="138"' in page.content.decode()
    page = client.post("/help/call/", {"number": "138", "erase": "1"})
    assert 'value="13"' in page.content.decode()
    assert not HelpRequest.objects.exists()


def test_one_address_asks_so_often_an_hour_and_reads_then_what_to_do(client, units, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"help": "2/60m/ip"}
    for number in ("13800000001", "13800000002"):
        assert call(client, number=number).status_code == 302
    refused = call(client, number="13800000003")
    assert "请直接打电话" in words(refused)
    assert HelpRequest.objects.count() == 2
    other = client.post("/help/call/", {"number": MOBILE, "send": 1}, REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 302


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"telephone": ""}, "a_help_request_says_whom_to_call"),
        ({"state": "closed"}, "a_closed_help_request_says_by_whom_and_when"),
        ({"state": "odd"}, "a_closed_help_request_says_by_whom_and_when"),
    ],
)
def test_the_database_refuses_a_request_that_cannot_be(asked, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        HelpRequest.objects.update(**changes)


def test_the_database_lets_nobody_wait_twice(asked, village, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpRequest.objects.create(unit=village, telephone=MOBILE)
    learner = cast.learners[0]
    ask_for_help(unit=village, number=learner.number)
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpRequest.objects.create(unit=village, learner=learner)


# --- Answering: who may open what ---------------------------------------------------------------

SIGN_IN, OK, DONE, NONE = "sign-in", 200, 302, 404
#: Who → what the list answers, whether it shows the village's request, what closing it answers.
ACCESS = {
    "anonymous": (SIGN_IN, False, SIGN_IN),
    "stranger": (NONE, False, NONE),
    "auditor": (NONE, False, NONE),
    "volunteer": (OK, True, DONE),
    "teacher": (OK, True, DONE),
    "other_teacher": (OK, False, NONE),
    "street_officer": (OK, True, DONE),
    "other_street_officer": (OK, False, NONE),
    "city_officer": (OK, True, DONE),
    "superuser": (OK, True, DONE),
}


@pytest.mark.parametrize(("who", "outcomes"), ACCESS.items())
def test_who_may_see_and_close_a_villages_request(as_, asked, who, outcomes):
    lists, shows, closes = outcomes
    client = as_(who)
    page = client.get(reverse("helpline:list"))
    close = client.post(reverse("helpline:close", args=[asked.pk]), {"note": "教会了"})
    asked.refresh_from_db()
    if lists == SIGN_IN:
        for answer in (page, close):
            assert answer.url.startswith(resolve_url(settings.LOGIN_URL))
    else:
        assert (page.status_code, close.status_code) == (lists, closes)
        assert (MOBILE in words(page)) == shows
    assert (asked.state == HelpState.CLOSED) == (closes == DONE)


def test_closing_does_not_answer_to_a_link(as_, asked):
    assert as_("teacher").get(reverse("helpline:close", args=[asked.pk])).status_code == 405


def test_whoever_waits_longest_comes_first_with_the_time(as_, asked, village):
    HelpRequest.objects.update(asked_at=timezone.now() - timezone.timedelta(hours=3))
    ask_for_help(unit=village, number="13800000001", name="黄伯")
    page = words(as_("volunteer").get(reverse("helpline:list")))
    assert page.index("陈阿婆") < page.index("黄伯")
    assert "等了3" in page


def test_what_came_of_it_is_kept_with_who_closed_it(as_, cast, asked):
    as_("volunteer").post(reverse("helpline:close", args=[asked.pk]), {"note": "教会了扫码"})
    asked.refresh_from_db()
    assert (asked.closed_by, asked.closed_note) == (cast.volunteer, "教会了扫码")
    assert "教会了扫码" in words(as_("teacher").get(reverse("helpline:list")))


def test_a_colleague_who_comes_second_is_told_so(asked, cast):
    close_help(asked, closed_by=cast.volunteer)
    with pytest.raises(HelpRefused, match="已经有人办好了"):
        close_help(asked, closed_by=cast.teacher)


@pytest.mark.parametrize(("who", "has_it"), [("volunteer", True), ("auditor", False)])
def test_the_way_to_the_list_stands_only_on_pages_of_those_who_answer(as_, who, has_it):
    page = as_(who).get("/classes/").content.decode()
    assert (f'href="{reverse("helpline:list")}"' in page) == has_it


# --- How long it is kept ------------------------------------------------------------------------


def closed_days_ago(asked, cast, days):
    close_help(asked, closed_by=cast.volunteer, note="教会了陈阿婆")
    HelpRequest.objects.filter(pk=asked.pk).update(closed_at=timezone.now() - timedelta(days=days))


def test_who_asked_is_forgotten_in_its_time_and_that_somebody_asked_is_not(as_, asked, cast):
    learner = cast.learners[0]
    own = ask_for_help(unit=asked.unit, number=learner.number)
    for each in (asked, own):
        closed_days_ago(each, cast, settings.HELP_KEPT_DAYS + 1)
    keep_periods()
    for each in HelpRequest.objects.all():
        kept = (each.telephone, each.name, each.closed_note, each.learner)
        assert kept == ("", "", "", None)
        assert (each.unit, each.closed_by) == (asked.unit, cast.volunteer)
    assert "陈阿婆" not in words(as_("volunteer").get(reverse("helpline:list")))


def test_who_was_called_lately_or_still_waits_is_not_forgotten(asked, cast):
    waits = ask_for_help(unit=asked.unit, number="13800000001", name="何伯")
    HelpRequest.objects.update(asked_at=timezone.now() - timedelta(days=5000))
    closed_days_ago(asked, cast, settings.HELP_KEPT_DAYS - 1)
    keep_periods()
    assert set(HelpRequest.objects.values_list("name", flat=True)) == {"陈阿婆", "何伯"}
    assert forget_closed_help(before=timezone.now()) == 1
    waits.refresh_from_db()
    assert waits.telephone == "13800000001"


# --- The home page ------------------------------------------------------------------------------


@pytest.fixture
def home(client, with_starter, cast, village):
    live_in(client, village)
    return lambda: words(client.get("/"))


def test_home_shows_what_is_still_to_come_in_my_village_and_street(home, cast, units):
    in_street = make_class(units["440103001"], "街道大课", cast.teacher)
    for group in (cast.class_group, in_street, cast.other_class):
        session_of(group, minutes=-1)
    page = home()
    assert "家门口这几天的课 今天" in page
    assert "翠洲手机班" in page
    assert "街道大课" in page
    assert "和平手机班" not in page


@pytest.mark.parametrize(("days", "is_shown"), [(5, True), (8, False)])
def test_home_looks_a_week_ahead(home, cast, days, is_shown):
    session_of(cast.class_group, hours=24 * days)
    assert ("翠洲手机班" in home()) == is_shown


def test_home_says_that_todays_class_is_cancelled_and_why(home, cast):
    session = session_of(cast.class_group, minutes=-1)
    session.state, session.reason = "cancelled", "台风"
    session.save()
    assert "取消了：台风" in home()


def test_home_is_silent_about_a_class_that_is_over(home, cast):
    session_of(cast.class_group, hours=-3)
    assert "这几天的课" not in home()


def test_home_asks_nothing_about_villages_before_one_is_chosen(
    client, with_starter, units, django_assert_max_num_queries
):
    with django_assert_max_num_queries(25) as captured:
        assert "这几天的课" not in words(client.get("/"))
    assert not [query for query in captured if "units_unit" in query["sql"]]
