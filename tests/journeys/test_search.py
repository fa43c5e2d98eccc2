"""Looking for a lesson on a sofa: letters by the arrows, and what they find at once."""

import pytest
from playwright.sync_api import expect

from tests.journeys.television import TELEVISION, press_until

pytestmark = [pytest.mark.browser, pytest.mark.once]


def press_letter(page, letter):
    """From wherever the focus is on the pad, by arrows alone."""
    here = page.evaluate("document.activeElement.dataset.letter").upper()
    row, column = divmod(ord(letter) - ord("A"), 7)  # seven keys a row
    row_here, column_here = divmod(ord(here) - ord("A"), 7)
    down, right = row - row_here, column - column_here
    for _ in range(abs(down)):
        page.keyboard.press("ArrowDown" if down > 0 else "ArrowUp")
    for _ in range(abs(right)):
        page.keyboard.press("ArrowRight" if right > 0 else "ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.letter").upper() == letter
    page.keyboard.press("Enter")


def test_two_letters_and_a_number_open_a_lesson_and_back_keeps_what_was_found(
    television, live_site
):
    television.goto(live_site.url + "/search/")
    for letter in "JC":
        press_letter(television, letter)
    found = television.locator(".tile--found")
    expect(found.first).to_contain_text("用手机叫车")
    expect(television.locator("[data-typed]")).to_have_value("jc")
    television.keyboard.press("1")
    expect(television.locator("h1")).to_have_text("用手机叫车")
    television.go_back()
    expect(found.first).to_contain_text("用手机叫车")
    expect(television.locator("[data-typed]")).to_have_value("jc")


def test_arrows_reach_what_was_found_and_the_next_screen_of_it(television, live_site):
    television.goto(live_site.url + "/search/?q=s")
    first = television.locator(".tile--found").first.text_content()
    press_until(television, "ArrowRight", ".tile--found")
    press_until(television, "ArrowDown", ".pager__on")
    television.keyboard.press("Enter")
    expect(television.locator(".tile--found").first).not_to_have_text(first)
    assert television.evaluate("document.activeElement.matches('.tile--found')")


def test_deleting_and_clearing_take_back_what_was_typed(television, live_site):
    television.goto(live_site.url + "/search/?q=jcx")
    expect(television.locator(".search__words")).to_contain_text("没有找到“jcx”")
    television.click("[data-delete]")
    expect(television.locator(".tile--found")).to_have_count(1)
    television.click("[data-clear]")
    expect(television.locator(".tile--found")).to_have_count(0)


def test_a_phone_finds_while_one_types(browser, live_site):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(live_site.url + "/search/")
    page.locator("[data-typed]").press_sequentially("挂号")
    expect(page.locator(".tile--found").first).to_contain_text("用手机挂号")
    assert not page.locator(".pad").is_visible()
    page.close()


def test_it_finds_without_any_script(browser, live_site):
    context = browser.new_context(java_script_enabled=False, viewport=TELEVISION)
    page = context.new_page()
    page.goto(live_site.url + "/search/")
    for letter in "gh":
        page.click(f"[data-letter={letter}]")
    page.click(".tile--found")
    expect(page.locator("h1")).to_have_text("用手机挂号")
    context.close()
