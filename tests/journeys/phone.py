"""A teacher's phone: a real Chromium with a profile of its own, which outlives the browser."""

import contextlib
import os
import signal
import time
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page, expect

from tests.chromium import CHROMIUM, WHOLE_CHROMIUM
from tests.journeys.conftest import Site

PHONE = {"width": 390, "height": 844}


class Teacher:
    """A teacher with a phone: its browser has a profile on disk, so that closing it is real."""

    def __init__(
        self,
        playwright,
        site: Site,
        profile: Path,
        cookie: str,
        camera: Path | None = None,
        camera_allowed: bool = True,
    ) -> None:
        """`camera` is a film that its camera sees, over and over; None: it has no camera."""
        self.playwright, self.site, self.profile, self.cookie = playwright, site, profile, cookie
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
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=WHOLE_CHROMIUM if self.camera else CHROMIUM,
            args=["--no-sandbox", *self._sees()],
            viewport=PHONE,
            has_touch=True,
            is_mobile=True,
            permissions=["camera"] if self.camera_allowed else [],
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
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

    def __init__(self, playwright, site: Site, school: dict, folder: Path) -> None:
        self.playwright, self.site, self.school, self.folder = playwright, site, school, folder
        self.made: list[Teacher] = []

    def take(self, number: int = 0, **camera) -> Teacher:
        """A phone of the first teacher or the second, with the rosters held; Teacher's `camera`."""
        profile = self.folder / f"phone{len(self.made)}"
        cookie = self.school["cookies"][number]
        teacher = Teacher(self.playwright, self.site, profile, cookie, **camera)
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
