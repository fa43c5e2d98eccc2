"""A learner before a television: the remote, the subtitles, the player's keys; and no script."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.player import LESSON, choose, open_lesson, state
from tests.journeys.television import TELEVISION, go_to_second, press_until, until

#: On PostgreSQL the film's way to its subtitles is shown by test_upload and test_killed_worker.
pytestmark = [pytest.mark.browser, pytest.mark.once]

CLOCK = re.compile(r"(\d+):(\d+):(\d+)\.(\d+) --> (\d+):(\d+):(\d+)\.(\d+)")
#: A cue may stand a tenth of a second longer or come as much later than the file says.
TICK = 0.15


@pytest.fixture
def lesson(television: Page, live_site) -> Page:
    """The lesson with the sample video, its film known to the browser and its subtitles read."""
    open_lesson(television, live_site.url + LESSON)
    return television


def cues_of(live_site, page: Page) -> list[tuple[float, float, list[str]]]:
    """(start, end, lines) as the track's WebVTT has them, in seconds."""
    html = page.request.get(live_site.url + LESSON).text()
    [url] = re.findall(r'<track kind="subtitles" src="([^"]+)"', html)
    cues = []
    for block in live_site.get(url).decode().split("\n\n"):
        if found := CLOCK.search(block):
            h1, m1, s1, f1, h2, m2, s2, f2 = map(int, found.groups())
            lines = block[found.end() :].strip().split("\n")
            start, end = h1 * 3600 + m1 * 60 + s1 + f1 / 1000, h2 * 3600 + m2 * 60 + s2 + f2 / 1000
            cues.append((start, end, lines))
    assert cues
    return cues


def lines_at(cues, second: float) -> list[str]:
    return next((lines for start, end, lines in cues if start <= second < end), [])


def lines_around(cues, second: float) -> list[list[str]]:
    """What may stand there within TICK of a second, the moment between two cues included."""
    edges = [edge for start, end, _lines in cues for edge in (start, end)]
    near = [edge for edge in edges if abs(edge - second) <= TICK]
    return [lines_at(cues, at) for at in (second - TICK, second, second + TICK, *near)]


def test_arrow_keys_alone_lead_from_home_to_the_subtitle_of_that_second(television, live_site):
    page = television
    page.goto(live_site.url)
    press_until(page, "ArrowDown", ".tile--door")
    press_until(page, "ArrowRight", ".tile--door.subject-smart-tech")
    page.keyboard.press("Enter")
    page.wait_for_url("**/smart-tech/")
    if page.locator(f"a[href='{LESSON}']").count() == 0:
        press_until(page, "ArrowDown", ".watch-on, .five-door, .pager a[rel=next]")
        press_until(page, "ArrowRight", ".pager a[rel=next]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/smart-tech/?p=2")
    page.wait_for_load_state()
    press_until(page, "ArrowDown", f"a[href='{LESSON}']")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + LESSON)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.activeElement.dataset.name") == "play"

    page.keyboard.press("Enter")
    cues = cues_of(live_site, page)
    seen = set()
    while (now := state(page))[0] < 12:
        second, _, shown = now
        assert shown in lines_around(cues, second), f"at {second} s"
        seen.add("".join(shown))
        time.sleep(0.1)
    said = {"".join(lines) for start, _, lines in cues if start < 11}
    assert said <= seen

    page.keyboard.press("Enter")
    assert state(page)[1] is True


def test_each_cue_stands_on_the_picture_at_its_own_time(lesson, live_site):
    for start, end, lines in cues_of(live_site, lesson):
        go_to_second(lesson, (start + end) / 2)
        expect(lesson.locator(".player__cue-line")).to_have_text(lines)


def test_the_back_key_goes_one_step_up_to_the_tile_that_one_came_from(lesson, live_site):
    page = lesson
    page.goto(live_site.url + "/smart-tech/?p=2")
    page.wait_for_load_state()
    page.focus(f"a[href='{LESSON}']")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + LESSON)
    page.wait_for_load_state()
    page.keyboard.press("Backspace")
    page.wait_for_url("**/smart-tech/?p=2")
    expect(page.locator(f"a[href='{LESSON}']")).to_be_focused()
    page.keyboard.press("Backspace")
    page.wait_for_url(live_site.url + "/")


def test_a_digit_opens_the_tile_that_bears_it(television, live_site):
    television.goto(live_site.url)
    television.wait_for_load_state()
    television.keyboard.press("3")
    television.wait_for_url("**/anti-fraud/")


