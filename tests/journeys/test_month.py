"""A month of a village from its figures up to the city, by four officers in four browsers; then
the roll is put right, and what is locked stays."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.once]

PASSWORD = "一路到沙面三号"
UNITS = {
    "4401": "广州市",
    "440103": "荔湾区",
    "440103001": "沙面街道",
    "440103001001": "翠洲社区居民委员会",
}
#: By the length of a unit's code.
OFFICERS = {4: "city", 6: "district", 9: "street", 12: "village"}
COME, MORE = 24, 26
MONTH = timezone.localdate().replace(day=1) - timedelta(days=1)
SET_UP = f"""
from datetime import datetime, time, timedelta
from django.utils import timezone
from lms.accounts.models import User
from lms.classes.choices import ClassKind, SessionState
from lms.classes.models import ClassGroup, ClassSession
from lms.people.models import RoleAssignment
from lms.returns.services.beginning import begin_month
from lms.statistics.periods import Period, PeriodKind
from lms.statistics.services.rollup import settle_sessions
from lms.units.models import Unit
for code, name in { ({code: OFFICERS[len(code)] for code in UNITS})!r}.items():
    who = User.objects.create_user(name, password={PASSWORD!r}, last_name=name)
    unit = Unit.objects.get(code=code)
    RoleAssignment.objects.create(person=who, role="officer", unit=unit, from_date="2020-01-01")
month = Period.of(PeriodKind.MONTH, timezone.localdate()).previous
group = ClassGroup.objects.create(unit=unit, title="讲座", kind=ClassKind.LECTURE,
    starts_on=month.starts_on, ends_on=month.ends_on)
start = timezone.make_aware(datetime.combine(month.starts_on.replace(day=10), time(9)))
hour = timedelta(hours=1)
held = ClassSession.objects.create(class_group=group, planned_at=start, starts_at=start,
    ends_at=start + hour, state=SessionState.CLOSED, closed_at=start + hour, closed_by=who,
    headcount={COME})
settle_sessions([held.pk])
begin_month(month)
"""
CORRECT = f"""
from lms.accounts.models import User
from lms.attendance.services.headcounts import correct_headcount
from lms.classes.models import ClassSession
from lms.statistics.services.rollup import settle_sessions
held = ClassSession.objects.get()
correct_headcount(
    held, headcount={MORE}, reason="数漏了", recorded_by=User.objects.get(username="village")
)
settle_sessions([held.pk])
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("month"))
    try:
        site.migrate()
        table = site.folder / "units.csv"
        table.write_text(
            "".join(f"{row}\n" for row in ["code,name", *map(",".join, UNITS.items())])
        )
        site.manage("import_units", str(table))
        site.manage("shell", "-v0", "-c", SET_UP)
        site.go_on()
        yield site
    finally:
        site.stop()


@pytest.fixture
def officers(browser: Browser, city):
    """Each signed in, at 我的工作, in a browser of their own."""
    pages, contexts = {}, []
    for name in OFFICERS.values():
        context = browser.new_context(locale="zh-CN", base_url=city.url)
        contexts.append(context)
        pages[name] = context.new_page()
        enter(pages[name], name)
    yield pages
    for context in contexts:
        context.close()


def enter(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/work/")


def sign(page: Page, name: str) -> None:
    """From 我的工作."""
    page.goto("/work/")
    page.get_by_text("份月报等您报").click()
    if explanation := page.get_by_label("情况说明").all():  # approved in less than ten seconds
        explanation[0].fill("都看过了。")
    page.get_by_label("签名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="签名上报").click()
    expect(page.get_by_text("报上去了")).to_be_visible()


def approve(page: Page) -> None:
    """All that waits, from 我的工作."""
    page.goto("/work/")
    page.get_by_text("份月报等您审").click()
    for tick in page.get_by_role("checkbox").all():  # what stands out waits for one's own
        tick.check()
    page.get_by_role("button", name="把打勾的审核通过").click()
    expect(page.get_by_role("cell", name="已审")).to_be_visible()


@pytest.mark.thorough("four browsers; tests/returns does every act by the same forms")
def test_a_month_goes_up_through_four_levels_and_stays_as_it_was_signed(city, officers):
    sign(officers["village"], "village")
    for name in ("street", "district", "city"):
        approve(officers[name])
        sign(officers[name], name)
    top = officers["city"]
    top.get_by_role("button", name="汇总锁定这个月").click()
    expect(top.get_by_text("汇总锁定").first).to_be_visible()
    heads = top.get_by_role("row", name="讲座人数").get_by_role("cell")
    expect(heads.first).to_have_text(str(COME))

    village = officers["village"]
    village.goto(f"/returns/440103001001/{MONTH:%Y-%m}/")
    expect(village.get_by_role("button", name="签名上报")).to_have_count(0)
    city.manage("shell", "-v0", "-c", CORRECT)
    village.reload()
    heads = village.get_by_role("row", name="讲座人数").get_by_role("cell")
    expect(heads.first).to_have_text(str(COME))
    expect(heads.nth(1)).to_have_text(str(MORE))
