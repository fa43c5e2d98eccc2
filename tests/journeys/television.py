"""What somebody on a sofa does: press an arrow until the thing is in focus, and wait."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

TELEVISION: ViewportSize = {"width": 1920, "height": 1080}
SAFE_BOTTOM = 1026  # of 1080 px: a television may cut off the rest
MOST_PRESSES = 30
HAVE_METADATA, HAVE_CURRENT_DATA, HAVE_FUTURE_DATA = 1, 2, 3  # of HTMLMediaElement


def press_until(page: Page, key: str, selector: str) -> None:
    """Press an arrow until the thing is in focus, as somebody on a sofa does. A press that moves
    nothing came before the page's script listened, and does not count."""
    deadline = time.monotonic() + 20
    moved = 0
    while moved < MOST_PRESSES and time.monotonic() < deadline:
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        focused = page.evaluate_handle("document.activeElement")
        page.keyboard.press(key)
        if page.evaluate("was => was === document.activeElement", focused):
            time.sleep(0.05)
        else:
            moved += 1
    pytest.fail(f"{key} never comes to {selector}")


def go_to_second(page: Page, second: float) -> None:
    """Until the film shows that second. A browser that may load no more than the film's metadata
    (preload="metadata") need not have what follows before it is asked to play."""
    until_film(page)
    page.locator("video").evaluate("(film, second) => { film.currentTime = second; }", second)
    until_film(page, HAVE_CURRENT_DATA)


def until_film(page: Page, state: int = HAVE_METADATA, *, selector: str = "video") -> None:
    """Until so much of the page's film is there, and it stands where it was sent."""
    film = page.locator(selector)
    until(lambda: film.evaluate("film => film.seeking ? 0 : film.readyState") >= state)


def until(is_so: Callable[[], object], *, seconds: float = 20) -> None:
    """As page.wait_for_function, which the site's Content-Security-Policy forbids."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "It did not come true."
        time.sleep(0.05)
