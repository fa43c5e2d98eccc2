"""Debian's Chromium without windows: the same engine for less than half of the processor's time."""

import os

from playwright.sync_api import Browser, Playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell")
#: Has a camera, and fetches a lazy picture only when that comes near; the shell does neither.
WHOLE_CHROMIUM = "/usr/bin/chromium"


def launch(playwright: Playwright, *arguments: str, path: str = CHROMIUM) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *arguments])
