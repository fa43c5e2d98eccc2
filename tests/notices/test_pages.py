"""The pages of notices: who may open which, and what they say and do."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from lms.accounts.services import account_of_telephone
from lms.notices import urls, urls_own
from lms.notices.audiences import Audience
from lms.notices.choices import DeliveryState, GroupKind, NoticeReason, Way
from lms.notices.consent import answers_of
from lms.notices.models import Delivery, Notice, WorkGroup
from lms.notices.queries import unread_of
from lms.notices.services import tell
from lms.notices.services.classes import tell_class
from lms.notices.services.posting import send_due
from lms.people.models import Look
from tests.access_table import DONE, NONE, OK, ROLES, SIGN_IN, instead, row
from tests.access_table import WRONG as ERR
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

EVERYBODY = row(SIGN_IN, *[OK] * 9)
EVERYBODY_DONE = row(SIGN_IN, *[DONE] * 9)
#: Of the class: anonymous, stranger, volunteer, other teacher, auditor, teacher, officers of its
#: street, of another, of the city, superuser.
KEEPS = row(SIGN_IN, NONE, NONE, NONE, NONE, OK, OK, NONE, OK, OK)
KEEPS_DONE = instead(KEEPS, OK, DONE)
KEEPS_ERR = instead(KEEPS, OK, ERR)
OFFICERS = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, OK, OK, OK)
OFFICERS_ERR = instead(OFFICERS, OK, ERR)
OFFICERS_DONE = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, DONE, NONE, DONE, DONE)

#: Name, method, what is sent → who gets what. Every address must stand here.
ACCESS = [
    ("my_notices:mine", "get", {}, EVERYBODY),
    ("my_notices:read", "post", {}, EVERYBODY_DONE),
    ("my_notices:read", "post", {"which": "9" * 30}, row(SIGN_IN, *[NONE] * 9)),
    ("my_notices:digest", "post", {"by": "none"}, EVERYBODY_DONE),
    ("my_notices:digest", "post", {"by": "pigeon"}, row(SIGN_IN, *[NONE] * 9)),
    ("notices:session", "get", {}, KEEPS),
    ("notices:session", "post", {"do": "look"}, KEEPS),
    ("notices:session", "post", {"do": "send"}, KEEPS_DONE),
    ("notices:session", "post", {"more": "打19900000001"}, KEEPS_ERR),
    ("notices:followed", "get", {}, {**OFFICERS, "teacher": OK, "other_teacher": OK}),
    ("notices:sent", "get", {}, KEEPS),
    ("notices:paper", "get", {}, KEEPS),
    ("notices:call", "post", {}, KEEPS_DONE),
    ("notices:costs", "get", {}, {**OFFICERS, "auditor": OK}),
    ("notices:groups", "get", {}, OFFICERS),
    ("notices:groups", "post", {"name": "群"}, OFFICERS_ERR),
    ("notices:remove_group", "post", {}, OFFICERS_DONE),
    ("notices:wish", "get", {}, KEEPS),
    ("notices:wish", "post", {}, KEEPS_ERR),
    ("notices:wish", "post", {"given": "yes", "how": "signed"}, KEEPS_DONE),
    ("notices:wishes_of_class", "get", {}, KEEPS),
    ("notices:wishes_of_class", "post", {}, KEEPS_DONE),
    ("notices:push", "post", {}, row(*[NONE] * 10)),
]


def test_the_access_table_holds_every_address():
    there = {
        f"{each.app_name}:{path.name}" for each in (urls, urls_own) for path in each.urlpatterns
    }
    assert {name for name, *_rest in ACCESS} == there


@pytest.fixture
def notice(cancelled, cast) -> Notice:
    return tell_class(cancelled, made_by=cast.teacher)


@pytest.fixture
def address(cancelled, told, cast, notice):
    """Of `notices:session` of another session, of which nobody was told."""
    later = cancelled.starts_at + timedelta(days=7)
    session = cast.class_group.sessions.create(
        planned_at=later, starts_at=later + timedelta(hours=1), ends_at=later + timedelta(hours=2)
    )
    group = WorkGroup.objects.create(
        unit=cast.class_group.unit, name="群", kind=GroupKind.WECOM, address="https://x.example/"
    )
    arguments = {
        "notices:session": [session.pk],
        "notices:sent": [notice.pk],
        "notices:paper": [notice.pk],
        "notices:call": [notice.deliveries.to_call().first().pk],
        "notices:remove_group": [group.pk],
        "notices:wish": [told.yes.number],
        "notices:wishes_of_class": [cast.class_group.pk],
    }
    return lambda name: reverse(name, args=arguments.get(name, []))


def test_who_may_open_what(as_, address):
    """Everybody finds everything as it was before the last one came."""
    wrong = []
    for who in ROLES:
        browser = as_(who)
        for place, (name, method, sent, outcomes) in enumerate(ACCESS):
            with transaction.atomic():
                response = getattr(browser, method)(address(name), sent)
                transaction.set_rollback(True)
            to_sign_in = response.status_code == DONE and "next=" in response.url
            came = SIGN_IN if to_sign_in else response.status_code
            if came != outcomes[who]:
                wrong.append((who, place, name, method, came))
    assert wrong == []


# --- A class that was moved or cancelled --------------------------------------------------------


def test_after_cancelling_it_is_asked_whether_to_tell(as_, session, cast):
    browser = as_("teacher")
    answer = browser.post(
        f"/classes/sessions/{session.pk}/cancel/", {"cancel-reason": "台风"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == f"/notices/sessions/{session.pk}/"
    page = words(answer)
    assert "告诉大家吗？" in page
    assert "翠洲手机班12月4日星期五上午9点半的课不上了。" in page
    assert "5 人要打电话" in page  # there is no gateway
    for name in ("陈阿婆", "黄伯", "李婶", "麦婆婆", "陈伯"):
        assert name in page


def test_after_moving_it_says_from_when_to_when(as_, session, cast, company):
    moved = {"move-day": "2026-12-05", "move-clock": "14:00", "move-reason": "装修"}
    answer = as_("teacher").post(f"/classes/sessions/{session.pk}/move/", moved, follow=True)
    page = words(answer)
    assert "原来12月4日星期五上午9点半，改到12月5日星期六下午2点，地点翠洲社区。" in page
    assert "2 人收短信" in page
    assert "一共1条，大约0.05元" in page
    assert "还没有问过愿不愿意收短信：1人" in page


def test_who_was_told_that_it_is_off_is_told_that_it_stands_after_all(
    as_, notice, cancelled, company, clock
):
    browser, session = as_("teacher"), f"/classes/sessions/{cancelled.pk}/"
    clock("22:00")
    assert "还是要上，恢复这次课" in words(browser.get(session))
    answer = browser.post(session + "reopen/", {"reopen-reason": "台风没有来"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/notices/sessions/{cancelled.pk}/"
    page = words(answer)
    assert "这次课恢复了" in page
    assert "翠洲手机班12月4日星期五上午9点半的课照常上，地点翠洲社区。" in page
    browser.get("/work/")
    assert "又照常上了" in words(browser.get("/notices/sent/"))
    assert "人要打电话" not in words(browser.get("/work/"))  # to say that it is off
    browser.post(answer.redirect_chain[-1][0], {"do": "send", "more": ""})
    clock("08:00", "2026-12-04")
    send_due()
    assert [form["TemplateCode"] for form in company.taken] == ["SMS_restored"]
    assert "还没有告诉大家" not in words(browser.get("/work/"))
    assert browser.get(f"/notices/sessions/{cancelled.pk}/").status_code == 302


def test_of_a_cancelling_of_which_nobody_was_told_nothing_is_taken_back(as_, cancelled):
    browser, session = as_("teacher"), f"/classes/sessions/{cancelled.pk}/"
    answer = browser.post(session + "reopen/", {"reopen-reason": "按错了"}, follow=True)
    assert answer.redirect_chain[-1][0] == session
    assert "还没有告诉大家" not in words(browser.get("/work/"))


def test_a_sentence_is_added_and_looked_at_before_it_goes(as_, cancelled, company):
    browser, page = as_("teacher"), f"/notices/sessions/{cancelled.pk}/"
    looked = browser.post(page, {"more": "下周一照常", "do": "look"})
    assert "的课不上了。下周一照常。" in words(looked)
    assert not Notice.objects.exists()
    refused = browser.post(page, {"more": "陈阿婆请早点来", "do": "send"})
    assert "短信里不写学员的姓名" in words(refused)
    assert not Notice.objects.exists()
    sent = browser.post(page, {"more": "下周一照常", "do": "send"}, follow=True)
    assert "下周一照常。" in words(sent)
    assert Notice.objects.get().values["more"] == "下周一照常。"


def test_it_is_asked_once_only(as_, notice, cancelled):
    answer = as_("teacher").get(f"/notices/sessions/{cancelled.pk}/")
    assert answer.url == f"/notices/sent/{notice.pk}/"
    page = words(as_("teacher").get(f"/classes/sessions/{cancelled.pk}/"))
    assert "告诉过大家了" in page


def test_at_night_it_says_when_it_will_ring(as_, cancelled, company, clock):
    clock("21:30")
    page = words(as_("teacher").get(f"/notices/sessions/{cancelled.pk}/"))
    assert "夜里不打扰老人，短信12月4日星期五上午8点发" in page


def test_of_a_class_that_stands_there_is_nothing_to_tell(as_, session):
    answer = as_("teacher").get(f"/notices/sessions/{session.pk}/")
    assert answer.url == f"/classes/sessions/{session.pk}/"


def test_what_nobody_was_told_of_stands_with_ones_work(as_, cancelled):
    for who in ("teacher", "street_officer"):
        assert "次课改了，还没有告诉大家" in words(as_(who).get("/work/"))
        assert f"/notices/sessions/{cancelled.pk}/" in (
            as_(who).get("/notices/sent/").content.decode()
        )


# --- Who is to be called ------------------------------------------------------------------------


def test_a_call_is_ticked_by_one_and_can_be_taken_back(as_, notice, cast):
    browser, page = as_("teacher"), f"/notices/sent/{notice.pk}/"
    assert "还有5人没有打" in words(browser.get(page))
    call = notice.deliveries.to_call().first()
    assert "记下了" in words(browser.post(f"/notices/calls/{call.pk}/", follow=True))
    assert "还有4人没有打" in words(browser.get(page))
    again = words(as_("street_officer").post(f"/notices/calls/{call.pk}/", follow=True))
    assert "已经有人打过了" in again
    assert Delivery.objects.get(pk=call.pk).settled_by == cast.teacher
    as_("teacher").post(f"/notices/calls/{call.pk}/", {"undo": "1"})
    assert notice.deliveries.to_call().count() == 5


def test_calls_that_wait_stand_with_ones_work(as_, notice):
    assert re.search(r"5\s+个电话要打", words(as_("teacher").get("/work/")))


def test_the_list_is_printed_by_village_and_the_look_is_written_down(as_, notice, cast):
    page = as_("teacher").get(f"/notices/sent/{notice.pk}/paper/")
    assert page.content.decode().count("signing--of-village") == 1
    assert words(page).count("□") == 5
    look = Look.objects.get(taken=True)
    assert (look.person, look.rows, look.unit) == (cast.teacher, 5, cast.class_group.unit)


# --- One's own ----------------------------------------------------------------------------------


def test_staff_read_one_or_all_and_the_count_follows(as_, cast, clock):
    for text in ("第一条", "第二条"):
        tell(
            reason=NoticeReason.WORK,
            audience=Audience(people=[cast.teacher, cast.volunteer]),
            unit=cast.class_group.unit,
            staff_text=text,
        )
    browser = as_("teacher")
    assert "2条没看" in words(browser.get("/work/"))
    first = Delivery.objects.on_page_of(cast.teacher).first()
    browser.post("/accounts/notices/read/", {"which": first.pk})
    assert unread_of(cast.teacher) == 1
    others = Delivery.objects.on_page_of(cast.volunteer).first()
    browser.post("/accounts/notices/read/", {"which": others.pk})
    assert unread_of(cast.volunteer) == 2
    browser.post("/accounts/notices/read/")
    assert "都看过了" in words(browser.get("/accounts/notices/"))


def test_a_learner_finds_it_on_her_page(client, cancelled, told, cast, company):
    account = account_of_telephone("+8619900000001")
    told.yes.user = account
    told.yes.save()
    tell_class(cancelled, made_by=cast.teacher)
    client.force_login(account)
    assert "我的通知（1条没看）" in words(client.get("/accounts/"))
    page = words(client.get("/accounts/notices/"))
    assert "翠洲手机班12月4日星期五上午9点半的课不上了。" in page
    assert unread_of(account) == 0


# --- Who wants messages -------------------------------------------------------------------------


def test_a_class_is_asked_at_once_and_who_was_left_alone_stays_unasked(as_, told, clock):
    browser, page = as_("teacher"), f"/notices/classes/{told.group.pk}/wishes/"
    assert "还没有问过" in words(browser.get(page))
    clock.on(minutes=1)
    sent = {f"wish-{told.unasked.number}": "yes", f"wish-{told.yes.number}": "no"}
    assert "记下了2个人" in words(browser.post(page, sent, follow=True))
    rows = [told.yes, told.no, told.unasked, told.without]
    assert answers_of(rows) == {told.yes.pk: False, told.no.pk: False, told.unasked.pk: True}
    assert "记下了0个人" in words(browser.post(page, sent, follow=True))


def test_a_learners_page_says_it_and_leads_to_where_it_is_changed(as_, told, clock):
    browser, number = as_("teacher"), told.unasked.number
    assert re.search(r"收短信\s+还没有问过", words(browser.get(f"/classes/learners/{number}/")))
    answer = browser.post(
        f"/notices/wishes/{number}/", {"given": "yes", "how": "telephone"}, follow=True
    )
    assert re.search(r"收短信\s+愿意", words(answer))


# --- Costs and groups ---------------------------------------------------------------------------


def test_officers_are_told_in_words_that_the_money_is_gone(as_, cancelled, company, settings):
    settings.SMS_MOST_YUAN = 0
    assert "用完了" in words(as_("street_officer").get("/notices/costs/"))
    page = words(as_("teacher").get(f"/notices/sessions/{cancelled.pk}/"))
    assert "这个月的短信费用用完了" in page


def test_a_group_is_added_told_and_removed(as_, cancelled, cast, settings, units):
    settings.WEBHOOK_HOSTS = ["qyapi.weixin.qq.com"]
    browser = as_("street_officer")
    sent = {
        "unit": cast.class_group.unit.pk,
        "name": "教师群",
        "kind": "wecom",
        "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
    }
    page = browser.post("/notices/groups/", sent, follow=True)
    assert "教师群" in words(page)
    assert "key=k" not in page.content.decode()
    elsewhere = {**sent, "unit": units["440103002001"].pk}
    assert browser.post("/notices/groups/", elsewhere).status_code == ERR
    group = WorkGroup.objects.get()
    as_("teacher").post(f"/notices/sessions/{cancelled.pk}/", {"do": "send", "groups": [group.pk]})
    delivery = Delivery.objects.get(way=Way.GROUP)
    assert (delivery.group, delivery.state) == (group, DeliveryState.WAITING)
    as_("street_officer").post(f"/notices/groups/{group.pk}/remove/")
    assert not WorkGroup.objects.exists()
    assert timezone.now() < delivery.notice.ends_at


def test_a_teacher_without_a_class_finds_the_door_open(cast, client):
    """我的工作 shows it to every teacher."""
    cast.class_group.teachers.clear()
    client.force_login(cast.teacher)
    assert f'href="{reverse("notices:followed")}"' in client.get("/work/").content.decode()
    assert client.get(reverse("notices:followed")).status_code == 200
