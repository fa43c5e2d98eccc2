"""The pages: signed by name and second factor, approved at once, printed, and who may open what."""

import io
import re
import time
from datetime import timedelta

import pypdfium2
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from lms.accounts.second_factor.adapter import fernet
from lms.attendance.services.headcounts import correct_headcount
from lms.classes.models import ClassGroup
from lms.classes.sums import settle_sessions
from lms.returns import urls
from lms.returns.choices import Punctuality, ReturnState
from lms.returns.models import NoTeaching, Return, ReturnAct, ReturnTemplate
from lms.returns.services.deciding import put_down_as_missing
from lms.returns.services.locking import lock_month
from lms.units.choices import Level
from lms.units.services.tree import move_unit
from tests.returns.conftest import (
    CITY,
    OTHER_STREET,
    PASSWORD,
    SECOND,
    STREET,
    THIRD,
    VILLAGE,
)
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _codes_are_new():
    cache.clear()


@pytest.fixture
def phone(office):
    """The village's officer has an app on the phone; what it shows now."""
    secret = fernet().encrypt(SECRET.encode()).decode()
    Authenticator.objects.create(
        user=office.village, type=Authenticator.Type.TOTP, data={"secret": secret}
    )
    return lambda: totp.format_hotp_value(totp.hotp_value(SECRET, int(time.time()) // 30))


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def address(code, month, act=""):
    return f"/returns/{code}/{month.slug}/{act}"


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
    ticked = re.findall(r'name="pick" value="([^"]+)" checked', words_of(page))
    client.post(f"{way}approve/", {"opened": hidden(page, "opened"), "pick": ticked})
    assert at(VILLAGE).is_counted
    assert at(SECOND).is_counted


def test_a_form_that_does_not_say_when_it_was_opened_approves_nothing(sign, office, at, month):
    sign(VILLAGE)
    sent = {"opened": "gestern", "pick": f"{at(VILLAGE).pk}:{at(VILLAGE).turn}"}
    page = browser(office.street).post(address(STREET, month, "approve/"), sent, follow=True)
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
        with django_assert_max_num_queries(32):
            client.get(address(code, month))


# --- Files


def text_of(pdf):
    return "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)
    ).replace("\r\n", "")


def test_it_is_printed_with_a_place_for_the_seal(sign, approve, office, at, month):
    sign(VILLAGE, remarks="天气热")
    approve(VILLAGE)
    put_down_as_missing(at(SECOND), turn=0, by=office.street, reason="停电")
    sign(STREET)
    answer = browser(office.street).get(address(STREET, month, "return.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    paper = text_of(answer.content)
    digest = at(STREET).snapshot.digest[:40]
    for said in ("（盖章处）", "沙面街道", "停电", "签报：", digest):
        assert said in paper


def test_nothing_is_printed_before_it_is_signed(office, at, month):
    client = browser(office.street)
    for name in ("return.pdf", "return.xlsx"):
        assert client.get(address(VILLAGE, month, name)).status_code == 404


def form_of(names):
    book = Workbook()
    book.active.title = "市表"
    book.active["A1"] = "广州市月报"
    for row, name in enumerate(names, 2):
        book.defined_names[name] = DefinedName(name, attr_text=f"'市表'!$C${row}")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


NAMES = ["单位", "月份", "已上课次", "到课人次", "学员人数", "签报人"]


def upload(client, unit, content):
    file = SimpleUploadedFile("市表.xlsx", content)
    return client.post("/returns/rules/form/", {"unit": unit.pk, "file": file}, follow=True)


def test_the_citys_own_form_is_filled_in(sign, office, at, month, units):
    content = form_of([*NAMES, "讲座人数", "备注"])
    assert "会填8个格子" in words(upload(browser(office.city), units[CITY], content))
    sign(VILLAGE, remarks='=HYPERLINK("x")')
    answer = browser(office.village).get(address(VILLAGE, month, "return.xlsx"))
    sheet = load_workbook(io.BytesIO(answer.content))["市表"]
    assert [sheet.cell(row=row, column=3).value for row in (2, 3, 4, 8)] == [
        "翠洲社区", month.label, 1, 20,
    ]  # fmt: skip
    assert sheet["A1"].value == "广州市月报"
    assert sheet["C9"].data_type == "s"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (form_of(NAMES[:-2]), "表里缺少这些名称：学员人数、签报人。"),
        (b"PK nothing", "文件打不开"),
        (b"<html>", "文件打不开"),
    ],
)
def test_a_form_that_cannot_be_filled_in_is_refused_in_words(office, units, content, told):
    page = upload(browser(office.city), units[CITY], content)
    assert page.status_code == 422
    assert told in words(page)
    assert not ReturnTemplate.objects.exists()


def test_a_name_must_point_to_one_cell(office, units):
    book = load_workbook(io.BytesIO(form_of(NAMES)))
    book.defined_names["单位"] = DefinedName("单位", attr_text="'市表'!$C$2:$D$9")
    content = io.BytesIO()
    book.save(content)
    page = upload(browser(office.city), units[CITY], content.getvalue())
    assert "名称“单位”要正好指着一个格子" in words(page)


def test_the_form_to_begin_with_is_taken(office, units):
    client = browser(office.city)
    sample = client.get("/returns/rules/form/sample.xlsx").content
    assert "会填" in words(upload(client, units[CITY], sample))


def test_without_a_form_of_the_citys_there_is_our_own(sign, office, month, at):
    sign(VILLAGE)
    answer = browser(office.village).get(address(VILLAGE, month, "return.xlsx"))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert at(VILLAGE).snapshot.digest in "".join(str(row[0].value) for row in sheet.iter_rows())


# --- Rules


def test_the_last_days_are_the_citys_to_set(office, units):
    sent = {"village": 2, "street": 4, "district": 6, "city": 9}
    assert browser(office.street).post("/returns/rules/days/", sent).status_code == 404
    page = browser(office.city).post("/returns/rules/days/", sent, follow=True)
    assert "日子改好了" in words(page)
    wrong = browser(office.city).post("/returns/rules/days/", {**sent, "street": 1})
    assert wrong.status_code == 422


def test_a_unit_is_declared_to_hold_no_classes_by_who_keeps_it(office, month, at):
    sent = {"unit": "沙面社区", "year": str(month.starts_on.year), "reason": "拆迁"}
    refused = browser(office.village).post("/returns/rules/without-classes/", sent)
    assert refused.status_code == 422
    page = browser(office.street).post("/returns/rules/without-classes/", sent, follow=True)
    assert "登记了：“沙面社区”" in words(page)
    pk = NoTeaching.objects.get().pk
    withdraw = f"/returns/rules/without-classes/{pk}/withdraw/"
    assert browser(office.village).post(withdraw).status_code == 404
    assert "撤回了" in words(browser(office.street).post(withdraw, follow=True))


# --- Who may open what

ROLES = ("stranger", "teacher", "auditor", "village", "street", "other_street", "district", "city")
FOR_ALL = {
    "mine": "",
    "rules": "rules/",
    "sample": "rules/form/sample.xlsx",
    "days": "rules/days/",
    "upload": "rules/form/",
    "declare": "rules/without-classes/",
}


def row(*outcomes):
    return dict(zip(ROLES, outcomes, strict=True))


ANYBODY_SUPERVISING = row(404, 404, 200, 200, 200, 200, 200, 200)
OFFICERS = row(404, 404, 404, 422, 422, 422, 422, 422)
#: Of the first village's return, which it has handed in.
ACCESS = [
    ("mine", "get", row(404, 404, 302, 302, 302, 302, 302, 302)),
    ("rules", "get", ANYBODY_SUPERVISING),
    ("sample", "get", ANYBODY_SUPERVISING),
    ("days", "post", row(404, 404, 404, 404, 404, 404, 404, 422)),
    ("upload", "post", OFFICERS),
    ("declare", "post", OFFICERS),
    ("withdraw", "post", row(404, 404, 404, 404, 302, 404, 302, 302)),
    ("unit", "get", row(404, 404, 200, 200, 200, 404, 200, 200)),
    ("pdf", "get", row(404, 404, 200, 200, 200, 404, 200, 200)),
    ("xlsx", "get", row(404, 404, 200, 200, 200, 404, 200, 200)),
    ("submit", "post", row(404, 404, 404, 302, 302, 404, 302, 302)),
    ("approve", "post", row(404, 404, 404, 302, 302, 404, 302, 302)),
    ("back", "post", row(404, 404, 404, 404, 302, 404, 302, 302)),
    ("missing", "post", row(404, 404, 404, 404, 302, 404, 302, 302)),
    ("expected", "post", row(404, 404, 404, 404, 302, 404, 302, 302)),
    ("lock", "post", row(404, 404, 404, 404, 404, 404, 404, 404)),
    ("unlock", "get", row(404, 404, 404, 404, 200, 404, 200, 200)),
]  # fmt: skip


def test_the_table_of_access_holds_every_address():
    assert {name for name, *_ in ACCESS} == {pattern.name for pattern in urls.urlpatterns}


@pytest.fixture
def people(as_, cast, office):
    as_("anonymous")  # which makes the others of the cast
    return {
        "stranger": cast.stranger,
        "teacher": cast.teacher,
        "auditor": cast.auditor,
        "village": office.village,
        "street": office.street,
        "other_street": cast.other_street_officer,
        "district": office.district,
        "city": office.city,
    }


def where(name, month, declared):
    if name in FOR_ALL:
        return f"/returns/{FOR_ALL[name]}"
    if name == "withdraw":
        return f"/returns/rules/without-classes/{declared.pk}/withdraw/"
    [path] = [str(each.pattern) for each in urls.urlpatterns if each.name == name]
    return "/returns/" + path.replace("<str:code>", VILLAGE).replace("<str:slug>", month.slug)


@pytest.mark.parametrize(("name", "method", "outcomes"), ACCESS, ids=[line[0] for line in ACCESS])
def test_who_may_open_which_page(
    people, office, sign, month, units, name, method, outcomes, monkeypatch
):
    monkeypatch.setattr("lms.returns.views.pages.pdf_of", lambda one, snapshot: b"%PDF")
    sign(VILLAGE, office.second)
    declared = NoTeaching.objects.create(
        unit=units[SECOND], year=2025, reason="拆迁", declared_by=office.city
    )
    url = where(name, month, declared)
    came = {}
    for who, person in people.items():
        with transaction.atomic():
            came[who] = getattr(browser(person), method)(url).status_code
            transaction.set_rollback(True)
    assert came == outcomes
    answer = getattr(Client(), method)(url)
    assert answer.url.startswith("/accounts/login/")
    if method == "post":
        assert browser(office.city).get(url).status_code == 405


@pytest.mark.parametrize("slug", ["2026", "2026-spring", "2026-13", "x"])
def test_what_is_no_month_is_not_there(office, slug):
    assert browser(office.city).get(f"/returns/{CITY}/{slug}/").status_code == 404


def test_who_took_a_village_over_later_reads_its_old_returns_and_signs_none(
    office, cast, units, month, as_, at
):
    as_("anonymous")
    units[VILLAGE].refresh_from_db()
    move_unit(units[VILLAGE], parent=units[OTHER_STREET], on=month.ends_on + timedelta(days=1))
    other = browser(cast.other_street_officer)
    assert other.get(address(VILLAGE, month)).status_code == 200
    assert other.post(address(VILLAGE, month, "submit/")).status_code == 404
    assert browser(office.street).get(address(VILLAGE, month)).status_code == 200
