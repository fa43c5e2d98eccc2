"""How much a page asks for, and a lesson before its film: few files and few bytes. What that means
on a thin line is measured by benchmarks/first_view.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import WHOLE_CHROMIUM, launch
from tests.journeys.conftest import SAMPLE_LESSON
from tests.journeys.phone import PHONE
from tests.journeys.television import TELEVISION, until_film

#: A first view; bytes on the line, compressed as a browser asks for it over plain HTTP.
CEILINGS = {"/": (10, 80_000), "/smart-tech/": (12, 100_000), SAMPLE_LESSON: (12, 120_000)}

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def browser(playwright):
    browser = launch(playwright, path=WHOLE_CHROMIUM)
    yield browser
    browser.close()


@dataclass
class Asked:
    address: str
    kind: str
    #: With the headers, as it was sent.
    bytes_sent: int = 0
    #: As it is when it has been unpacked.
    bytes_long: int = 0


class Line:
    """What the network brings to a page; what is written into the page itself costs nothing."""

    def __init__(self, page: Page) -> None:
        self.asked: dict[str, Asked] = {}
        devtools = page.context.new_cdp_session(page)
        devtools.on("Network.responseReceived", self._answered)
        devtools.on("Network.dataReceived", self._brought)
        devtools.on("Network.loadingFinished", self._ended)
        devtools.send("Network.enable")
        devtools.send(
            "Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "gzip, deflate"}}
        )

    def _answered(self, told: dict[str, Any]) -> None:
        address = told["response"]["url"]
        if not address.startswith("data:"):
            self.asked[told["requestId"]] = Asked(address, told["type"])

    def _brought(self, told: dict[str, Any]) -> None:
        if asked := self.asked.get(told["requestId"]):
            asked.bytes_long += told["dataLength"]

    def _ended(self, told: dict[str, Any]) -> None:
        if asked := self.asked.get(told["requestId"]):
            asked.bytes_sent = told["encodedDataLength"]

    def besides_the_film(self) -> list[Asked]:
        return [asked for asked in self.asked.values() if asked.kind != "Media"]


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """As large as a television, or what a test asks for."""
    viewport = getattr(request, "param", TELEVISION)
    context = browser.new_context(viewport=viewport, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", CEILINGS)
@pytest.mark.parametrize("page", [TELEVISION, PHONE], indirect=True, ids=["tv", "phone"])
def test_a_first_view_asks_for_few_files_and_bytes(page, live_site, path):
    most_files, most_bytes = CEILINGS[path]
    line = Line(page)
    page.goto(live_site.url + path, wait_until="networkidle")
    asked = line.besides_the_film()
    for each in asked:
        print(f"{each.bytes_sent:7} {each.bytes_long:7} {each.kind:10} {each.address}")
    sent = sum(each.bytes_sent for each in asked)
    unpacked = sum(each.bytes_long for each in asked)
    print(f"{len(asked)} files, {sent} bytes sent, {unpacked} unpacked")
    assert len(asked) <= most_files
    assert 0 < sent <= most_bytes


def test_the_film_waits_until_the_page_is_there(page, live_site):
    page.add_init_script(
        "addEventListener('load', () => {"
        " const film = document.querySelector('video');"
        " window.atLoad = [film.networkState, film.readyState]; });"
    )
    page.goto(live_site.lesson_url)
    assert page.evaluate("atLoad") == [1, 0]  # it stands idle, and nothing of it is there
    until_film(page)
    expect(page.locator("[data-player] [data-pad]")).to_be_visible()


def test_the_next_page_brings_only_what_it_says_itself(page, live_site):
    page.goto(live_site.lesson_url, wait_until="networkidle")
    line = Line(page)
    page.goto(live_site.url + "/display/", wait_until="networkidle")
    brought = {each.address for each in line.besides_the_film() if each.bytes_sent > 0}
    assert not any("/css/" in address or "/js/" in address for address in brought)
