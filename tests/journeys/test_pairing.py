"""A household's television, let in by a phone that signs in by a short message."""

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.television import TELEVISION

pytestmark = [pytest.mark.browser, pytest.mark.once]  # what is asked is written in one test only

PHONE: ViewportSize = {"width": 390, "height": 844}
NUMBER = "19900000051"


@pytest.fixture
def site(empty_site):
    empty_site.go_on()
    return empty_site


@pytest.fixture
def screens(browser: Browser):
    """Makes screens, each with cookies of its own; a script error on one fails the test."""
    contexts = []
    errors: list[str] = []

    def make(viewport: ViewportSize, **options) -> Page:
        contexts.append(browser.new_context(viewport=viewport, locale="zh-CN", **options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


def codes_sent(site) -> list[str]:
    """What the gateway for trying wrote where the site writes."""
    log = (site.folder / "web.log").read_text()
    return re.findall(r"短信：验证码 (\d+)", log)


def press(page: Page, digits: str) -> None:
    """On the keys of the remote, or of a phone."""
    for digit in digits:
        page.keyboard.press(digit)


def test_a_phone_signs_in_by_a_code_and_lets_a_television_in_and_out_again(screens, site):
    television, phone = screens(TELEVISION), screens(PHONE, has_touch=True, is_mobile=True)
    television.goto(site.url + "/tv/")
    expect(television.locator("[data-name=add]")).to_be_focused()
    television.keyboard.press("Enter")
    expect(television.locator("[data-name=begin]")).to_be_focused()
    television.keyboard.press("Enter")
    digits = television.locator(".pairing__code").inner_text().replace(" ", "")
    match = television.locator(".pairing__match").inner_text()

    phone.goto(f"{site.url}/tv/confirm/?code={digits}")  # as the QR code says
    phone.fill("#digits", "199 0000 0051")
    phone.tap("[data-name=send]")
    phone.wait_for_url("**/accounts/code/typed/**")
    phone.fill("#digits", codes_sent(site)[-1])
    phone.tap("[data-name=send]")
    phone.wait_for_url("**/tv/confirm/**")
    phone.tap(f"[data-name=match-{match}]")
    expect(phone.locator("h1")).to_have_text("好了")

    television.wait_for_url(site.url + "/")  # by itself
    television.goto(site.url + "/tv/")
    expect(television.locator(".people__person")).to_contain_text("手机尾号0051")

    phone.goto(site.url + "/tv/mine/")
    phone.tap("text=改名")
    phone.fill("#id_name", "客厅的电视")
    phone.tap("[data-name=send]")
    expect(phone.locator(".television__name")).to_have_text("客厅的电视")
    phone.tap("text=不要再记着我")
    expect(phone.locator("[role=status]")).to_contain_text("已经退出，不再记着您。")
    television.reload()
    expect(television.locator(".people__person")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without one"])
def test_a_number_is_given_with_the_remotes_keys_alone(screens, site, script):
    number = f"1990000006{int(script)}"
    television = screens(TELEVISION, java_script_enabled=script)
    television.goto(site.url + "/accounts/code/")
    if script:
        expect(television.locator("[data-name=pad-1]")).to_be_focused()
        press(television, number + "7")  # one too many is not taken
    else:
        for digit in number:
            television.click(f".pad [value='{digit}']")
    expect(television.locator("[data-shown]")).to_have_text(number)
    television.click("[data-name=send]")
    television.wait_for_url("**/accounts/code/typed/")
    code = codes_sent(site)[-1]
    if script:
        press(television, code)
    else:
        for digit in code:
            television.click(f".pad [value='{digit}']")
    television.click("[data-name=send]")
    television.wait_for_url("**/accounts/privacy/**")  # the notice, once
    if script:
        expect(television.locator("[data-name=learning-yes]")).to_be_focused()
        television.keyboard.press("Enter")
    else:
        television.click("[data-name=learning-yes]")
    chosen = television.locator("[data-name=learning-yes][aria-pressed=true]")
    expect(chosen).to_contain_text("现在")
    television.click("[data-name=on]")
    television.wait_for_url(site.url + "/")
    television.goto(site.url + "/accounts/")
    expect(television.locator("h1")).to_have_text(f"手机尾号{number[-4:]}")
