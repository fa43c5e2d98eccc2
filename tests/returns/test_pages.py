"""The pages: signed by name and second factor, approved at once, printed, and who may open what."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from lms.accounts.second_factor.adapter import fernet
from lms.attendance.services.headcounts import correct_headcount
from lms.classes.models import ClassGroup
from lms.classes.sums import settle_sessions
from lms.returns.choices import Punctuality, ReturnState, SignedBy
from lms.returns.models import Return, ReturnAct
from lms.returns.services.beginning import begin_month
from lms.returns.services.deciding import put_down_as_missing, send_back
from lms.returns.services.locking import lock_month
from lms.returns.services.signing import submit_return
from lms.returns.snapshots import Words
from lms.units.choices import Level
from tests.returns.conftest import (
    CITY,
    OTHER_STREET,
    PASSWORD,
    SECOND,
    STREET,
    THIRD,
    VILLAGE,
    address,
    browser,
)
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def phone(office):
    """The village's officer has an app on the phone; what it shows now."""
    secret = fernet().encrypt(SECRET.encode()).decode()
    Authenticator.objects.create(
        user=office.village, type=Authenticator.Type.TOTP, data={"secret": secret}
    )
    return lambda: totp.format_hotp_value(totp.hotp_value(SECRET, int(time.time()) // 30))


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode()).group(1)


# --- Signed


def test_a_village_hands_in_with_two_presses_after_it_has_signed_in(office, phone, at, month):
    client = Client()
    sent = {"login": "村管理员", "password": PASSWORD}
    client.post("/accounts/login/", sent)
    page = client.post("/accounts/second-factor/show/", {"code": phone()}, follow=True)
    cache.clear()  # half a minute later the phone shows another number
    assert page.redirect_chain[-1][0] == "/work/"
    [way] = re.findall(r'href="(/returns/[^"]+)"[^>]*><span class="choices__name">', words_of(page))
    page = client.get(way)  # the first: 1份月报等您报
    sent = {"turn": hidden(page, "turn"), "name": "村管理员", "code": phone(), "remarks": ""}
    page = client.post(f"{way}submit/", sent, follow=True)  # the second: 签名上报
    assert "报上去了" in words(page)
    assert at(VILLAGE).state == ReturnState.SUBMITTED
    assert at(VILLAGE).snapshot.signed_with == "code"


def words_of(page):
    return page.content.decode()


def ticked_to_approve(page):
    """Once a month's last day for it is over, those are ticked too that did not hand in."""
    return re.findall(r'below__tick.*name="pick" value="([^"]+)" checked', words_of(page))


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("别人", None, "和账号上的姓名不一样"),
        ("村管理员", "000000", "数字不对"),
        ("", None, "还没有填"),
    ],
)
def test_a_wrong_signature_is_told_and_nothing_is_handed_in(
    office, phone, at, month, name, code, told
):
    sent = {"turn": "0", "name": name, "code": code or phone(), "remarks": "已经写好的话"}
    page = browser(office.village).post(address(VILLAGE, month, "submit/"), sent)
    assert page.status_code == 422
    assert told in words(page)
    assert "已经写好的话" in words_of(page)
    assert at(VILLAGE).state == ReturnState.TO_FILL


def test_a_wrong_name_uses_no_number_up(office, phone, at, month):
    client, code = browser(office.village), phone()
    sent = {"turn": "0", "name": "别人", "code": code, "remarks": ""}
    client.post(address(VILLAGE, month, "submit/"), sent)
    client.post(address(VILLAGE, month, "submit/"), {**sent, "name": " 村 管理员"})
    assert at(VILLAGE).state == ReturnState.SUBMITTED


def test_who_has_no_second_factor_where_none_is_asked_for_signs_by_password(
    office, at, month, settings
):
    client = browser(office.village)
    sent = {"turn": "0", "name": "村管理员", "password": "猜的", "remarks": ""}
    assert "密码不对" in words(client.post(address(VILLAGE, month, "submit/"), sent))
    client.post(address(VILLAGE, month, "submit/"), {**sent, "password": PASSWORD})
    assert at(VILLAGE).snapshot.signed_with == "password"


def test_where_it_is_asked_for_nobody_opens_a_return_without_it(office, at, month, settings):
    settings.STAFF_SECOND_FACTOR = True
    page = browser(office.village).get(address(VILLAGE, month))
    assert page.status_code == 302
    assert page.url.startswith("/accounts/second-factor/")


