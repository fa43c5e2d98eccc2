"""A city's first day: from an empty database, by production's settings and over HTTPS, to the
figure in which a district reads how many came to its first class."""

import re
import secrets
import time
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdfium2 import PdfDocument

from tests.chromium import launch
from tests.collected import share_collected
from tests.journeys.conftest import Site
from tests.journeys.https_proxy import HttpsProxy
from tests.journeys.phone import PHONE
from tests.migrated import copy_migrated

pytestmark = [pytest.mark.browser, pytest.mark.city, pytest.mark.timeout(900)]

DESK = {"width": 1440, "height": 900}
DISTRICT = "440103"
LEARNERS, AWAY = 30, 4
PASSWORD = "大榕树下的1952年"
UNITS = Path("lms/units/data/units-guangzhou.csv")
#: 200 slips are laid out on a machine that does other things beside.
LONGEST_MS = 180_000


def invented(number: int) -> str:
    """No two alike, and without digits, which no name has."""
    return (
        "陈林黄张李王吴刘蔡杨"[number // 20]
        + "秀桂玉国建志淑水金福月娥宝珠永昌文彬惠芳"[number % 20]
    )


class Person:
    """Somebody before a screen of their own. What is clicked is counted."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(LONGEST_MS)
        self.clicks = 0
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def click(self, *selectors: str) -> None:
        for selector in selectors:
            self.page.click(selector)
            self.clicks += 1

    def send(self, **boxes: str) -> None:
        """Fill the page's form and send it."""
        for name, text in boxes.items():
            self.page.fill(f"main [name={name}]", text)
        self.click("main button[type=submit].button--main")

    def reads(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    def sign_in(self, url: str, name: str, password: str) -> None:
        self.page.goto(url + "/accounts/login/")
        self.send(login=name, password=password)

    def choose_password(self) -> None:
        """In the place of the one-time password, before anything else is opened."""
        expect(self.page.locator("h1")).to_have_text("换成自己的密码")
        self.send(password=PASSWORD, again=PASSWORD)

    def set_up_second_factor(self) -> None:
        """As whoever sees many people's data must, with an app on the phone."""
        self.click("text=开始设置")
        self.send(password=PASSWORD)
        secret = self.page.inner_text(".form__secret")
        [_before, counter, _after] = totp.yield_hotp_counters_from_time()  # of half a minute each
        self.send(code=totp.format_hotp_value(totp.hotp_value(secret, counter)))
        self.click("text=抄好了，继续")


class City:
    """The production site, and whoever sits before it."""

    def __init__(self, site: Site, proxy: HttpsProxy, browser: Browser) -> None:
        self.site, self.url, self.browser = site, proxy.url, browser
        self.people: list[Person] = []

    def somebody(self, **screen) -> Person:
        context = self.browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", ignore_https_errors=True,
            **(screen or {"viewport": DESK}),
        )  # fmt: skip
        self.people.append(Person(context))
        return self.people[-1]


@pytest.fixture
def city(tmp_path, playwright):
    """An empty database; nothing has been set up."""
    site = Site(
        tmp_path / "city",
        DJANGO_SETTINGS_MODULE="lms.settings.production",
        SECRET_KEY=secrets.token_urlsafe(50),
        ALLOWED_HOSTS="127.0.0.1",
    )
    share_collected(site.folder)
    proxy = HttpsProxy(urlsplit(site.url).port or 0, tmp_path)
    site.environment["SITE_URL"] = proxy.url
    site.decide_the_rest()
    browser = launch(playwright, "--ignore-certificate-errors")  # or no service worker
    try:
        yield City(site, proxy, browser)
    finally:
        browser.close()
        proxy.close()
        site.stop()


def units_of_the_district(folder: Path, villages: int) -> tuple[Path, list[str]]:
    """A file of the city and of one of its districts, and the codes of its first villages."""
    lines = UNITS.read_text().splitlines()
    ours = [line for line in lines if line.startswith(("code", "4401,", DISTRICT))]
    file = folder / "units.csv"
    file.write_text("\n".join(ours))
    codes = [line.partition(",")[0] for line in ours]
    return file, [code for code in codes if len(code) == 12][:villages]


def spreadsheet(file: Path, *rows: list[str]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


def list_of_teachers(file: Path, teachers: int, villages: list[str]) -> Path:
    rows = [
        [invented(number), f"139{number:08}" if number % 2 else "", village, "教师"]
        for number, village in zip(range(teachers), cycle(villages), strict=False)
    ]  # fmt: skip
    return spreadsheet(file, ["姓名", "手机号", "单位", "角色"], *rows)


def printed_slips(file: Path) -> tuple[int, dict[str, tuple[str, str]]]:
    """The pages of a PDF of slips; by name the user name and the password."""
    pages = [page.get_textpage().get_text_range() for page in PdfDocument(file)]
    told = re.findall(
        r"(\S+)的登录条.*?用户名\s+(\d{8}).*?一次性密码\s+(\w{10})", "\n".join(pages), re.DOTALL
    )
    return len(pages), {name: (number, password) for name, number, password in told}


@pytest.mark.parametrize(("teachers", "villages", "is_migrated"), [
    (40, 12, True),
    pytest.param(
        200, 60, False,
        marks=pytest.mark.thorough("forty teachers, into tables that this run's migrations made"),
    ),
])  # fmt: skip
def test_from_an_empty_database_to_a_districts_figure(
    city, tmp_path, teachers, villages, is_migrated
):
    if is_migrated:
        copy_migrated(city.site.postgres or str(city.site.folder / "yinling.sqlite3"))
    units, codes = units_of_the_district(tmp_path, villages)
    begun = time.monotonic()
    said = city.site.manage("set_up", f"--units={units}", "--admin=199 0000 0001")
    set_up_seconds = time.monotonic() - begun
    city.site.go_on()

    # The administrator signs in with what set_up printed, and appoints the district's officer.
    admin = city.somebody()
    [name], [password] = re.findall(r"用户名 +(\d+)", said), re.findall(r"一次性密码 +(\w+)", said)
    admin.sign_in(city.url, name, password)
    admin.choose_password()
    admin.set_up_second_factor()
    admin.page.wait_for_url("**/work/")
    appoint(admin, name="林区长", telephone="199 0000 0031", unit=DISTRICT, role="officer")
    name, password = slip_of(admin)

    # The officer brings on the teachers of the villages.
    officer = city.somebody()
    officer.sign_in(city.url, name, password)
    officer.choose_password()
    officer.set_up_second_factor()
    officer.page.wait_for_url("**/work/")
    officer.clicks, begun = 0, time.monotonic()
    officer.click("main a:has-text('人员')", "text=用表格添许多人")
    sheet = list_of_teachers(tmp_path / "teachers.xlsx", teachers, codes)
    officer.page.set_input_files("input[type=file]", sheet)
    officer.click("text=先看一看")
    officer.reads(f"办{teachers}项任职")
    officer.click("button[value=import]")
    officer.reads("每个人都要一张登录条")
    with officer.page.expect_download() as download:
        officer.click(f"text=打印登录条，第1到{teachers}位")
    pages, slips = printed_slips(download.value.path())
    staff_seconds, staff_clicks = time.monotonic() - begun, officer.clicks
    assert pages == teachers / 8
    assert len(slips) == teachers
    assert staff_seconds < 600

    # One of them signs in with her slip, opens a class and puts 30 people into it.
    teacher = city.somebody()
    name = invented(7)
    teacher.sign_in(city.url, *slips[name])
    teacher.choose_password()
    teacher.page.wait_for_url("**/work/")
    open_class(teacher, "手机入门班")
    learners = [[f"{invented(number)}婆", str(1940 + number)] for number in range(LEARNERS)]
    sheet = spreadsheet(tmp_path / "learners.xlsx", ["姓名", "出生年份"], *learners)
    teacher.click("main a:has-text('用表格报名')")
    teacher.page.set_input_files("input[type=file]", sheet)
    teacher.click("text=先看一看", "button[value=import]")
    teacher.reads(f"给{LEARNERS}人报了名")
    teacher.click("main a.way-back")
    add_class_today(teacher)

    # She calls the roll on her phone where there is no network.
    phone = city.somebody(viewport=PHONE, has_touch=True, is_mobile=True)
    phone.sign_in(city.url, slips[name][0], PASSWORD)
    phone.page.wait_for_url("**/work/")
    call_the_roll(phone, city.url)

    # The district reads it at once.
    marks = "SELECT status, count(*) FROM attendance_attendancerecord GROUP BY status"
    assert dict(city.site.rows(marks)) == {"present": LEARNERS - AWAY, "absent": AWAY}
    officer.page.goto(city.url + "/work/")
    officer.click("main a:has-text('统计报表')")
    expect(officer.page.locator("h1")).to_contain_text("荔湾区")
    figures = officer.page.locator(".headlines").inner_text()
    assert re.search(rf"\b{LEARNERS - AWAY}\b", figures), figures
    print(
        f"\nset_up {set_up_seconds:.0f} s; {teachers} teachers of {villages} villages:"
        f" {staff_clicks} clicks, {staff_seconds:.0f} s; all {time.monotonic() - begun:.0f} s;"
        f" clicks {[person.clicks for person in city.people]}"
    )
    assert [error for person in city.people for error in person.errors] == []


def appoint(person: Person, *, name: str, telephone: str, unit: str, role: str) -> None:
    """From 我的工作 on."""
    person.click("main a:has-text('人员')", "text=添一个人")
    person.page.select_option("select[name=role]", role)
    person.send(name=name, telephone=telephone, unit=unit, reason="新聘")
    expect(person.page.locator("h1")).to_have_text(name)


def slip_of(person: Person) -> tuple[str, str]:
    """Printed from the page of whoever was appointed."""
    person.click("main a:has-text('打印登录条')")
    person.send(reason="第一次登录")
    values = person.page.locator(".slip__value")
    expect(values).to_have_count(2)
    username, password = values.all_inner_texts()
    return username, password


def open_class(teacher: Person, title: str) -> None:
    """Once a week for four weeks from tomorrow; on no day of rest all of them fall."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    teacher.click("main a:has-text('开一个新班')")
    page = teacher.page
    page.select_option("[name=times-0-weekday]", str(tomorrow.isoweekday()))
    page.fill("[name=times-0-starts_at]", "09:30")
    page.fill("[name=times-0-ends_at]", "11:00")
    teacher.send(
        title=title,
        place="村文化室",
        starts_on=timezone.localdate().isoformat(),
        ends_on=(tomorrow + timedelta(days=27)).isoformat(),
    )
    teacher.reads("课次也排好了")


def add_class_today(teacher: Person) -> None:
    """Half the day, the longest there is, so that its roll can be called at any hour."""
    morning = timezone.localtime().hour < 12
    teacher.click("main a:has-text('加一次课')")
    teacher.send(starts_at="00:00" if morning else "12:00", ends_at="11:59" if morning else "23:59")
    added, anyway = teacher.page.get_by_text("加好了这次课"), teacher.page.locator("[name=anyway]")
    expect(added.or_(anyway).first).to_be_visible()
    if anyway.count():  # today is a public holiday
        teacher.click("[name=anyway]")
    expect(added).to_be_visible()


def call_the_roll(phone: Person, url: str) -> None:
    """All but four have come; the phone knows it before the site does."""
    page = phone.page
    page.goto(url + "/roll/")
    expect(page.locator("[data-session]")).not_to_have_count(0)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator("[data-waiting]")).to_have_text("都已上传")
    phone.context.set_offline(True)
    page.reload()
    page.locator("[data-session]").first.tap()
    expect(page.locator(".learner")).to_have_count(LEARNERS)
    page.locator("[data-all-present]").tap()
    for place in range(AWAY):
        page.locator(".learner__mark").nth(place).tap()
    page.locator("[data-done]").tap()
    expect(page.locator("[data-is-closed]")).to_be_visible()
    expect(page.locator("[data-waiting]")).to_contain_text("条待上传")
    phone.context.set_offline(False)
    expect(page.locator("[data-waiting]")).to_have_text("都已上传")
