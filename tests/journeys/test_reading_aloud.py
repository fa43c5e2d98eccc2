"""A lesson read aloud in a real browser: one key, the lit sentence, left and right, the speed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.television import until

pytestmark = [pytest.mark.browser, pytest.mark.once]

LESSON = "/science/qr-inside/"
WITH_VIDEO = "/smart-tech/scan-to-pay/"
LIT = ".reading__sentence--now"


@pytest.fixture
def lesson(television: Page, live_site) -> Page:
    return opened(television, live_site.url + LESSON)


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    page.wait_for_load_state("networkidle")
    return page


def sound(page: Page, what: str):
    return page.evaluate(f"document.querySelector('[data-sound]').{what}")


def cues(page: Page) -> list[tuple[float, float, str]]:
    return [
        tuple(cue)
        for cue in page.evaluate(
            "Array.from(document.querySelector('[data-sound] track').track.cues)"
            ".map((cue) => [cue.startTime, cue.endTime, cue.text])"
        )
    ]


def test_one_key_reads_the_lesson_lights_each_sentence_in_its_time_and_pauses(lesson):
    assert sound(lesson, "paused") is True  # it never begins by itself
    lesson.keyboard.press("8")
    until(lambda: sound(lesson, "currentTime") > 0.5)
    expect(lesson.locator("[data-read]")).to_be_focused()
    times = cues(lesson)
    assert [text for *_, text in times] == lesson.locator("[data-sentence]").all_inner_texts()
    for start, end, text in (times[0], times[3], times[-1]):
        lesson.evaluate(
            "second => { document.querySelector('[data-sound]').currentTime = second; }",
            (start + end) / 2,
        )
        expect(lesson.locator(LIT)).to_have_text(text)
        box = lesson.locator(LIT).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 1080
    lesson.keyboard.press("8")
    until(lambda: sound(lesson, "paused"))


def test_left_and_right_change_the_sentence_while_it_reads_and_the_focus_otherwise(lesson):
    lesson.keyboard.press("8")
    until(lambda: sound(lesson, "currentTime") > 0.2)
    times = cues(lesson)
    lesson.keyboard.press("ArrowRight")
    lesson.keyboard.press("ArrowRight")
    expect(lesson.locator(LIT)).to_have_text(times[2][2])
    assert times[2][0] - 0.1 < sound(lesson, "currentTime") < times[2][1]
    lesson.keyboard.press("ArrowLeft")
    expect(lesson.locator(LIT)).to_have_text(times[1][2])
    lesson.keyboard.press("8")
    until(lambda: sound(lesson, "paused"))
    stood_at = sound(lesson, "currentTime")
    lesson.focus("[data-name=sentence-back]")
    lesson.keyboard.press("ArrowRight")
    expect(lesson.locator("[data-name=sentence-on]")).to_be_focused()
    assert sound(lesson, "currentTime") == stood_at


def test_the_speed_is_remembered_until_the_settings_say_another(lesson):
    lesson.click("[data-pace]")
    expect(lesson.locator("[data-pace]")).to_have_text("语速：慢")
    opened(lesson, lesson.url)
    expect(lesson.locator("[data-pace]")).to_have_text("语速：慢")
    lesson.keyboard.press("8")
    until(lambda: sound(lesson, "currentTime") > 0.1)
    assert sound(lesson, "playbackRate") == 0.8
    lesson.context.add_cookies(
        [{"name": "display", "value": "elder:large:light:off:1.2:zh-hans", "url": lesson.url}]
    )
    opened(lesson, lesson.url)
    expect(lesson.locator("[data-pace]")).to_have_text("语速：快")


def test_the_film_and_the_reading_never_speak_at_once(television, live_site):
    page = opened(television, live_site.url + WITH_VIDEO)
    page.focus("[data-play]")
    page.keyboard.press("Enter")
    until(lambda: not page.evaluate("document.querySelector('video').paused"))
    page.keyboard.press("8")
    until(lambda: sound(page, "currentTime") > 0.1)
    assert page.evaluate("document.querySelector('video').paused") is True
    page.keyboard.press("8")
    page.focus("[data-play]")
    page.keyboard.press("Enter")
    until(lambda: not page.evaluate("document.querySelector('video').paused"))
    assert sound(page, "paused") is True


def test_of_two_that_are_asked_for_in_one_moment_the_last_speaks(television, live_site):
    page = opened(television, live_site.url + WITH_VIDEO)
    page.focus("[data-play]")
    page.keyboard.press("Enter")
    page.keyboard.press("8")
    until(lambda: sound(page, "currentTime") > 0.1)
    assert page.evaluate("document.querySelector('video').paused") is True
    page.keyboard.press("8")
    page.keyboard.press("8")
    page.focus("[data-play]")
    page.keyboard.press("Enter")
    until(lambda: page.evaluate("document.querySelector('video').currentTime") > 0.1)
    assert sound(page, "paused") is True


def test_it_begins_by_itself_only_at_the_learners_wish(television, live_site):
    television.context.add_cookies(
        [{"name": "display", "value": "elder:large:light:on:1:zh-hans", "url": live_site.url}]
    )
    page = opened(television, live_site.url + LESSON)
    refused = page.locator("[data-message]")  # by the browser, before anything was pressed
    until(lambda: sound(page, "currentTime") > 0.1 or refused.inner_text() != "")
    page.keyboard.press("8")
    until(lambda: refused.inner_text() == "")


def test_without_a_sound_the_browsers_own_voice_is_asked_or_the_lack_is_told(television, live_site):
    television.route("**" + LESSON, without_sound)
    page = opened(television, live_site.url + LESSON)
    page.keyboard.press("8")
    message = page.locator("[data-message]")
    until(lambda: "这台机器不会朗读" in message.inner_text() or page.locator(LIT).count() == 1)


def without_sound(route) -> None:
    answer = route.fetch()
    route.fulfill(
        response=answer, body=re.sub(r"<audio.*?</audio>", "", answer.text(), flags=re.DOTALL)
    )


def test_without_a_script_the_browsers_own_player_reads_it(browser, live_site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_site.url + LESSON)
    expect(page.locator("audio[controls]")).to_be_visible()
    expect(page.locator("[data-pad]")).to_be_hidden()
    expect(page.locator("[data-sentence]").first).to_be_visible()
    context.close()
