"""An alert from an officer's desk to the television of a village and not to that of its neighbour,
and an emergency that takes the screen, without a reload."""

import re

import pytest
from playwright.sync_api import APIRequestContext, Browser, Page, expect

from tests.journeys.television import TELEVISION, until

pytestmark = [pytest.mark.browser, pytest.mark.once]

STREET = "440103002"
TITLE, EMERGENCY = "冒充客服说要退款", "台风今晚登陆"
EVERY_MS = 50_000  # as screens ask
#: Two officers, in units as a city has them.
APPOINT = f"""
from django.contrib.auth import get_user_model
from lms.people.models import RoleAssignment
from lms.units.models import Unit
people = get_user_model().objects
for name, code in (("street", "{STREET}"), ("district", "{STREET[:6]}")):
    RoleAssignment.objects.get_or_create(
        person=people.get(username=name), unit=Unit.objects.get(code=code), role="officer"
    )
print(*Unit.objects.get(code="{STREET}").get_children().values_list("code", flat=True)[:2])
"""


@pytest.fixture(scope="module")
def city(site_of_an_elder):
    """With units and two officers. What is written here is for one village, in which no other test
    is."""
    site = site_of_an_elder
    said = site.manage("make_demo_accounts")
    site.codes |= dict(re.findall(r"(\w+) / (\S+)", said))
    said = site.manage("shell", "-v0", "-c", APPOINT)
    site.codes["villages"] = said.splitlines()[-1]
    return site


class Officer:
    """Fills in forms, as a browser sends them."""

    def __init__(self, browser: Browser, url: str, name: str, password: str) -> None:
        self.context = browser.new_context(base_url=url)
        self.request: APIRequestContext = self.context.request
        self.post("/accounts/login/", login=name, password=password)

    def post(self, address: str, *, on: str = "", **sent: str) -> str:
        """Where it led to. `on`: the page with the form, where that is another."""
        page = self.request.get(on or address)
        [token, *_more] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text())
        days = dict(re.findall(r'name="(\w+_day)" value="([\d-]+)"', page.text()))
        answer = self.request.post(
            address,
            form={"csrfmiddlewaretoken": token, **days, **sent},
            headers={"Referer": page.url},
        )
        assert answer.ok, answer.status
        return answer.url


@pytest.fixture
def officers(browser, city):
    made = {
        name: Officer(browser, city.url, name, city.codes[name]) for name in ("street", "district")
    }
    yield made
    for officer in made.values():
        officer.context.close()


@pytest.fixture
def televisions(browser, city):
    """Of the village and of its neighbour, each before the home page."""
    contexts, errors, pages = [], [], []
    for code in city.codes["villages"].split():
        context = browser.new_context(viewport=TELEVISION, locale="zh-CN")
        context.add_cookies([{"name": "village", "value": code, "url": city.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.clock.install()
        page.goto(city.url + "/")
        pages.append(page)
    yield pages
    for context in contexts:
        context.close()
    assert errors == []


def until_it_asked(page: Page, selector: str) -> None:
    """The web process may remember for some seconds what was."""

    def asks() -> bool:
        page.clock.run_for(EVERY_MS)
        return page.locator(selector).count() > 0

    until(asks, seconds=30)


@pytest.mark.thorough(
    "tests/alerts/test_screens tells each its own; the script that asks: here alone"
)
def test_an_alert_comes_to_the_television_of_the_village_and_not_to_its_neighbours(
    city, officers, televisions
):
    village, neighbour = televisions
    code, _other = city.codes["villages"].split()
    written = officers["street"].post(
        "/classes/alerts/new/",
        unit=code,
        kind="office",
        title=TITLE,
        says="给您退钱，请下载软件。",
        todo="先挂电话，不下载。",
        calls="96110、110",
    )
    officers["district"].post(f"{written}confirm/", on=written)
    until_it_asked(village, ".warning")
    expect(village.locator(".warning")).to_contain_text(TITLE)
    expect(village.locator(".warning")).to_contain_text("先挂电话，不下载。")
    assert village.evaluate("document.activeElement !== document.body")
    with neighbour.expect_response("**/alerts/now.json*") as asked:
        neighbour.clock.run_for(EVERY_MS)
    assert asked.value.json() == {}
    expect(neighbour.locator(".warning")).to_have_count(0)

    officers["street"].post(
        "/classes/alerts/emergency/new/",
        unit=code,
        kind="weather",
        title=EMERGENCY,
        todo="请不要出门。",
        shelter="小学体育馆",
        telephone="020-1111",
        hours="1",
        alone="on",
        alone_reason="风已经到了",
    )
    until_it_asked(village, "[data-emergency]")
    expect(village.locator("[data-known]")).to_be_focused()
    expect(village.locator("[data-emergency]")).to_contain_text("小学体育馆")
    village.keyboard.press("1")  # opens nothing below
    expect(village.locator("[data-known]")).to_be_focused()
    village.keyboard.press("Enter")
    expect(village.locator(".alerts__line--urgent")).to_contain_text(EMERGENCY)
    expect(village.locator("[data-emergency]")).to_have_count(0)
    neighbour.reload()
    expect(neighbour.locator("[data-emergency], .alerts__line--urgent")).to_have_count(0)
