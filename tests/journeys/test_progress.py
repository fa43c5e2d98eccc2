"""What was learnt goes along: by the remote alone, to a second screen, and with no script."""

import re

import pytest
import zxingcpp
from PIL import Image as Drawing
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.television import TELEVISION, go_to_second, press_until, until

pytestmark = [pytest.mark.browser, pytest.mark.once]  # what is asked is written in one test only

LESSON = "/science/qr-inside/"
NEXT = "/science/ai-mistakes/"
WITHOUT_SCRIPT = "/science/weather-warning/"
FILM = "/smart-tech/scan-to-pay/"
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def open_page(browser: Browser, live_site):
    """A new screen's page; a script error on it fails the test."""
    contexts = []
    errors: list[str] = []

    def open_page(path: str, viewport: ViewportSize = TELEVISION, **options) -> Page:
        context = browser.new_context(viewport=viewport, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(live_site.url + path)
        page.wait_for_load_state()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def go(page: Page, key: str, address: str) -> None:
    """Press a key that leads to another page."""
    page.keyboard.press(key)
    page.wait_for_url(re.compile(address))
    page.wait_for_load_state()


def test_by_the_remote_alone_a_lesson_is_done_and_goes_along_to_a_second_television_and_a_phone(
    open_page, tmp_path
):
    page = open_page(LESSON)
    press_until(page, "ArrowDown", "[data-name=to-quiz]")
    page.keyboard.press("Enter")
    press_until(page, "ArrowDown", "[data-answer]")
    page.keyboard.press("Enter")
    expect(page.locator(".quiz__verdict")).to_be_visible()
    expect(page.locator("#learnt")).to_contain_text("这一课学完了")
    press_until(page, "ArrowDown", "[data-name=my-learning]")
    go(page, "Enter", "/my/$")
    expect(page.locator(".masthead__line")).to_contain_text("学完了1课")
    go(page, "5", "/my/number/$")
    page.keyboard.press("Enter")
    expect(page.locator(".own__number")).to_be_visible()
    number = re.sub(r"\s", "", page.inner_text(".own__number"))
    picture = tmp_path / "number.png"
    page.screenshot(path=picture)

    second = open_page("/")
    go(second, "8", "/more/$")
    go(second, "3", "/my/$")
    go(second, "6", "/my/enter/$")
    for digit in number:
        second.keyboard.press(digit)
    expect(second.locator("[data-shown]")).to_have_text(f"{number[:4]} {number[4:8]} {number[8:]}")
    press_until(second, "ArrowLeft", "[data-name=send]")
    go(second, "Enter", "/my/$")
    expect(second.locator(".masthead__line")).to_contain_text("学完了1课")
    go(second, "Backspace", r":\d+/$")
    go(second, "5", NEXT)  # what is learnt is done with: on to the one after it
    expect(second.locator("#learnt")).not_to_contain_text("这一课学完了")

    [qr_code] = zxingcpp.read_barcodes(Drawing.open(picture))
    phone = open_page(qr_code.text[qr_code.text.index("/my/") :], PHONE, has_touch=True)
    phone.tap("[data-name=send]")
    phone.wait_for_url(re.compile("/my/$"))
    expect(phone.locator(".masthead__line")).to_contain_text("学完了1课")


def test_without_script_a_lesson_is_done_by_two_presses_and_not_understood_by_one(
    open_page, live_site
):
    page = open_page(WITHOUT_SCRIPT, PHONE, java_script_enabled=False)
    page.click("[data-name=to-quiz]")
    expect(page.locator("#learnt")).to_contain_text("再答一题")
    page.click("[data-answer] >> nth=0")
    expect(page.locator("#learnt")).to_contain_text("这一课学完了")
    page.click("[data-name=unclear]")
    expect(page.locator("h1")).to_have_text("谢谢您告诉我们")
    page.click("[data-name=step-1]")
    expect(page.locator(".masthead__line")).to_contain_text("第1步，记下了")
    counted = live_site.rows("SELECT kind, times FROM progress_lessontally WHERE kind = 'unclear'")
    assert counted == [("unclear", 1), ("unclear", 1)]  # the lesson, and its first step


def test_a_film_that_was_played_is_watched_and_one_skipped_through_is_not(open_page, live_site):
    page = open_page(FILM)
    video = page.locator("[data-video-element]")
    video.evaluate(
        """(film) => { film.muted = true; film.play();
          for (let part = 0; part < 20; part += 1) film.currentTime = part * film.duration / 20;
        }"""
    )
    until(lambda: not video.evaluate("film => film.seeking"))
    assert "看完了。" not in page.inner_text("#learnt")
    video.evaluate("(film) => film.pause()")
    go_to_second(page, 0)
    video.evaluate("(film) => { film.playbackRate = 3; film.play(); }")
    expect(page.locator("#learnt")).to_contain_text("看完了。再答一题", timeout=60_000)
    [(parts,)] = live_site.rows("SELECT MAX(seen_parts) FROM progress_lessonmark")
    assert parts.bit_count() >= 18


def test_on_paper_the_lesson_bears_the_square_that_leads_back(open_page, tmp_path):
    page = open_page(LESSON)
    assert not page.is_visible(".look-again")
    page.emulate_media(media="print")
    picture = tmp_path / "paper.png"
    page.locator(".look-again").screenshot(path=picture)
    [qr_code] = zxingcpp.read_barcodes(Drawing.open(picture))
    assert qr_code.text.endswith(LESSON)
    assert not page.is_visible("#learnt")
