"""A reviewer at the desk, in a real browser: one click or key and typing corrects a character;
all by keyboard; saved by itself; two people in one line; files in and out."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desks import (
    CUES,
    click_character,
    field,
    make_desks,
    sign_in,
    split_after,
    texts,
)
from tests.journeys.television import HAVE_FUTURE_DATA, until, until_film

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture(scope="module")
def desks(live_site):
    return iter(make_desks(live_site, 12))


def second(page: Page) -> float:
    return page.evaluate("document.querySelector('video').currentTime")


def test_one_click_or_one_key_and_typing_corrects_a_character(sit, desks, live_site):
    track = next(desks)
    page = sit(track)
    click_character(page, 1, "客")
    with page.expect_response("**/change/") as saved:  # nothing is pressed for it
        page.keyboard.insert_text("课")
    assert saved.value.status == 200
    assert texts(live_site, track)[1] == "欢迎来到我们的手机课堂。"

    page.keyboard.press("F8")  # the next doubtful word is chosen, and its line is played
    page.keyboard.press("F8")
    page.keyboard.press("F8")
    with page.expect_response("**/change/"):
        page.keyboard.insert_text("防诈骗")
    assert texts(live_site, track)[4] == "分别是微信支付、网上挂号、防诈骗和网约车。"
    expect(page.locator("[data-saved]")).to_have_text("都存好了")
    assert field(page, 4).evaluate("field => field === document.activeElement")


def test_a_doubtful_word_is_lit_again_when_its_correction_is_undone(sit, desks):
    page = sit(next(desks))
    mark = page.locator(".line__doubt", has_text="防炸骗")

    def look_for_it():
        expect(mark).to_have_attribute("data-sure", "12")
        field(page, 3).focus()
        page.keyboard.press("F8")
        assert page.evaluate("document.getSelection().toString()") == "防炸骗"

    def press(key: str, lit: int):
        with page.expect_response("**/change/"):
            page.keyboard.press(key)
            expect(mark).to_have_count(lit)
        expect(page.locator("[data-saved]")).to_have_text("都存好了")
        expect(mark).to_have_count(lit)

    page.route("**/change/", lambda route: route.abort())  # at once, whatever the server says
    look_for_it()
    page.keyboard.insert_text("防诈骗")
    for key, lit in [("Control+z", 1), ("Control+y", 0), ("Control+z", 1)]:
        expect(mark).to_have_count(1 - lit)
        page.keyboard.press(key)
    look_for_it()
    page.unroute_all()
    expect(page.locator("[data-saved]")).to_have_text("都存好了")

    with page.expect_response("**/change/"):
        page.keyboard.insert_text("防诈骗")
    expect(mark).to_have_count(0)
    press("Control+z", 1)
    look_for_it()
    press("Control+y", 0)
    press("Control+z", 1)
    page.reload()
    look_for_it()


def test_everything_goes_by_keyboard_and_can_be_undone(sit, desks, live_site):
    track = next(desks)
    page = sit(track)
    before = texts(live_site, track)
    field(page, 0).focus()
    page.keyboard.press("Enter")  # to the next line, at its end
    page.keyboard.press("Home")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Alt+Enter")
    until(lambda: texts(live_site, track)[1:3] == ["欢迎", "来到我们的手机客堂。"])
    page.keyboard.press("Delete")  # at the end of a line: joined again
    until(lambda: texts(live_site, track) == before)
    page.keyboard.press("Alt+Period")
    page.keyboard.press("Alt+Shift+Comma")
    page.keyboard.press("Alt+j")
    until(lambda: len(texts(live_site, track)) == 4)
    page.keyboard.press("Alt+Backspace")
    until(lambda: len(texts(live_site, track)) == 3)
    for _ in range(5):
        page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")  # the first step, and it is taken back once more
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    until(lambda: texts(live_site, track) == before)
    starts = f"SELECT start_ms FROM subtitles_trackcue WHERE track_id = {track} ORDER BY start_ms"
    until(lambda: [start for (start,) in live_site.rows(starts)] == [cue[0] for cue in CUES])


def test_one_line_is_played_and_the_film_leads_the_list(sit, desks):
    page = sit(next(desks))
    until_film(page, HAVE_FUTURE_DATA)
    field(page, 3).press("Control+Enter")
    expect(page.locator(".line--playing .line__field")).to_have_value("这节课分成四个部分，")
    expect(page.locator("[data-caption]")).to_have_text("这节课分成四个部分，")
    until(lambda: page.evaluate("document.querySelector('video').paused"))
    assert 11.71 <= second(page) < 12.5


def test_two_people_see_each_other_and_neither_overwrites_the_other(sit, desks, live_site):
    track = next(desks)
    anna, bert = sit(track, "editor"), sit(track, "admin")
    field(bert, 0).press("End")
    bert.keyboard.insert_text("请坐。")
    until(lambda: texts(live_site, track)[0].endswith("请坐。"))
    expect(field(anna, 0)).to_have_value("各位叔叔阿姨大家好。请坐。")  # it comes by itself
    expect(anna.locator("[data-others]")).to_contain_text("系统管理员")

    bert.route("**/change/", lambda route: None)  # his network hangs while both type
    field(bert, 1).press("End")
    bert.keyboard.insert_text("乙")
    field(anna, 1).press("End")
    anna.keyboard.insert_text("甲")
    until(lambda: texts(live_site, track)[1].endswith("甲"))
    bert.unroute_all()
    bert.reload()  # what he typed waits in his browser
    conflict = bert.locator(".line__note--conflict")
    expect(conflict).to_contain_text("手机客堂。甲")
    expect(field(bert, 1)).to_have_value("欢迎来到我们的手机客堂。乙")
    conflict.get_by_role("button", name="用我写的").click()
    until(lambda: texts(live_site, track)[1].endswith("乙"))
    expect(field(anna, 1)).to_have_value("欢迎来到我们的手机客堂。乙")


def test_what_is_typed_without_a_network_is_saved_when_it_is_back(sit, desks, live_site):
    track = next(desks)
    page = sit(track)
    page.context.set_offline(True)
    click_character(page, 1, "客")
    page.keyboard.insert_text("课")
    expect(page.locator("[data-saved]")).to_contain_text("没有存上")
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text("都存好了")
    assert "课堂" in texts(live_site, track)[1]


def test_it_saves_again_after_signing_in_in_another_tab(sit, desks, live_site, passwords):
    track = next(desks)
    page = sit(track)
    page.context.clear_cookies(name="sessionid")
    click_character(page, 1, "客")
    page.keyboard.insert_text("课")
    expect(page.locator("[data-saved]")).to_contain_text("登录过期了")
    sign_in(page.context.new_page(), live_site, "editor", passwords["editor"])
    expect(page.locator("[data-saved]")).to_have_text("都存好了")
    assert "课堂" in texts(live_site, track)[1]


def test_a_split_and_a_removal_without_a_network_outlive_a_reload(sit, desks, live_site):
    track = next(desks)
    page = sit(track)
    page.route("**/change/", lambda route: route.abort())
    split_after(page, 1, 2)
    field(page, 4).focus()
    page.keyboard.press("Alt+Backspace")
    expect(page.locator("[data-saved]")).to_contain_text("没有存上")
    assert texts(live_site, track)[1] == "欢迎来到我们的手机客堂。"
    page.reload()
    expect(field(page, 2)).to_have_value("来到我们的手机客堂。")
    page.unroute_all()
    expect(page.locator("[data-saved]")).to_have_text("都存好了")
    assert texts(live_site, track) == [
        "各位叔叔阿姨大家好。",
        "欢迎",
        "来到我们的手机客堂。",
        "今天我们一起来学习，怎样安全地使用智能手机。",
        "分别是微信支付、网上挂号、防炸骗和网约车。",
    ]


#: Cut in the page itself: a request that is held outside it may still go when its tab is closed.
CANNOT_SAVE = """
const ask = window.fetch;
window.fetch = (url, ...rest) => (localStorage.cut && url.endsWith("/change/")
  ? Promise.reject(new TypeError("cut")) : ask(url, ...rest));
