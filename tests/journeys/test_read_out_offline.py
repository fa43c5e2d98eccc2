"""A teacher reads a warning out in a village without network, and ticks it on the phone."""

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import Drawer
from tests.journeys.roll_proxy import make_school

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WRITE = """
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.utils import timezone
from lms.alerts.choices import FraudKind
from lms.alerts.services import confirm, write_alert
from lms.units.models import Unit
writer, other = get_user_model().objects.order_by("pk")
now = timezone.now()
alert = write_alert(
    unit=Unit.objects.get(code="440103001"), kind=FraudKind.OFFICE, title="冒充客服，说要退款",
    says="给您退钱，请下载一个软件。", todo="先挂电话，不下载。", calls="96110",
    written_by=writer, starts_at=now - timedelta(hours=2), ends_at=now + timedelta(days=1))
confirm(alert, confirmed_by=other)
"""
TICKS = "SELECT session_id FROM alerts_readout"


@pytest.fixture
def site(empty_site):
    empty_site.go_on()
    return empty_site


@pytest.fixture
def school(site):
    school = make_school(site, classes=2, learners=3)
    site.manage("shell", "-v0", "-c", WRITE)
    return school


@pytest.fixture
def phone(playwright, browser, site, school, tmp_path):
    drawer = Drawer(playwright, browser, site, school, tmp_path)
    yield drawer.take(is_switched_off=True)
    drawer.put_away()


@pytest.mark.thorough(
    "test_roll_offline keeps what waits across restarts; tests/alerts/test_read_outs ticks"
)
def test_a_warning_is_read_out_and_ticked_without_network_across_a_restart(phone, site, school):
    first, second = school["sessions"]
    tile = f"[data-session='{first['id']}']"
    expect(phone.page.locator(tile)).to_contain_text("有 1 条提醒要读给大家听")
    phone.lose_network()
    phone.page.reload()
    phone.open_class(first)
    card = phone.page.locator(".read-out")
    expect(card).to_contain_text("先挂电话，不下载。")
    phone.tap(".read-out .button")
    expect(card.get_by_role("button")).to_have_text("按错了，还没有读")
    phone.line().to_have_text("1 条待上传")
    phone.switch_off()

    phone.switch_on()
    phone.open()
    phone.line().to_have_text("1 条待上传")
    expect(phone.page.locator(tile)).not_to_contain_text("读给大家听")
    assert site.rows(TICKS) == []
    phone.find_network()
    phone.line().to_have_text("都已上传")
    assert site.rows(TICKS) == [(first["id"],)]

    phone.open_class(second)
    phone.tap(".read-out .button")
    phone.tap(".read-out .button")  # it was a mistake
    phone.line().to_have_text("都已上传")
    assert site.rows(TICKS) == [(first["id"],)]
    assert phone.errors == []
