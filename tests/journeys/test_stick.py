"""打开.html as it opens from a stick: by keys alone, from files, without any network."""

import json
import re
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from courses.starter.loading import STARTER_DIR
from tests.journeys.conftest import Site
from tests.journeys.television import press_until, until
from tests.journeys.test_audit import run

pytestmark = [pytest.mark.browser, pytest.mark.once]

FILM = "课程/02 智能技术/03 扫码付钱.mp4"
#: Two classrooms: one lesson with a film, a reading, a practice and a question; and the drill.
MAKE = """
import json
from pathlib import Path
from courses.models import LessonPage
from lms.packs.reader.writing import write_reader
lessons = LessonPage.objects.filter(slug__in=["scan-to-pay", "one-key-help", "sms-code"])
paying = lessons.get(slug="scan-to-pay")
films = {{paying.pk: {film!r}}}
write_reader(Path({folder!r}), list(lessons), films=films, manuals=[], manual_films={{}})
screens = paying.get_children().get().specific.practice.screens
print(json.dumps([
    next(number for widget, number in screen.numbered if widget == screen.right_widget)
    for screen in screens
]))
"""


class Stick:
    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        told = site.manage("shell", "-v0", "-c", MAKE.format(folder=str(folder), film=FILM))
        #: Of each screen of the practice, the digit that is right.
        self.right: list[int] = json.loads(told)
        (folder / FILM).parent.mkdir(parents=True)
        shutil.copy(STARTER_DIR / "media/clip.mp4", folder / FILM)

    def address(self, path: str) -> str:
        plain, mark, query = path.partition("?")
        return f"file://{quote(str(self.folder / plain))}{mark}{query}"


@pytest.fixture(scope="module")
def stick(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("city"))
    try:
        site.prepare()
        yield Stick(tmp_path_factory.mktemp("盘"), site)
    finally:
        site.stop()


def expect_focus(page: Page, name: str) -> None:
    expect(page.locator(f"[data-name={name}]").first).to_be_focused()


def test_from_the_door_to_a_lesson_its_practice_and_back_by_keys(television, stick):
    asked: list[str] = []
    page = television
    page.on("request", lambda request: asked.append(request.url))
    page.goto(stick.address("打开.html"))

    page.keyboard.press("1")
    expect(page).to_have_title(re.compile("智能技术"))
    page.keyboard.press("1")
    expect(page).to_have_title(re.compile("扫码付钱"))
    watch(page)
    press_until(page, "ArrowDown", "[data-name=practice]")
    page.keyboard.press("Enter")
    practise(page, stick.right)
    page.keyboard.press("1")
    expect(page.locator("[data-player]")).to_be_visible()
    expect_focus(page, "play")
    listen(page)
    answer(page)

    page.keyboard.press("Backspace")
    expect(page.locator(".tile .fact--done")).to_have_text("学完了")
    page.keyboard.press("Backspace")
    expect(page.locator("[data-name=go-on]")).to_contain_text("按几下就求助")
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []


def watch(page: Page) -> None:
    expect_focus(page, "play")
    page.keyboard.press("Enter")
    until(lambda: page.locator("video").evaluate("film => film.currentTime") > 0)
    page.keyboard.press("Enter")
    expect(page.locator("[data-louder]")).to_be_hidden()


def practise(page: Page, right: list[int]) -> None:
    """With a miss on the first screen."""
    expect(page.locator(".play__place")).to_contain_text("第1步")
    page.wait_for_load_state()  # keys do nothing before its script has come
    page.keyboard.press(str(next(digit for digit in (1, 2, 3) if digit != right[0])))
    expect(page.locator(".play__miss")).to_be_visible()
    for number, digit in enumerate(right[:-1], 2):
        page.keyboard.press(str(digit))
        expect(page.locator(".play__place")).to_contain_text(f"第{number}步")
    page.keyboard.press(str(right[-1]))
    expect(page.locator(".play--done")).to_be_visible()
    expect_focus(page, "to-lesson")


