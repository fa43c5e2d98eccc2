"""The roll under production's settings: hashed file names, compression, cookies for https alone."""

import secrets

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Site
from tests.journeys.phone import Drawer
from tests.journeys.roll_proxy import make_school

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.timeout(600)]

#: The card reader, by the name with a digest under which the phone has kept it.
READER = """async () => {
  const [kept] = (await caches.keys()).filter((name) => name.startsWith("roll-"));
  const names = (await (await caches.open(kept)).keys()).map((request) => request.url);
  const reader = await import(names.find((name) => /\\/decode\\.\\w+\\.js$/.test(name)));
  return typeof reader.default;
}"""


@pytest.fixture
def site(tmp_path):
    """Plain HTTP on this machine alone, which a browser trusts as it does https."""
    site = Site(
        tmp_path / "production",
        DJANGO_SETTINGS_MODULE="lms.settings.production",
        SECRET_KEY=secrets.token_urlsafe(50),
        ALLOWED_HOSTS="127.0.0.1",
        SITE_URL="http://127.0.0.1",
        SECURE_SSL_REDIRECT="false",
    )
    site.decide_the_rest()
    site.migrate()
    try:
        site.go_on()
        yield site
    finally:
        site.stop()


@pytest.mark.thorough("test_first_day calls the roll by production's settings")
def test_the_page_its_worker_and_the_card_reader_work_without_network(
    playwright, browser, site, tmp_path
):
    school = make_school(site, classes=1, learners=3)
    [held] = school["sessions"]
    drawer = Drawer(playwright, browser, site, school, tmp_path)
    teacher = drawer.take()
    scripts = teacher.page.locator("script[type=module]").evaluate_all(
        "all => all.map((x) => x.src)"
    )
    assert all(".js" in address and not address.endswith("/page.js") for address in scripts)

    teacher.lose_network()
    site.kill("web")
    teacher.page.reload()
    teacher.open_class(held)
    assert teacher.page.evaluate(
        "getComputedStyle(document.querySelector('[data-done]')).backgroundColor"
    ) not in {"rgba(0, 0, 0, 0)", "rgb(239, 239, 239)"}  # the style sheets were kept too
    assert teacher.page.evaluate(READER) == "function"
    teacher.tap("[data-all-present]")
    teacher.line().to_have_text("3 条待上传")
    site.go_on()
    teacher.find_network()
    teacher.line().to_have_text("都已上传")
    assert site.value("SELECT count(*) FROM attendance_attendanceevent") == 3
    expect(teacher.page.locator("[data-trouble]")).not_to_be_visible()
    drawer.put_away()
