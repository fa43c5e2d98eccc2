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
    television.goto(live_site.url + "/search/?q=weixinv")
    expect(television.locator(".search__words").first).to_contain_text("没有和“weixinv”完全一样的")
    expect(television.locator("[data-name=ask]")).to_be_visible()
    television.click("[data-delete]")
    expect(television.locator(".tile--found")).to_have_count(4)
    television.click("[data-clear]")
    expect(television.locator(".tile--found")).to_have_count(0)
    television.keyboard.press("1")  # the first of the words that are often looked for
    expect(television.locator("[data-typed]")).to_have_value("打车")
    expect(television.locator(".tile--found").first).to_contain_text("用手机叫车")
    assert television.evaluate("document.activeElement.matches('.tile--found')")


#: Stands for the phone's own, which would send sound to its maker.
HEARS_DACHE = """
  window.SpeechRecognition = class {
    start() {
      setTimeout(() => { this.onresult({ results: [[{ transcript: '打车。' }]] }); this.onend(); });
    }
    abort() { this.onend(); }
  };
"""


def test_a_phone_finds_while_one_types_and_hears_what_one_says(browser, live_site):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
    )
    context.add_init_script(HEARS_DACHE)
    page = context.new_page()
    page.goto(live_site.url + "/search/")
    page.locator("[data-typed]").press_sequentially("挂号")
    expect(page.locator(".tile--found").first).to_contain_text("用手机挂号")
    assert not page.locator(".letters").is_visible()
    page.locator("[data-speak]").tap()
    expect(page.locator("[data-typed]")).to_have_value("打车")
    expect(page.locator(".tile--found").first).to_contain_text("用手机叫车")
    context.close()


def test_it_finds_without_any_script(browser, live_site):
    context = browser.new_context(java_script_enabled=False, viewport=TELEVISION)
    page = context.new_page()
    page.goto(live_site.url + "/search/")
    for letter in "gh":
        page.click(f"[data-letter={letter}]")
    page.click(".tile--found")
    expect(page.locator("h1")).to_have_text("用手机挂号")
    page.goto(live_site.url + "/search/")
    assert not page.locator("[data-speak]").is_visible()
    page.click("[data-name=suggestion-1]")
    expect(page.locator(".tile--found").first).to_contain_text("用手机叫车")
    context.close()