# --- Answered


@pytest.fixture
def unusual_second(sign, held, office, lecture, units):
    """Both villages have handed in; the second held nothing."""
    session = held[SECOND]
    ClassGroup.objects.filter(pk=session.class_group_id).update(title="没上成")
    session.state, session.reason = "cancelled", "台风"
    session.closed_at = session.closed_by = None
    session.save()
    settle_sessions([session.pk])
    sign(VILLAGE)
    sign(SECOND, explanation="台风")


def test_what_is_unusual_comes_first_and_waits_for_ones_own_tick(unusual_second, office, at, month):
    client = browser(office.street)
    page = client.get(address(STREET, month))
    ticks = re.findall(r'name="pick" value="(\d+):\d+"( checked)?', words_of(page))
    assert ticks == [(str(at(SECOND).pk), ""), (str(at(VILLAGE).pk), " checked")]
    assert "应上1次课，一次也没有上完点名。" in words(page)
    sent = {
        "opened": hidden(page, "opened"),
        "pick": [f"{at(VILLAGE).pk}:{at(VILLAGE).turn}"],
    }
    page = client.post(address(STREET, month, "approve/"), sent, follow=True)
    assert "审核通过了1份" in words(page)
    assert [at(code).state for code in (VILLAGE, SECOND)] == ["approved", "submitted"]
    act = ReturnAct.objects.get(kind="approved")
    assert act.open_for < 60


def test_a_level_approves_all_below_in_two_presses_from_its_work(sign, office, at, month):
    """The first: 2份月报等您审. The second: all that is usual is ticked already."""
    for code in (VILLAGE, SECOND):
        sign(code)
    client = browser(office.street)
    [way] = re.findall(
        r'href="(/returns/[^"#]+)#below"><span class="choices__name"><span class="work-count">2',
        words_of(client.get("/work/")),
    )
    page = client.get(way)
    ticked = ticked_to_approve(page)
    client.post(f"{way}approve/", {"opened": hidden(page, "opened"), "pick": ticked})
    assert at(VILLAGE).is_counted
    assert at(SECOND).is_counted


@pytest.fixture
def twenty_streets(month, units, office, lecture):
    """All have handed in; at half of them nothing was held."""
    district = units["440103"]
    streets = [
        district.add_child(code=f"440103{100 + place}", name=f"第{place + 1}街道", level="street")
        for place in range(20)
    ]
    for place, street in enumerate(streets[::2]):
        lecture(street.code, 30 + place, unit=street)
    begin_month(month)
    for one in Return.objects.filter(unit__in=streets, month=month.starts_on):
        words = Words("在修活动室", "", "签名")
        submit_return(one, turn=0, by=office.city, signed_with=SignedBy.CODE, words=words)
    return streets


def test_a_district_approves_twenty_streets_of_which_half_stand_out_in_two_clicks(
    twenty_streets, office, month
):
    client = browser(office.district)
    [way] = re.findall(
        r'href="(/returns/[^"#]+)#below"><span class="choices__name"><span class="work-count">20',
        words_of(client.get("/work/")),
    )
    page = client.get(way)  # the first: 20份月报等您审
    assert "都看过了，20份全部审核通过" in words(page)
    ticked = ticked_to_approve(page)
    assert len(ticked) == 10
    sent = {"opened": hidden(page, "opened"), "pick": ticked, "every": "1"}
    sent["waits"] = re.findall(r'name="waits" value="([^"]+)"', words_of(page))
    page = client.post(f"{way}approve/", sent, follow=True)  # the second
    assert "审核通过了20份" in words(page)
    assert set(Return.objects.filter(unit__in=twenty_streets).values_list("state", flat=True)) == {
        "approved"
    }


def test_what_did_not_come_is_put_down_as_missing_at_once_for_one_reason(sign, office, at, month):
    sign(VILLAGE)
    client = browser(office.street)
    page = client.get(address(STREET, month))
    assert "还有1个没有报" in words(page)
    gone = f"{at(SECOND).pk}:{at(SECOND).turn}"
    where = address(STREET, month, "missing-below/")
    assert "还没有选" in words(client.post(where, {"reason": "停电"}, follow=True))
    assert "写一句原因" in words(client.post(where, {"pick": gone, "reason": ""}, follow=True))
    sent = {"pick": [gone, f"{at(VILLAGE).pk}:0"], "reason": "村里停电一个星期"}
    page = client.post(where, sent, follow=True)  # somebody handed in while the page was open
    assert "1份记为缺报了" in words(page)
    assert "刚刚有人办过，现在是“已报”" in words(page)
    assert [at(code).state for code in (VILLAGE, SECOND)] == ["submitted", "missing"]
    assert at(SECOND).note == "村里停电一个星期"
    assert "还有1个没有报" not in words(page)


