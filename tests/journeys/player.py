"""The player on a lesson's page: what a learner presses there, and what is seen of it."""

from playwright.sync_api import Page

from tests.journeys.television import until_film

LESSON = "/smart-tech/scan-to-pay/"
KEYS = ".player [data-pad]"


def open_lesson(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")
    until_film(page)


def choose(page: Page, name: str) -> None:
    page.focus(f"[data-name={name}]")
    page.keyboard.press("Enter")


def state(page: Page) -> tuple[float, bool, list[str]]:
    """The film's second, whether it stands, and the lines on the picture: all of one moment."""
    return tuple(
        page.evaluate(
            """() => [
              document.querySelector('video').currentTime,
              document.querySelector('video').paused,
              [...document.querySelectorAll('.player__cue-line')].map((line) => line.innerText),
            ]"""
        )
    )


def top(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None, f"{selector} is not shown"
    return box["y"]


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None, f"{selector} is not shown"
    return box["y"] + box["height"]
