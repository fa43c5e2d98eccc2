"""A lesson's film over the whole screen: of a television, and of a phone held sideways."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.player import KEYS, LESSON, bottom, choose, open_lesson, state, top
from tests.journeys.television import go_to_second, until

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def lesson(television: Page, live_site) -> Page:
    """The lesson with the sample video, its film known to the browser and its subtitles read."""
    open_lesson(television, live_site.url + LESSON)
    return television


@pytest.fixture
def still_lesson(television: Page, live_site) -> Page:
    """As `lesson`, on a page whose clock the test moves; its film plays by its own."""
    television.clock.install()
    open_lesson(television, live_site.url + LESSON)
    television.clock.pause_at(time.time() + 3600)
    return television


def test_on_the_whole_screen_subtitles_cover_no_words_of_the_picture_and_back_leaves(lesson):
    go_to_second(lesson, 1)
    choose(lesson, "full")
    for _size in ("large", "larger"):  # one line takes the lower fifth, which films leave to it
        until(lambda: 0 < bottom(lesson, "[data-picture]") <= top(lesson, "[data-seek]"))
        above, below = top(lesson, "[data-picture]"), bottom(lesson, "[data-picture]")
        line = lesson.locator(".player__cue-line").first.bounding_box()["height"]
        ends = bottom(lesson, ".player__cue")
        assert below - (below - above) / 5 <= ends - line < ends <= below
        choose(lesson, "subtitles")
    lesson.keyboard.press("Backspace")
    until(lambda: lesson.locator("[data-picture]").bounding_box()["width"] < 1920)
    assert lesson.url.endswith(LESSON)


def test_on_a_phone_held_sideways_two_thirds_of_the_height_are_the_films(lesson):
    lesson.set_viewport_size({"width": 667, "height": 375})
    choose(lesson, "full")
    until(lambda: bottom(lesson, "[data-picture]") > 0.64 * 375)
    assert bottom(lesson, "[data-picture]") <= top(lesson, "[data-seek]")
    assert bottom(lesson, KEYS) <= 375


def test_on_the_whole_screen_the_keys_leave_while_it_plays_and_any_key_brings_them(still_lesson):
    lesson = still_lesson
    choose(lesson, "full")
    choose(lesson, "play")
    let_the_keys_leave(lesson)
    picture = lesson.locator("[data-picture]").bounding_box()
    assert (picture["width"], picture["height"]) == (1920, 1080)
    lesson.keyboard.press("ArrowUp")
    expect(lesson.locator(KEYS)).to_have_css("opacity", "1")
    assert lesson.evaluate("document.activeElement.dataset.name") == "play"
    let_the_keys_leave(lesson)
    lesson.keyboard.press("Enter")
    assert state(lesson)[1] is True
    lesson.keyboard.press("Enter")  # and the same key goes on, on the whole screen
    until(lambda: state(lesson)[1] is False)
    assert lesson.evaluate("document.fullscreenElement !== null")


def test_on_the_whole_screen_left_and_right_go_back_and_forth_in_the_film(still_lesson):
    lesson = still_lesson
    choose(lesson, "full")
    lesson.keyboard.press("Enter")
    let_the_keys_leave(lesson)
    go_to_second(lesson, 8)
    at = state(lesson)[0]
    lesson.keyboard.press("ArrowLeft")
    until(lambda: state(lesson)[0] < max(at - 5, 3))
    expect(lesson.locator("[data-seek]")).to_be_focused()
    at = state(lesson)[0]
    lesson.keyboard.press("ArrowRight")
    until(lambda: state(lesson)[0] > at + 9)


def let_the_keys_leave(page: Page) -> None:
    """They can be read for eight seconds of a film that plays, and for eight more where something
    moves below the pointer meanwhile: the whole screen, as it comes."""
    until(lambda: state(page)[1] is False)
    page.clock.run_for(7_999)
    expect(page.locator(KEYS)).to_have_css("opacity", "1")
    until(lambda: eight_seconds_later(page) == "0")


def eight_seconds_later(page: Page) -> str:
    """How much is seen of the keys."""
    page.clock.run_for(8_000)
    return page.locator(KEYS).evaluate("keys => getComputedStyle(keys).opacity")
