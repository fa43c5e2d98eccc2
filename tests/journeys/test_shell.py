"""Settings, help and the way back: by the remote alone, by a finger alone, and with no script."""

import re
import time

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.television import TELEVISION

pytestmark = [pytest.mark.browser, pytest.mark.once]  # what is asked is written in one test only

LESSON = "/smart-tech/scan-to-pay/"
PHONE: ViewportSize = {"width": 390, "height": 844}
#: As remotes send it: Backspace, Escape, LG, Samsung, Android, browsers; and by name.
BACK_KEYS = [(8, "Backspace"), (27, "Escape"), (461, ""), (10009, ""), (4, ""), (166, ""),
             (0, "GoBack"), (0, "BrowserBack"), (0, "XF86Back")]  # fmt: skip


@pytest.fixture(scope="module")
def site(live_site):
    """With the units of a city to choose from."""
    live_site.manage("import_units", "lms/units/data/units-guangzhou.csv", "--if-empty")
    return live_site


@pytest.fixture
def open_page(browser: Browser, site):
    """A new screen's page; a script error on it fails the test."""
    contexts = []
    errors: list[str] = []

    def open_page(path: str, viewport: ViewportSize = TELEVISION, display="", **options) -> Page:
        context = browser.new_context(viewport=viewport, locale="zh-CN", **options)
        contexts.append(context)
        if display:
            context.add_cookies([{"name": "display", "value": display, "url": site.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(site.url + path)
        page.wait_for_load_state()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def until(is_so, what: str) -> None:
    deadline = time.monotonic() + 15
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.dataset.name || ''")


def walk_to(page: Page, name: str, *arrows: str) -> None:
    """Press the arrows in turn until that thing is in focus, as somebody on a sofa does."""
    for press in range(24):
        if focused(page) == name:
            return
        page.keyboard.press(arrows[press % len(arrows)])
    pytest.fail(f"{arrows} never come to {name}")


def size_of(page: Page) -> str | None:
    return page.get_attribute("html", "data-size")


def requests_for(site, number: str) -> list[tuple]:
    return site.rows(
        "SELECT u.code, h.name FROM helpline_helprequest h JOIN units_unit u ON u.id = h.unit_id"
        f" WHERE h.telephone = '{number}'"
    )


# --- By the remote alone ------------------------------------------------------------------------


def test_by_arrows_and_ok_a_learner_makes_the_letters_larger_and_is_back_at_the_lesson(open_page):
    page = open_page(LESSON)
    walk_to(page, "display", "ArrowUp", "ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_url("**/display/**")
    page.wait_for_load_state()
    assert focused(page) == "size-large"
    for name, arrow in (("size-larger", "ArrowRight"), ("size-largest", "ArrowRight")):
        walk_to(page, name, arrow)
        page.keyboard.press("Enter")
        until(lambda name=name: size_of(page) == name.partition("-")[2], name)
        until(lambda name=name: focused(page) == name, "the choice keeps the focus")
    page.keyboard.press("Backspace")
    page.wait_for_url("**" + LESSON)
    assert size_of(page) == "largest"


def test_the_browsers_own_back_leaves_the_settings_at_once_and_shows_the_page_anew(open_page):
    page = open_page(LESSON)
    page.click("[data-name=display]")
    for size in ("larger", "largest"):
        page.click(f"[data-name=size-{size}]")
        until(lambda size=size: size_of(page) == size, size)
    page.go_back()
    page.wait_for_url("**" + LESSON)
    until(lambda: size_of(page) == "largest", "the lesson is in the new size")


def test_digits_alone_ask_a_volunteer_to_call(open_page, site):
    page = open_page(LESSON)
    page.keyboard.press("0")
    page.wait_for_url("**/help/?next=*")
    page.wait_for_load_state()
    page.keyboard.press("1")
    page.wait_for_url("**/help/call/**")
    page.wait_for_load_state()
    for digit in "139000000019":
        page.keyboard.press(digit)
    walk_to(page, "pad-erase", "ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-shown]")).to_have_text("13900000001")
    walk_to(page, "send", "ArrowLeft", "ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/help/sent/**")
    page.wait_for_load_state()
    assert requests_for(site, "13900000001") == [("4401", "")]
    page.keyboard.press("1")
    page.wait_for_url("**" + LESSON)


def test_every_remotes_back_key_goes_one_step_up_and_home_lets_it_through(open_page):
    page = open_page("/")
    press = """([code, key]) => {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
      Object.defineProperty(event, 'keyCode', { value: code });
      return document.activeElement.dispatchEvent(event); }"""
    for back in BACK_KEYS:
        page.goto(page.url.partition("/smart-tech")[0].rstrip("/") + "/smart-tech/")
        page.wait_for_load_state()
        assert page.evaluate(press, back) is False, back
        page.wait_for_url(re.compile(r":\d+/$"))
        page.wait_for_load_state()
        assert page.evaluate(press, back) is True, f"{back} is kept from the television on home"


def test_in_a_box_for_words_backspace_rubs_out_and_the_remotes_back_leaves(open_page):
    page = open_page("/accounts/login/")
    page.keyboard.type("wang9")
    page.keyboard.press("Backspace")
    expect(page.locator("#id_login")).to_have_value("wang")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r":\d+/$"))


def test_the_focus_begins_where_one_sees_it_with_the_page_at_its_top(open_page):
    for viewport in (TELEVISION, PHONE):
        page = open_page("/science/qr-inside/", viewport, "elder:largest:light:off:1:zh-hans")
        until(lambda page=page: page.evaluate("document.activeElement !== document.body"), "focus")
        assert page.evaluate("window.pageYOffset") == 0
        expect(page.locator(":focus")).to_be_in_viewport()


# --- By a finger alone --------------------------------------------------------------------------


def test_by_touch_alone_one_chooses_a_village_and_asks_for_a_call(open_page, site):
    page = open_page("/digital-life/", PHONE, has_touch=True)
    page.tap("[data-name=help]")
    page.tap("[data-name=village]")
    for code in ("440103", "440103001"):
        page.tap(f"[data-name='{code}']")
        page.wait_for_url(f"**in={code}**")
    page.wait_for_load_state()
    village = page.get_attribute("main button.tile >> nth=0", "data-name")
    page.tap("main button.tile >> nth=0")
    page.wait_for_url("**/help/?next=*")
    page.tap("[data-name=call]")
    page.fill("#number", "139 0000 0002")
    page.fill("#name", "陈阿婆")
    page.tap("[data-name=send]")
    page.wait_for_url("**/help/sent/**")
    assert requests_for(site, "13900000002") == [(village, "陈阿婆")]
    page.tap("[data-name=go-on]")
    page.wait_for_url("**/digital-life/")
    page.tap("[data-name=display]")
    page.tap("[data-name=theme-dark]")
    until(lambda: page.get_attribute("html", "data-theme") == "dark", "the page turns dark")
    page.tap("[data-back]")
    page.wait_for_url("**/digital-life/")
    assert page.get_attribute("html", "data-theme") == "dark"


# --- With no script -----------------------------------------------------------------------------


def test_without_script_settings_hold_and_the_pad_writes(open_page, site):
    page = open_page(LESSON, java_script_enabled=False)
    page.click("[data-name=display]")
    page.click("[data-name=size-larger]")
    assert size_of(page) == "larger"
    page.click("[data-back]")
    page.wait_for_url("**" + LESSON)
    assert size_of(page) == "larger"
    page.click("[data-name=help]")
    page.click("[data-name=call]")
    for digit in "81234567":
        page.click(f"[data-name=pad-{digit}]")
    expect(page.locator("[data-shown]")).to_have_text("81234567")
    page.click("[data-name=send]")
    page.wait_for_url("**/help/sent/**")
    assert len(requests_for(site, "81234567")) == 1


# --- Text at 200 % -------------------------------------------------------------------------------


@pytest.mark.parametrize("viewport", [TELEVISION, PHONE], ids=["television", "phone"])
def test_with_text_at_200_per_cent_nothing_runs_off_the_side(open_page, viewport):
    page = open_page("/", viewport)
    for path in ("/", "/digital-life/", LESSON, LESSON + "?answer=0", "/display/", "/help/",
                 "/help/call/", "/help/village/?in=440103", "/accounts/login/", "/accounts/code/",
                 "/nothing-here/"):  # fmt: skip
        page.goto(re.sub(r"(:\d+)/.*", r"\1", page.url) + path)
        page.wait_for_load_state()
        page.evaluate(
            """() => { const root = document.documentElement;
              root.style.fontSize = 2 * parseFloat(getComputedStyle(root).fontSize) + 'px'; }"""
        )
        wide, room = page.evaluate(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= room, path