def test_the_film_goes_on_where_one_stopped(lesson):
    choose(lesson, "play")
    choose(lesson, "on-10")
    until(lambda: state(lesson)[0] > 10.5)
    choose(lesson, "play")
    stopped_at = state(lesson)[0]
    open_lesson(lesson, lesson.url)
    until(lambda: abs(state(lesson)[0] - stopped_at) < 0.5)
    assert state(lesson)[1] is True  # and it does not start by itself
    expect(lesson.locator(".player [data-message]")).to_have_text("接着上次停的地方看")


def test_left_and_right_on_the_line_of_time_go_ten_seconds(lesson):
    lesson.focus("[data-seek]")
    lesson.keyboard.press("ArrowRight")
    until(lambda: state(lesson)[0] == 10)
    expect(lesson.locator("[data-now]")).to_have_text("0分10秒")
    lesson.keyboard.press("ArrowLeft")
    until(lambda: state(lesson)[0] == 0)


def test_slower_is_three_quarters_of_the_speed(lesson):
    choose(lesson, "slower")
    assert lesson.evaluate("document.querySelector('video').playbackRate") == 0.75
    expect(lesson.locator("[data-slower]")).to_have_attribute("aria-pressed", "true")
    choose(lesson, "slower")
    assert lesson.evaluate("document.querySelector('video').playbackRate") == 1


def test_louder_is_louder_and_does_not_clip(lesson):
    choose(lesson, "louder")
    expect(lesson.locator("[data-louder]")).to_have_attribute("aria-pressed", "true")
    quiet, loud = (
        lesson.evaluate(
            """async (level) => {
              const { connectLouder } = await import("/static/js/player/loudness.js");
              const context = new OfflineAudioContext(1, 48000, 48000);
              const tone = context.createOscillator();
              const volume = context.createGain();
              volume.gain.value = level;
              tone.connect(volume);
              connectLouder(context, volume);
              tone.start();
              const sound = (await context.startRendering()).getChannelData(0);
              return sound.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
            }""",
            level,
        )
        for level in (0.1, 1)
    )
    assert quiet > 0.2
    assert loud <= 1


def test_subtitles_are_eight_or_ten_hundredths_of_the_picture_or_off(lesson):
    go_to_second(lesson, 1)

    def share() -> float:
        return lesson.evaluate(
            """() => parseFloat(getComputedStyle(document.querySelector('.player__cue')).fontSize)
              / document.querySelector('[data-picture]').clientHeight"""
        )

    assert share() == pytest.approx(0.08, abs=0.001)
    choose(lesson, "subtitles")
    assert share() == pytest.approx(0.10, abs=0.001)
    expect(lesson.locator("[data-subtitles]")).to_have_text("字幕：特大")
    choose(lesson, "subtitles")
    expect(lesson.locator(".player__cue-line")).to_have_count(0)
    expect(lesson.locator("[data-subtitles]")).to_have_text("字幕：关")
    choose(lesson, "subtitles")
    expect(lesson.locator(".player__cue-line")).not_to_have_count(0)


def test_the_last_sentence_is_heard_again_from_where_it_begins(lesson, live_site):
    first, second = [start for start, _end, _lines in cues_of(live_site, lesson)[:2]]
    for at, again in ((second + 1.2, second), (second + 0.3, first)):  # it has only just begun
        go_to_second(lesson, at)
        lesson.evaluate(NOTE_WHERE_IT_GOES)
        choose(lesson, "again")
        until(lambda: lesson.evaluate("window.goesTo") is not None)
        assert lesson.evaluate("window.goesTo") == pytest.approx(again, abs=0.05)
        until(lambda: state(lesson)[1] is False)
        choose(lesson, "play")


NOTE_WHERE_IT_GOES = """() => {
  const film = document.querySelector('video');
  window.goesTo = null;
  film.addEventListener('seeking', () => { window.goesTo = film.currentTime; }, { once: true });
}"""


def test_a_line_of_the_transcript_takes_the_film_there(lesson, live_site):
    start, _, lines = cues_of(live_site, lesson)[2]
    press_until(lesson, "ArrowDown", "summary")
    lesson.keyboard.press("Enter")
    press_until(lesson, "ArrowDown", ".transcript__item:nth-child(3) .transcript__line")
    assert "".join(lines) in lesson.evaluate("document.activeElement.innerText")
    lesson.keyboard.press("Enter")
    until(lambda: start <= state(lesson)[0] < start + 3)
    expect(lesson.locator("[data-play]")).to_be_focused()
    expect(lesson.locator("[data-play]")).to_be_in_viewport()


