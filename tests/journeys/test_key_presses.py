"""How many keys of a remote it takes from home to what one came for."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.once]

#: The most keys that each may take.
FILM, LESSON, PRACTICE, SEARCH = 4, 2, 12, 8


class Remote:
    """Presses real keys and counts them; after each it waits until the page listens."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.pressed = 0
        page.goto(home)
        self.listens()

    def listens(self) -> None:
        expect(self.page.locator("[data-first-focus]").first).to_be_attached()
        self.page.wait_for_load_state()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += 1
            self.page.keyboard.press(key)

    def opens(self, *keys: str, at: str) -> None:
        """The last of these keys leads to another page."""
        self.press(*keys)
        self.page.wait_for_url(at)
        self.listens()


@pytest.fixture
def remote(television, live_site):
    return Remote(television, live_site.url + "/")


def test_a_film_plays(remote):
    remote.opens("2", at="**/smart-tech/")
    remote.opens("7", at="**/smart-tech/?p=2")
    remote.opens("1", at="**/scan-to-pay/")
    expect(remote.page.locator("[data-name=play]")).to_be_focused()
    remote.press("Enter")
    expect(remote.page.locator("video")).to_have_js_property("paused", False)
    assert remote.pressed <= FILM


def test_a_lesson_that_one_sees_is_open(remote):
    remote.opens("2", at="**/smart-tech/")
    remote.opens("2", at="**/big-text/")
    assert remote.pressed <= LESSON


def test_a_practice_is_open(remote):
    remote.opens("2", at="**/smart-tech/")
    remote.opens("1", at="**/wake-and-back/")
    expect(remote.page.locator("[data-name=to-reading]")).to_be_focused()
    while not remote.page.evaluate("document.activeElement.matches('[data-name=practice]')"):
        remote.press("ArrowDown")
        assert remote.pressed < PRACTICE
    remote.opens("Enter", at="**/practice/")
    assert remote.pressed <= PRACTICE


def test_a_lesson_is_found_by_its_letters_and_by_a_suggestion(remote):
    remote.opens("8", at="**/more/")
    remote.opens("1", at="**/search/")
    expect(remote.page.locator("[data-letter=k]")).to_be_focused()
    remote.press("ArrowLeft", "Enter", "ArrowUp", "Enter")
    expect(remote.page.locator("[data-typed]")).to_have_value("jc")
    expect(remote.page.locator(".tile--found").first).to_contain_text("用手机叫车")
    remote.opens("1", at="**/call-car/")
    assert remote.pressed <= SEARCH

    sofa = Remote(remote.page, remote.page.url.replace("/digital-life/call-car/", "/"))
    sofa.opens("8", at="**/more/")
    sofa.opens("1", at="**/search/")
    expect(remote.page.locator("[data-letter=k]")).to_be_focused()
    sofa.press("1")
    expect(remote.page.locator(".tile--found").first).to_contain_text("用手机叫车")
    sofa.opens("1", at="**/call-car/")
    assert sofa.pressed <= SEARCH
