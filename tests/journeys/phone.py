"""A teacher's phone: cookies and a memory of its own; where it is switched off and on, a Chromium
with a profile, which outlives it."""

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page, expect

from tests.chromium import CHROMIUM, WHOLE_CHROMIUM
from tests.journeys.conftest import Site

PHONE = {"width": 390, "height": 844}


class Teacher:
    """A teacher with a phone."""

    def __init__(
        self,
        playwright,
        site: Site,
        cookie: str,
        *,
        browser: Browser,
        profile: Path | None = None,
        camera: Path | None = None,
        camera_allowed: bool = True,
    ) -> None:
        """`profile` is where what it keeps is on disk, so that switching it off is real; None: it
        is one of `browser`'s, and stays on. `camera` is a film that its camera sees, over and over,
        with a profile only; None: it has no camera."""
        self.playwright, self.site, self.cookie = playwright, site, cookie
        self.browser, self.profile = browser, profile
        self.camera = camera
        self.camera_allowed = camera_allowed
        self.online = True
        self.taps = 0
        self.errors: list[str] = []
        self.sent: list[str] = []  # bodies of batches, from the page
        self.switch_on()
        self.sign_in()

    def sign_in(self) -> None:
        host = urlsplit(self.site.url).hostname
        self.context.add_cookies(
            [{"name": "sessionid", "value": self.cookie, "domain": host, "path": "/",
              "expires": time.time() + 20 * 86400}]
        )  # fmt: skip

    def switch_on(self) -> None:
        look: dict[str, Any] = {
            "viewport": PHONE,
            "has_touch": True,
            "is_mobile": True,
            "permissions": ["camera"] if self.camera_allowed else [],
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
        }
        if self.profile is None:
            self.context = self.browser.new_context(**look)
            self.context.new_page()
        else:
            self.context = self.playwright.chromium.launch_persistent_context(
                self.profile,
                executable_path=WHOLE_CHROMIUM if self.camera else CHROMIUM,
                args=["--no-sandbox", *self._sees()],
                **look,
            )
        self.context.set_offline(not self.online)
        self.page: Page = self.context.pages[0]
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.context.on("request", self._note)  # the service worker's too

    def _sees(self) -> list[str]:
        if self.camera is None:
            return []
        return [
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={self.camera}",
        ]

    def _note(self, request) -> None:
        if request.url.endswith("/events"):
            self.sent.append(request.post_data or "")

    def switch_off(self) -> None:
        assert self.profile, "what it keeps would go with it"
        self.context.close()

    def battery_falls_out(self) -> None:
        """Every process of this browser dies at once."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if f"--user-data-dir={self.profile}".encode() in command:
                os.kill(int(folder.name), signal.SIGKILL)
        with contextlib.suppress(Error):  # it may be noticed before it is said
            self.context.close()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()

    def lose_network(self) -> None:
        self.online = False
        self.context.set_offline(True)

    def find_network(self) -> None:
        self.online = True
        self.context.set_offline(False)

    def open(self) -> None:
        self.page.goto(self.site.url + "/roll/")

    def tap(self, selector: str) -> None:
        self.page.locator(selector).tap()
        self.taps += 1

    def open_class(self, session: dict) -> None:
        self.page.locator(f"[data-session='{session['id']}']").tap()
        expect(self.page.locator(".learner")).to_have_count(len(session["learners"]))

    def take(self, session: dict, away: list[int]) -> int:
        """All present but those; returns the taps that it took."""
        self.taps = 0
        self.tap("[data-all-present]")
        for place in away:
            self.tap(f"[data-learner='{session['learners'][place]}'] .learner__mark")
        self.tap("[data-done]")
        expect(self.page.locator("[data-is-closed]")).to_be_visible()
        return self.taps

    def back(self) -> None:
        self.page.locator("[data-back]").tap()
        expect(self.page.locator("[data-groups]")).to_be_visible()

    def line(self):
        return expect(self.page.locator("[data-waiting]"))

    def keeps(self) -> dict:
        """What the phone's database holds, table by table."""
        return self.page.evaluate(
            """async () => {
              const db = await new Promise((good, bad) => {
                const request = indexedDB.open('roll');
                request.onsuccess = () => good(request.result);
                request.onerror = () => bad(request.error);
              });
              const tables = {};
              for (const name of db.objectStoreNames) {
                tables[name] = await new Promise((good) => {
                  const request = db.transaction(name).objectStore(name).getAll();
                  request.onsuccess = () => good(request.result);
                });
              }
              db.close();
              return tables;
            }"""
        )


class Drawer:
    """Phones of one test."""

    def __init__(
        self, playwright, browser: Browser, site: Site, school: dict, folder: Path
    ) -> None:
        self.playwright, self.browser = playwright, browser
        self.site, self.school, self.folder = site, school, folder
        self.made: list[Teacher] = []

    def take(self, number: int = 0, *, is_switched_off: bool = False, **camera) -> Teacher:
        """A phone of the first teacher or the second, with the rosters held; it may be switched off
        where that is said. Teacher's `camera`."""
        on_disk = is_switched_off or "camera" in camera
        teacher = Teacher(
            self.playwright,
            self.site,
            self.school["cookies"][number],
            browser=self.browser,
            profile=self.folder / f"phone{len(self.made)}" if on_disk else None,
            **camera,
        )
        self.made.append(teacher)
        teacher.open()
        sessions = self.school["sessions"]
        expect(teacher.page.locator("[data-session]")).to_have_count(len(sessions))
        # Held for the time without network: the worker has the page and its files.
        teacher.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        teacher.line().to_have_text("都已上传")
        return teacher

    def put_away(self) -> None:
        for teacher in self.made:
            teacher.context.close()
            assert teacher.errors == []
