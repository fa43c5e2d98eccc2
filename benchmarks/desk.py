"""The review desk with a film of two hours: how long until it stands there, and until a key shows.

    python benchmarks/desk.py [--lines 20 1000]

A real site and a real Chromium. `open`: from the address to the last line drawn. `key`: from a
key's press to the next picture, the worst of twenty. `saved`: from the last key to the server's
answer. Prints Markdown for README.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.test")

from playwright.sync_api import Page, sync_playwright

from tests.chromium import launch
from tests.journeys.conftest import Site

PASSWORD = "only-for-this-run-1"
MAKE = """
from django.contrib.auth import get_user_model
from subtitles.models import Track, TrackCue
from media.models import Stage, Video
get_user_model().objects.filter(username="desk").exists() or (
    get_user_model().objects.create_superuser("desk", password="{password}"))
video = Video.objects.create(title="{lines}", original="a.mp4", duration_ms={lines} * 7_000)
Stage.objects.create(video=video, kind="transcript", state="done", progress=100)
track = Track.objects.create(video=video, language="zh", engine="faster-whisper", model="bundled")
TrackCue.objects.bulk_create(
    TrackCue(track=track, start_ms=n * 7_000, end_ms=n * 7_000 + 4_000, heard=words, text=words,
             doubts=[[2, 4, 0.3]] if n % 5 == 0 else [])
    for n in range({lines}) for words in ["今天我们一起来学习，\\n怎样安全地使用智能手机。"])
print("track:", track.pk)
"""
KEY = """() => new Promise((done) => {
  const field = document.querySelector('.line__field');
  const begun = performance.now();
  field.setRangeText('好', 0, 0, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun), 0));
})"""


def measured(page: Page, address: str, lines: int) -> str:
    begun = time.monotonic()
    page.goto(address)
    page.locator(".line__field").nth(lines - 1).wait_for(state="attached")
    opened = time.monotonic() - begun
    page.locator(".line__field").first.focus()
    keys = [page.evaluate(KEY) for _ in range(20)]
    begun = time.monotonic()
    with page.expect_response("**/change/"):
        pass
    saved = time.monotonic() - begun
    return f"| {lines} | {opened:.2f} s | {max(keys):.0f} ms | {saved:.2f} s |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, nargs="+", default=[20, 1000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(Path(folder) / "desk")
        site.migrate()
        site.go_on()
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        try:
            print("| lines | open | key | saved |\n|---|---|---|---|", flush=True)
            for lines in options.lines:
                made = site.manage("shell", "-c", MAKE.format(lines=lines, password=PASSWORD))
                if "/admin/" not in page.url:
                    page.goto(site.url + "/admin/")
                    page.fill("input[name=login]", "desk")
                    page.fill("input[name=password]", PASSWORD)
                    page.keyboard.press("Enter")
                    page.wait_for_url(site.url + "/admin/")
                track = made.rpartition("track: ")[2].strip()
                print(measured(page, f"{site.url}/admin/tracks/desk/{track}/", lines), flush=True)
        finally:
            browser.close()
            site.stop()


if __name__ == "__main__":
    main()
