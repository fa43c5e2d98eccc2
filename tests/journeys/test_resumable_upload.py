"""A film goes up over a line that breaks, to a server that dies, from a real browser."""

import hashlib
import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.journeys.cable import Cable
from tests.journeys.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.timeout(600)]

CLIP = settings.BASE_DIR / "courses/starter/media/clip.mp4"
PIECE = 2**20
FILM_BYTES = 12 * PIECE

MAKE_EDITOR = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from courses.starter.loading import let_editors_work_on_videos
let_editors_work_on_videos()
user = get_user_model().objects.create_user("lin", last_name="林", first_name="小编")
user.groups.add(Group.objects.get(name="课程编辑"))
client = Client()
client.force_login(user)
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


@pytest.fixture
def film(tmp_path) -> Path:
    """The clip with a box of nothing at its end, as MP4 allows."""
    film = tmp_path / "量血压 '第一课'.mp4"
    clip = CLIP.read_bytes()
    empty = FILM_BYTES - len(clip)
    film.write_bytes(clip + empty.to_bytes(4) + b"free" + os.urandom(empty - 8))
    return film


@pytest.fixture(scope="module")
def own_site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("uploads"), UPLOAD_PIECE_MIB="1")
    site.migrate()
    yield site
    site.stop()


@pytest.fixture
def site(own_site):
    own_site.go_on()
    return own_site


class Breakdown:
    """What happens when the line breaks: the server dies with it, and comes back by itself only
    the second time."""

    def __init__(self, site) -> None:
        self.site = site
        self.count = 0

    def __call__(self) -> None:
        self.site.kill("web")
        self.site.wait_until(self.nobody_listens, "the last of its threads is dead")
        self.count += 1
        if self.count == 2:
            self.site.start("web")

    def nobody_listens(self) -> bool:
        with socket.socket() as knock:
            return knock.connect_ex(("127.0.0.1", urlsplit(self.site.url).port)) != 0


def choose(page: Page, film: Path) -> None:
    page.set_input_files("input[name=original]", film)


@pytest.mark.thorough("tests/media/uploads meets each fault; test_upload goes the whole way")
def test_a_cut_a_restart_and_a_reload_cost_one_piece_each_and_one_video_comes_out(
    site, browser: Browser, film: Path
):
    cookie = site.manage("shell", "-v0", "-c", MAKE_EDITOR).splitlines()[-1]
    breakdown = Breakdown(site)
    cable = Cable(urlsplit(site.url).port, cuts=[FILM_BYTES // 2], on_cut=breakdown)
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": cable.url}])
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    site.wait_until(site.answers, "the site answers")
    page.goto(cable.url + "/admin/videos/new/")
    before = cable.sent_up

    choose(page, film)
    site.wait_until(lambda: breakdown.count == 1, "the line broke at half of the film")
    page.goto("about:blank")
    site.go_on()
    page.goto(cable.url + "/admin/videos/new/")
    expect(page.locator(".waiting-uploads")).to_contain_text("量血压 '第一课'.mp4")
    [part] = (site.folder / "media/uploads").iterdir()
    still_to_go = FILM_BYTES - part.stat().st_size
    cable.cuts.append(cable.sent_up + still_to_go - FILM_BYTES // 100)
    choose(page, film)
    page.click("button:has-text('创建')")  # nobody waits for the last piece
    page.wait_for_url("**/admin/videos/inspect/*/", timeout=90_000)
    assert breakdown.count == 2  # it broke near the end, too
    pages = PIECE // 4
    assert cable.sent_up - before < FILM_BYTES + 2 * PIECE + pages
    stored = Path(site.folder / "media") / site.value("SELECT original FROM media_video")
    assert (
        hashlib.sha256(stored.read_bytes()).digest() == hashlib.sha256(film.read_bytes()).digest()
    )
    assert site.value("SELECT original_name FROM media_video") == film.name
    assert list((site.folder / "media/uploads").iterdir()) == []

    page.goto(cable.url + "/admin/videos/new/")
    before = cable.sent_up
    choose(page, film)
    expect(page.locator("[data-told]")).to_contain_text("已经上传过了")
    expect(page.locator("[data-told] a")).to_have_text("量血压 '第一课'")
    assert cable.sent_up - before < PIECE
    assert site.value("SELECT count(*) FROM media_video") == 1
    context.close()
    cable.close()


def test_a_film_that_is_too_long_is_refused_before_the_first_byte(
    site, browser: Browser, tmp_path: Path
):
    """And a page without JavaScript sends the film with its form, as ever."""
    cookie = site.manage("shell", "-v0", "-c", MAKE_EDITOR.replace("lin", "he")).splitlines()[-1]
    context = browser.new_context(locale="zh-CN")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site.url}])
    page = context.new_page()
    page.goto(site.url + "/admin/videos/new/")
    page.evaluate("document.querySelector('[data-resumable]').dataset.limitHours = '0.001'")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    choose(page, CLIP)
    expect(page.locator("[data-told]")).to_contain_text("太长了")
    assert "POST" not in sent
    assert page.input_value("input[name=original]") == ""
    context.close()

    plain = browser.new_context(locale="zh-CN", java_script_enabled=False)
    plain.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site.url}])
    page = plain.new_page()
    page.goto(site.url + "/admin/videos/new/")
    page.fill("input[name=title]", "没有脚本的一课")
    choose(page, CLIP)
    page.click("button:has-text('创建')")
    page.wait_for_url("**/admin/videos/inspect/*/")
    assert "没有脚本的一课" in {title for (title,) in site.rows("SELECT title FROM media_video")}
    plain.close()