"""


@pytest.mark.thorough("one tab's changes outlive a reload above; two people see each other")
def test_what_two_tabs_could_not_save_is_kept_apart(sit, desks, live_site):
    track = next(desks)
    one = sit(track)
    context = one.context
    context.add_init_script(CANNOT_SAVE)
    one.evaluate("localStorage.cut = 'yes'")
    one.reload()

    def add(page: Page, words: str, *numbers: int):
        for number in numbers:
            field(page, number).press("End")
            page.keyboard.insert_text(words)
        expect(page.locator("[data-saved]")).to_contain_text("没有存上")

    def expect_added(page: Page, *added: str):
        for number, words in zip((0, 1, 3), added, strict=True):
            expect(field(page, number)).to_have_value(CUES[number][2] + words)

    def open_tab() -> Page:
        page = context.new_page()
        page.goto(one.url)
        return page

    add(one, "甲", 0, 1)
    with one.expect_popup() as opened:
        one.evaluate("window.open(location.href)")  # with its session, as a tab is duplicated
    two = opened.value
    expect_added(two, "", "", "")
    add(two, "乙", 1, 3)
    for _again in range(2):
        one.reload()
        expect_added(one, "甲", "甲", "")
        two.reload()
        expect_added(two, "", "乙", "乙")
    two.close()
    three = open_tab()
    expect_added(three, "", "乙", "乙")
    expect_added(open_tab(), "", "", "")  # it has an heir already

    one.close()
    three.reload()  # the line that is in both drafts waits
    expect_added(three, "甲", "乙", "乙")
    assert texts(live_site, track)[1].endswith("客堂。")
    three.evaluate("localStorage.removeItem('cut')")
    expect(three.locator("[data-saved]")).to_have_text("都存好了")
    four = open_tab()
    expect(four.locator(".line__note--conflict")).to_contain_text("手机客堂。乙")
    expect_added(four, "甲", "甲", "乙")
    assert texts(live_site, track)[1].endswith("乙")


@pytest.mark.parametrize("reloads", [False, True])
def test_what_was_saved_without_an_answer_is_not_taken_for_another_s(
    sit, desks, live_site, reloads
):
    track = next(desks)
    page = sit(track)

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route("**/change/", lose_the_answer, times=1)
    page.route("**/news/", lambda route: route.abort())
    split_after(page, 1, 2)
    expect(page.locator("[data-saved]")).to_contain_text("没有存上")
    page.keyboard.press("Enter")  # to the new line's end
    page.keyboard.insert_text("请坐。")  # meanwhile
    if reloads:
        page.reload()
    page.unroute_all()
    expect(page.locator("[data-saved]")).to_have_text("都存好了")
    expect(page.locator(".line__note--conflict, .line__note--refused")).to_have_count(0)
    expect(page.locator(".line")).to_have_count(len(CUES) + 1)
    assert texts(live_site, track)[1:3] == ["欢迎", "来到我们的手机客堂。请坐。"]
    assert len(texts(live_site, track)) == len(CUES) + 1


def test_a_file_is_refused_in_words_or_taken_and_the_review_ends_when_rules_are_met(
    sit, desks, live_site, tmp_path: Path
):
    track = next(desks)
    page = sit(track)
    srt = (
        "1\n00:00:01,000 --> 00:00:03,000\n大家好，今天学挂号。\n\n"
        "2\n00:00:0{},500 --> 00:00:04,000\n先打开微信。\n"
    )
    page.click("[data-open-files]")
    for name, content, told in [
        ("重叠.srt", srt.format(2).encode(), "时间重叠"),
        ("好.srt", srt.format(3).encode("gb18030"), ""),
    ]:
        (tmp_path / name).write_bytes(content)
        page.set_input_files("input[name=file]", tmp_path / name)
        page.click("[data-import] [type=submit]")
        if told:
            expect(page.locator("[data-faults]")).to_contain_text(told)
    until(lambda: texts(live_site, track) == ["大家好，今天学挂号。", "先打开微信。"])
    page.wait_for_selector(".line:nth-child(2):last-child")
    expect(page.locator("[data-message]")).to_contain_text("已经换成文件里的2条")

    page.click("[data-finish]")  # the second is gone in half a second
    expect(page.locator("[data-message]")).to_contain_text("还有1条不合规则")
    expect(field(page, 1)).to_be_focused()
    page.keyboard.press("Alt+w")
    expect(page.locator("[data-problems]")).to_contain_text("课程编辑放行")
    page.click("[data-finish]")
    expect(page.locator("[data-state]")).to_have_text("已经人工核对")
