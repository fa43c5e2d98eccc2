"""连着看, by remote control: film after film, the quiet seconds between them, and how to stop."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.television import press_until, until, until_film

pytestmark = [pytest.mark.browser, pytest.mark.once]

#: Run inside the site: two more lessons of the starter's series have a film, the sample's.
GIVE_FILMS = """
from courses.models import LessonPage
from courses.page_cache import forget_pages
film = LessonPage.objects.get(slug="scan-to-pay").video
LessonPage.objects.filter(slug__in=["bus-code", "call-car"]).update(video=film)
forget_pages()
"""
QUIET_MS = 10_000


def let_it_end(page: Page) -> None:
    """The film's last half second, then what stands in its place."""
    until_film(page)
    page.evaluate(
        "(film => { film.currentTime = film.duration - 0.5; })(document.querySelector('video'))"
    )
    expect(page.locator("[data-film-end]")).to_be_visible(timeout=20_000)


def is_playing(page: Page) -> bool:
    return page.evaluate(
        "(film => !film.paused && film.currentTime > 0)(document.querySelector('video'))"
    )


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.dataset.name")


def test_a_series_plays_on_by_itself_and_stops_at_a_press(television, live_site):
    page = television
    live_site.manage("shell", "--no-imports", "-c", GIVE_FILMS)
    page.clock.install()
    page.goto(live_site.url + "/courses/going-out/")
    page.wait_for_load_state()
    assert focused(page) == "watch-on"
    page.keyboard.press("Enter")
    page.wait_for_url("**/bus-code/?list=*")
    until(lambda: is_playing(page))

    let_it_end(page)
    expect(page.locator("[data-film-end] h2")).to_contain_text("用手机叫车")
    assert focused(page) == "stop"
    page.clock.fast_forward(QUIET_MS)  # nobody presses anything
    page.wait_for_url("**/call-car/?list=*")
    until(lambda: is_playing(page))

    page.keyboard.press("ArrowRight")
    press_until(page, "ArrowDown", "[data-name=full]")
    page.keyboard.press("Enter")
    let_it_end(page)
    page.keyboard.press("Enter")  # OK stops
    expect(page.locator("[data-stopped]")).to_be_visible()
    expect(page.locator("[data-counting]")).to_be_hidden()
    page.clock.fast_forward(3 * QUIET_MS)
    assert page.url.partition("?")[0].endswith("/call-car/")
    assert focused(page) == "next-film"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "watch-again"
    page.keyboard.press("Enter")
    expect(page.locator("[data-film-end]")).to_be_hidden()
    until(lambda: is_playing(page))

    let_it_end(page)
    expect(page.locator("[data-counting]")).to_be_visible()
    page.keyboard.press("ArrowDown")  # who moves is choosing: that stops the clock too
    page.clock.fast_forward(3 * QUIET_MS)
    press_until(page, "ArrowLeft", "[data-name=next-film]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scan-to-pay/?list=*")
    until(lambda: is_playing(page))
    assert page.locator(".player--full").count() == 1, "it fills the page as before"

    let_it_end(page)
    expect(page.locator("[data-film-end] h2")).to_have_text("“带着手机出门”都看完了")
    page.keyboard.press("Backspace")  # Back leaves the whole screen first, then goes up
    page.keyboard.press("Backspace")
    page.wait_for_url("**/courses/going-out/")
