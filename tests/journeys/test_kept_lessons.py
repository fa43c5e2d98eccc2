"""A lesson that was put into a phone is watched, practised and learnt without a network."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.journeys.conftest import SAMPLE_LESSON, Site
from tests.journeys.phone import PHONE
from tests.journeys.television import TELEVISION, until

pytestmark = [pytest.mark.browser, pytest.mark.once]

WECHAT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/107 MicroMessenger/8.0.40"
WHOLE = """async () => {
  const name = (await caches.keys()).find((one) => one.startsWith('kept-'));
  if (!name) return null;
  const cache = await caches.open(name);
  const at = (await cache.keys()).map(({ url }) => url).find((url) => url.endsWith('?whole'));
  return at ? (await cache.match(at)).json() : null;
}"""
WAITING = """() => new Promise((resolve) => {
  const asking = indexedDB.open('learning');
  asking.onsuccess = () => {
    const all = asking.result.transaction('events').objectStore('events').getAll();
    all.onsuccess = () => { asking.result.close(); resolve(all.result); };
  };
})"""
PLAYED = """async () => {
  const film = document.querySelector('video');
  film.muted = true;
  await film.play();
  while (film.currentTime < 0.3) await new Promise((done) => setTimeout(done, 50));
  film.currentTime = film.duration * 0.8;
  await new Promise((done) => film.addEventListener('seeked', done, { once: true }));
  film.pause();
  return [film.currentTime / film.duration, film.videoHeight];
}"""
MARKS = """
SELECT read_at IS NOT NULL, quiz_at IS NOT NULL, practised_at IS NOT NULL, done_at IS NOT NULL
FROM progress_lessonmark
"""
CHANGE = """
from courses.models import LessonPage
lesson = LessonPage.objects.get(slug="scan-to-pay")
lesson.goal = "{goal}"
lesson.save_revision().publish()
"""


@dataclass
class Phone:
    context: BrowserContext
    site: Site
    page: Page
    #: Addresses with the range that was asked for, of what the server answered.
    brought: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def keep(self) -> None:
        self.open(SAMPLE_LESSON)
        self.page.click("[data-keep-press]")
        self.page.click("[data-keep-begin]")
        self.is_kept()

    def is_kept(self) -> None:
        expect(self.page.locator("[data-keep-said]")).to_contain_text("存好了")

    def value(self, script: str):
        return self.page.evaluate(script)

    def note(self, response) -> None:
        if response.from_service_worker or response.status >= 400:
            return
        span = response.request.headers.get("range", "")
        self.brought.append(f"{response.url} {span}".strip())


@pytest.fixture
def phone(browser: Browser, live_site: Site) -> Iterator[Phone]:
    live_site.rows("DELETE FROM progress_lessonmark")
    look: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    context = browser.new_context(locale="zh-CN", **look)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    phone = Phone(context, live_site, page)
    page.on("response", phone.note)
    yield phone
    context.close()
    assert errors == []


def is_another(play: Locator, before: str) -> bool:
    return play.inner_html() != before


def practise_to_the_end(page: Page) -> None:
    """By pressing beside everything, until one is asked to press 请帮我按一下."""
    step, play = page.locator(".play__place"), page.locator("#play")
    for _ in range(40):
        if page.locator(".play--done").count():
            return
        before, help_me = play.inner_html(), page.locator("[name=press][value=help]")
        if help_me.count():
            help_me.first.click()
        else:
            page.locator("[data-ground]").evaluate("ground => ground.click()")
        until(partial(is_another, play, before))
    pytest.fail(f"no end at {step.inner_text()}")


def test_a_kept_lesson_is_learnt_without_a_network_and_told_once(phone):
    page = phone.page
    phone.keep()
    phone.brought.clear()
    phone.open(SAMPLE_LESSON)
    until(lambda: page.locator("video source").count() == 1)
    assert phone.value(PLAYED)[1] == 360
    assert not any("/media/videos/" in each for each in phone.brought), "it costs no traffic"
    phone.context.set_offline(True)
    phone.open(SAMPLE_LESSON)
    expect(page.locator("h1")).to_have_text("扫码付钱，看清再按")
    place, height = phone.value(PLAYED)
    assert abs(place - 0.8) < 0.01
    assert height == 360
    page.click("[data-name=practice]")
    page.wait_for_url("**/practice/")
    practise_to_the_end(page)
    page.click("[data-name=to-lesson]")
    page.wait_for_url("**" + SAMPLE_LESSON)
    page.click("[data-name=to-quiz]")
    expect(page.locator("#learnt")).to_contain_text("再答一题")
    page.click("[data-name=answer-1-2]")
    expect(page.locator(".quiz__verdict")).to_have_text("答对了！")
    expect(page.locator("#learnt")).to_contain_text("这一课学完了")

    phone.open("/science/")
    expect(page.locator("h1")).to_have_text("现在没有网络")
    expect(page.locator("[data-kept-list] [data-open]")).to_have_attribute("href", SAMPLE_LESSON)
    phone.open("/kept/")
    expect(page.locator("[data-kept-waiting]")).to_contain_text("没有送到")
    noted = phone.value(WAITING)
    assert {each["kind"] for each in noted} >= {"practised", "read", "quiz"}

    phone.context.set_offline(False)
    until(lambda: phone.value(WAITING) == [])
    assert phone.site.rows(MARKS) == [(1, 1, 1, 1)] or phone.site.rows(MARKS) == [(True,) * 4]
    rows = phone.site.value("SELECT count(*) FROM offline_notedoffline")
    letter = {"now": noted[0]["at"], "owner": noted[0]["owner"], "events": noted}
    again = page.request.post(phone.site.url + "/kept/learnt/", data=json.dumps(letter))
    assert {each["outcome"] for each in again.json()["answers"]} == {"known"}
    assert phone.site.value("SELECT count(*) FROM offline_notedoffline") == rows
    assert len(phone.site.rows(MARKS)) == 1

    page.focus("[data-remove]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-kept-said]")).to_contain_text("删掉了")
    phone.context.set_offline(True)
    phone.open(SAMPLE_LESSON)
    expect(page.locator("h1")).to_have_text("现在没有网络")


def in_small_pieces(route: Route) -> None:
    """The sample film is small: it comes in more pieces than it would."""
    answer = route.fetch()
    book = answer.json()
    book["film"]["piece"] = book["film"]["bytes"] // 6 + 1
    route.fulfill(response=answer, json=book)


def cut_at(number: int, cut: Callable[[], None]) -> Callable[[Route], None]:
    asked: list[str] = []

    def handle(route: Route) -> None:
        asked.append(route.request.headers.get("range", ""))
        if len(asked) == number:
            cut()
            route.abort("internetdisconnected")
        else:
            route.continue_()

    return handle


def test_a_cut_while_it_comes_has_nothing_brought_twice(phone):
    page = phone.page
    page.route("**/kept/lessons/*.json*", in_small_pieces)
    page.route("**/360p-*.mp4", cut_at(3, lambda: phone.context.set_offline(True)))
    phone.open(SAMPLE_LESSON)
    page.wait_for_load_state("networkidle")
    phone.brought.clear()
    page.click("[data-keep-press]")
    page.click("[data-keep-begin]")
    expect(page.locator("[data-keep-said]")).to_contain_text("网断了")
    phone.context.set_offline(False)
    phone.is_kept()
    films = [each for each in phone.brought if "/360p-" in each]
    assert len(films) == len(set(films)) == 6
    sounds = [each for each in phone.brought if "/media/narrations/" in each]
    assert len(sounds) == 1


def test_half_a_lesson_goes_on_by_itself_on_the_next_page(phone):
    page = phone.page
    page.route("**/kept/lessons/*.json*", in_small_pieces)
    page.route("**/360p-*.mp4", cut_at(4, lambda: None))
    phone.open(SAMPLE_LESSON)
    page.click("[data-keep-press]")
    page.click("[data-keep-begin]")
    expect(page.locator("[data-keep-said]")).to_contain_text("网断了")
    phone.open("/kept/")
    expect(page.locator("[data-kept-list] [data-size]")).not_to_contain_text("一半")
    assert phone.value(WHOLE)["title"] == "扫码付钱，看清再按"
    films = [each for each in phone.brought if "/360p-" in each and "bytes=0-" not in each]
    assert len(films) == len(set(films))


def test_what_an_editor_changed_is_brought_when_there_is_a_line(phone):
    phone.keep()
    before = phone.value(WHOLE)
    lesson = "SELECT goal FROM courses_lessonpage JOIN wagtailcore_page ON id = page_ptr_id"
    goal = phone.site.value(lesson + " WHERE slug = 'scan-to-pay'")
    phone.site.manage("shell", "-v0", "-c", CHANGE.format(goal="先看店名，再付钱。"))
    try:
        phone.brought.clear()
        phone.open("/science/")
        until(lambda: phone.value(WHOLE)["version"] != before["version"])
        assert not any("/media/videos/" in each for each in phone.brought), "the film is the same"
        phone.context.set_offline(True)
        phone.open(SAMPLE_LESSON)
        expect(phone.page.locator(".masthead__line")).to_contain_text("先看店名，再付钱。")
    finally:
        phone.site.manage("shell", "-v0", "-c", CHANGE.format(goal=goal))


def test_a_lesson_that_was_taken_back_leaves_the_phone_and_that_is_said(phone):
    phone.keep()
    phone.value("localStorage.setItem('kept-mark', 'of another day')")
    phone.page.route("**/kept/lessons/*.json*", lambda route: route.fulfill(status=404))
    phone.open("/kept/")
    expect(phone.page.locator("[data-kept-said]")).to_contain_text("这一课已经撤下")
    expect(phone.page.locator("[data-kept-none]")).to_be_visible()
    assert phone.value(WHOLE) is None


def test_a_phone_without_room_is_told_before_anything_comes(phone):
    phone.page.add_init_script(
        "navigator.storage.estimate = () => Promise.resolve({ quota: 5e5, usage: 4e5 });"
    )
    phone.open(SAMPLE_LESSON)
    phone.page.click("[data-keep-press]")
    expect(phone.page.locator("[data-keep-said]")).to_contain_text("放不下")
    expect(phone.page.locator("[data-keep-list]")).to_be_visible()
    assert phone.value("caches.keys()") == []


@pytest.mark.parametrize(
    ("look", "told"),
    [
        ({"viewport": PHONE, "user_agent": WECHAT}, "微信里存不住"),
        ({"viewport": TELEVISION}, ""),
        ({"viewport": PHONE, "java_script_enabled": False}, ""),
    ],
    ids=["wechat", "television", "no script"],
)
def test_who_cannot_keep_is_offered_no_button(browser, live_site, look, told):
    context = browser.new_context(locale="zh-CN", **look)
    page = context.new_page()
    page.goto(live_site.lesson_url)
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-keep-press]")).to_be_hidden()
    if told:
        expect(page.locator("[data-keep]")).to_contain_text(told)
        expect(page.locator("[data-keep-wechat]")).to_be_visible()
    else:
        expect(page.locator("[data-keep]")).to_be_hidden()
    context.close()
