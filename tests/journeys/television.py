"""What somebody on a sofa does: press an arrow until the thing is in focus, and wait."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

TELEVISION: ViewportSize = {"width": 1920, "height": 1080}


def press_until(page: Page, key: str, selector: str) -> None:
    """Press an arrow until the thing is in focus, as somebody on a sofa does."""
    for _ in range(30):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"{key} never comes to {selector}")


def until(is_so: Callable[[], object], *, seconds: float = 20) -> None:
    """As page.wait_for_function, which the site's Content-Security-Policy forbids."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "It did not come true."
        time.sleep(0.05)