@pytest.mark.parametrize("wrong", [{"opened": "gestern"}, {"pick": "9" * 20 + ":1"}, {"pick": "x"}])
def test_a_form_that_was_tampered_with_approves_nothing(sign, office, at, month, wrong):
    """One that does not say when it was opened, too."""
    sign(VILLAGE)
    client = browser(office.street)
    opened = hidden(client.get(address(STREET, month)), "opened")
    sent = {"opened": opened, "pick": f"{at(VILLAGE).pk}:{at(VILLAGE).turn}", **wrong}
    page = client.post(address(STREET, month, "approve/"), sent, follow=True)
    assert "请重新打开这一页" in words(page)
    assert at(VILLAGE).state == ReturnState.SUBMITTED


def test_what_was_sent_back_says_why_at_the_unit_and_in_its_work(sign, office, at, month):
    sign(VILLAGE)
    client = browser(office.street)
    sent = {"turn": at(VILLAGE).turn, "reason": "第二周为什么没有上课"}
    client.post(address(VILLAGE, month, "send-back/"), sent)
    village = browser(office.village)
    assert "份月报退回来了" in words(village.get("/work/"))
    assert "请改好再报：第二周为什么没有上课" in words(village.get(address(VILLAGE, month)))


def test_what_was_sent_back_and_never_came_again_is_missing_and_has_no_figures(
    sign, office, at, month
):
    sign(VILLAGE, by=office.village)
    send_back(at(VILLAGE), turn=1, by=office.street, note="请改")
    put_down_as_missing(at(VILLAGE), turn=2, by=office.street, reason="停电")
    assert at(VILLAGE).punctuality() == Punctuality.MISSING
    page = browser(office.street).get(address(STREET, month))
    [line] = [each for each in page.context["page"].below if each.one.unit.code == VILLAGE]
    assert line.numbers is None
    assert page.context["page"].kept["missing"] == 1
    page = browser(office.district).get(address("440103", month))
    villages = dict(page.context["page"].by_level)[str(Level.VILLAGE.label)]
    assert (villages["missing"], villages["on_time"]) == (1, 0)


def test_the_page_tells_how_each_level_kept_its_day(sign, office, at, month):
    sign(VILLAGE)
    Return.objects.filter(pk=at(VILLAGE).pk).update(submitted_on=at(VILLAGE).due_on)
    put_down_as_missing(at(SECOND), turn=0, by=office.street, reason="停电")
    Return.objects.filter(unit__code=THIRD).update(submitted_on=month.next.ends_on)
    page = browser(office.city).get(address(CITY, month)).context["page"]
    counts = dict(page.by_level)[str(Level.VILLAGE.label)]
    assert counts == {
        "expected": 3, "on_time": 1, "late": 1, "missing": 1, "overdue": 0, "ahead": 0
    }  # fmt: skip
    assert at(VILLAGE).punctuality() == Punctuality.ON_TIME
    assert at(THIRD).punctuality() == Punctuality.LATE


def test_a_correction_after_the_lock_stands_on_the_page_beside_the_figure(
    up_to_the_city, office, at, month, held, cast
):
    up_to_the_city()
    lock_month(at(CITY), turn=at(CITY).turn, by=office.city)
    correct_headcount(held[VILLAGE], headcount=1234, reason="漏数了", recorded_by=cast.teacher)
    page = words(browser(office.village).get(address(VILLAGE, month)))
    assert "现在算出来的" in page
    assert "1234" in page
    assert "改的人：teacher。" in page
    city = words(browser(office.city).get(address(CITY, month)))
    assert "哪个单位改了，看下面的表。" in city


def test_a_page_takes_as_many_queries_whatever_the_number_below(
    up_to_the_city, office, month, django_assert_max_num_queries
):
    up_to_the_city()
    client = browser(office.second)
    for code in (CITY, STREET, OTHER_STREET):
        client.get(address(code, month))
        with django_assert_max_num_queries(28):
            assert client.get(address(code, month)).status_code == 200