def test_a_chapters_picture_takes_the_film_there(lesson, live_site):
    url = lesson.locator(".chapter >> nth=1").locator("img").get_attribute("src")
    assert live_site.get(url)[:2] == b"\xff\xd8"  # a JPEG
    start = int(lesson.get_attribute(".chapter >> nth=1", "data-start")) / 1000
    press_until(lesson, "ArrowDown", ".chapter")
    press_until(lesson, "ArrowRight", "[data-name=chapter-2]")
    lesson.keyboard.press("Enter")
    until(lambda: start <= state(lesson)[0] < start + 3)
    expect(lesson.locator("[data-name=chapter-2]")).to_have_attribute("aria-current", "true")


def test_a_word_that_is_pressed_leaves_only_the_lines_that_hold_it(lesson):
    press_until(lesson, "ArrowDown", "summary")
    lesson.keyboard.press("Enter")
    word = lesson.locator("[data-said]").first.inner_text()
    lesson.locator("[data-said]").first.focus()
    lesson.keyboard.press("Enter")
    lines = lesson.locator(".transcript__item:not([hidden]) .transcript__words")
    assert all(word in line for line in lines.all_inner_texts())
    expect(lesson.locator("[data-found]")).to_have_text(f"找到{lines.count()}句")
    lesson.fill("[name=words]", "飞机")
    lesson.keyboard.press("Enter")
    expect(lesson.locator("[data-found]")).to_have_text("视频里没有讲到这个词")
    expect(lesson.locator("[data-found]")).to_be_in_viewport()


def test_machine_subtitles_carry_their_mark_by_the_player_and_the_transcript(lesson):
    expect(lesson.locator(".player").get_by_text("机器字幕，未经核对")).to_be_visible()
    expect(lesson.locator("summary")).to_contain_text("机器字幕，未经核对")


def test_an_answer_is_explained_at_once_while_the_film_plays_on(lesson):
    choose(lesson, "play")
    choose(lesson, "answer-1-0")
    expect(lesson.locator(".quiz__verdict")).to_be_visible()
    expect(lesson.locator("[data-name=answer-1-0]")).to_be_focused()
    assert state(lesson)[1] is False
    assert lesson.url.endswith(LESSON + "?answer=0#quiz")


def test_without_script_the_film_has_controls_and_a_track_and_the_quiz_answers(browser, live_site):
    context = browser.new_context(java_script_enabled=False, viewport=TELEVISION, locale="zh-CN")
    page = context.new_page()
    page.goto(live_site.url + LESSON)
    expect(page.locator("video[controls] track[kind=subtitles][default]")).to_have_count(1)
    expect(page.locator(".step").first).to_be_visible()
    expect(page.locator(".player [data-pad]")).to_be_hidden()
    page.click("summary")
    expect(page.locator(".transcript__words").first).to_be_visible()
    page.click("[data-said] >> nth=0")
    expect(page.locator("[data-found]")).to_contain_text("找到")
    expect(page.locator(".transcript__words").first).to_be_visible()
    page.click(".answer >> nth=0")
    expect(page.locator(".quiz__verdict")).to_be_visible()
    expect(page.locator(".quiz__reason")).to_be_visible()
    page.click("a[data-back]")
    page.wait_for_url("**/smart-tech/?p=2")
    context.close()


@pytest.mark.thorough("tests/courses/test_pages has the words that wait; their script: here alone")
def test_while_the_film_is_made_the_lesson_says_so_and_comes_by_itself(television, new_site):
    site = new_site()
    site.start("web")
    site.wait_until(site.answers, "the site answers")
    television.goto(site.url + LESSON)
    expect(television.locator(".waiting [data-words]")).to_have_text("视频正在准备，过一会儿再来")
    expect(television.locator(".waiting progress")).to_be_visible()
    expect(television.get_by_role("link", name="再看看好了没有")).to_be_focused()
    expect(television.locator(".step").first).to_be_visible()
    with television.expect_navigation():
        television.route(
            "**/media/progress/**",
            lambda route: route.fulfill(
                json={"watchable": True, "percent": 60, "stages": [], "ended": False}
            ),
        )