def listen(page: Page) -> None:
    """A sentence is lit, and the right key goes on to the next."""
    press_until(page, "ArrowDown", "[data-name=to-reading]")
    page.keyboard.press("Enter")
    lit = page.locator(".reading__sentence--now")
    expect(lit).to_have_count(1)
    first = lit.inner_text()
    until(lambda: page.locator("audio").evaluate("sound => !sound.paused"))
    page.keyboard.press("ArrowRight")
    expect(lit).not_to_have_text(first)
    page.keyboard.press("8")


def answer(page: Page) -> None:
    press_until(page, "ArrowDown", "[data-answer]")
    page.keyboard.press("Enter")
    expect(page.locator(".quiz__verdict")).to_be_visible()
    page.locator("[data-read-it]:visible").last.click()
    expect(page.locator(".learnt:visible")).to_contain_text("这一课学完了")


def test_a_round_of_the_drill_counts_both_mistakes(television, stick):
    page = television
    [drill] = (stick.folder / "网页").glob("drill-*.html")
    page.goto(stick.address(f"网页/{drill.name}"))
    page.keyboard.press("1")
    genuine = 0
    for number in range(1, 8):
        expect(page.locator(".masthead__line")).to_contain_text(f"第{number}条")
        expect_focus(page, "scam")
        page.keyboard.press("1")
        expect(page.locator(".truth")).to_be_visible()
        genuine += page.locator(".truth--genuine").count()
        expect_focus(page, "next")
        page.keyboard.press("1")
    expect(page.locator(".score__number").first).to_have_text("0")
    expect(page.locator(".score__number").last).to_have_text(str(genuine))


def test_a_class_counts_its_hands(television, stick):
    page = television
    [drill] = (stick.folder / "网页").glob("drill-*.html")
    page.goto(stick.address(f"网页/{drill.name}"))
    page.keyboard.press("2")
    expect_focus(page, "scam-more")
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("[data-hands]")).to_have_attribute("data-hands", "12.0.0")
    press_until(page, "ArrowDown", "[data-name=reveal]")
    page.keyboard.press("Enter")
    expect(page.locator(".shown-hands__count").first).to_have_text("12")


def test_letters_and_colours_are_chosen_on_this_machine(television, stick):
    page = television
    page.goto(stick.address("打开.html"))
    page.keyboard.press("9")
    expect_focus(page, "size-large")
    press_until(page, "ArrowDown", "[data-name=theme-light]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Backspace")
    expect(page).to_have_title(re.compile("银龄学堂"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.thorough("fetches an old engine; eslint and stylelint know what it understands")
def test_the_stick_is_walked_by_keys_in_chromium_68(stick, tmp_path):
    engine = settings.VAR_DIR / "chromium-68"
    assert run("bash", "old-chromium.sh", "68", engine).returncode == 0
    names = sorted(path.name for path in (stick.folder / "网页").glob("*.html"))
    pages = [stick.address("打开.html"), *(stick.address(f"网页/{name}") for name in names)]
    assert run("node", "legacy-smoke.mjs", engine, tmp_path, *pages).returncode == 0
    to_practice = ["1", "1", "ArrowDown>practice", "Enter"]
    practised = walk(engine, pages[0], *to_practice, *map(str, stick.right))
    assert "从头到尾做了一遍" in practised["words"]
    back = walk(engine, pages[0], *to_practice, *map(str, stick.right), "1", *["Backspace"] * 2)
    assert back["url"].endswith("打开.html")


def walk(engine: Path, url: str, *steps: str) -> dict[str, str]:
    """Where keys lead in an old Chromium, without a script error on the way."""
    done = run("node", "key-walk.mjs", engine, url, *steps)
    assert done.returncode == 0
    ended = json.loads(done.stdout)
    assert ended["errors"] == []
    return ended
