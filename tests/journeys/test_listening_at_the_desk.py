"""What a reviewer has to listen to, in a real browser: holes, lit words, words of the lesson."""

import pytest
from playwright.sync_api import Page, expect

from subtitles.cues import UNHEARD
from tests.journeys.desks import CUES, HOLE, field, make_desks, split_after, texts
from tests.journeys.television import (
    HAVE_CURRENT_DATA,
    HAVE_FUTURE_DATA,
    go_to_second,
    until,
    until_film,
)

pytestmark = [pytest.mark.browser, pytest.mark.once]


#: As when the machine has something else to do: nothing of the page is run, the film plays on.
BE_BUSY = """() => {
  const end = performance.now() + 2_500;
  while (performance.now() < end);
}"""


@pytest.fixture(scope="module")
def desks(live_site):
    return iter(make_desks(live_site, 4, cues=[*CUES, HOLE]))


def chosen(page: Page) -> str:
    return page.evaluate(
        "(({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd))"
        "(document.activeElement)"
    )


def second(page: Page) -> float:
    return page.evaluate("document.querySelector('video').currentTime")


def times(live_site, track: int) -> list[tuple[int, int]]:
    sql = f"SELECT start_ms, end_ms FROM subtitles_trackcue WHERE track_id = {track} ORDER BY 1"
    return live_site.rows(sql)


@pytest.mark.thorough("test_revising closes a hole by words; the keys go as in test_review_desk")
def test_a_hole_is_played_and_what_is_typed_takes_its_place(sit, desks, live_site):
    track = next(desks)
    page = sit(track)
    left = page.locator("[data-left]")
    expect(left).to_contain_text("有1处没听清")
    expect(left).not_to_contain_text("没有要改的了")
    until_film(page, HAVE_CURRENT_DATA)
    field(page, 4).press("End")
    page.keyboard.press("F8")
    expect(field(page, 5)).to_be_focused()
    assert chosen(page) == UNHEARD
    expect(page.locator(".line--hole .flag--rule")).to_have_text("没听清")
    expect(page.locator(".line--playing .line__field")).to_have_value(UNHEARD)
    expect(page.locator("[data-caption]")).to_have_text(UNHEARD)
    field(page, 5).click()  # wherever it is taken hold of, it is all taken
    assert chosen(page) == UNHEARD
    with page.expect_response("**/change/"):
        page.keyboard.insert_text("请大家坐好。")
    until(lambda: texts(live_site, track)[5] == "请大家坐好。")
    expect(left).not_to_contain_text("没听清")
    expect(page.locator(".line--hole")).to_have_count(0)


@pytest.mark.thorough("test_revising and test_desk ask what each of two has listened to")
def test_the_review_ends_when_each_lit_word_was_listened_to_by_either_of_two(sit, desks, live_site):
    track = next(desks)
    page = sit(track)
    message = page.locator("[data-message]")
    with page.expect_response("**/seen/"):  # one is led to the first
        page.click("[data-finish]")  # as soon as it is open
        expect(message).to_contain_text("还有1处没听清")
        expect(message).to_contain_text("还有2条有亮着的字，没有人听过")
        expect(field(page, 2)).to_be_focused()
        assert chosen(page) == "一起"
    field(page, 5).focus()
    page.keyboard.press("Alt+w")
    expect(page.locator("[data-problems]")).to_contain_text("课程编辑放行")
    other = sit(track, "admin")  # what was listened to is known to both
    expect(other.locator(".flag--seen")).to_have_count(1)
    page.reload()
    expect(page.locator(".flag--seen")).to_have_count(1)
    go_to_second(page, 11.8)
    until_film(page, HAVE_FUTURE_DATA)
    page.evaluate("document.querySelector('video').playbackRate = 2")
    with page.expect_response("**/seen/"):
        page.keyboard.press("F4")  # the film plays over the other line, in which nobody is
        until(lambda: second(page) > 11.9)
        page.evaluate(BE_BUSY)  # the page sees neither the line's beginning nor its end
    expect(page.locator(".flag--seen")).to_have_count(2)
    expect(other.locator(".flag--seen")).to_have_count(2)
    other.click("[data-finish]")
    expect(other.locator("[data-state]")).to_have_text("已经人工核对")


def test_a_split_lands_at_the_words_and_the_merging_key_takes_it_back(sit, desks, live_site):
    track = next(desks)
    page = sit(track)
    before, said = times(live_site, track), texts(live_site, track)
    split_after(page, 1, 2)
    expect(field(page, 1)).to_be_focused()
    assert field(page, 1).evaluate("field => field.selectionStart") == len("欢迎")
    until(lambda: texts(live_site, track)[1:3] == ["欢迎", "来到我们的手机客堂。"])
    assert times(live_site, track)[1:3] == [(2_890, 3_920), (4_000, 4_880)]
    page.keyboard.press("Alt+j")
    until(lambda: texts(live_site, track) == said)
    assert times(live_site, track) == before

    split_after(page, 4, 6)  # nobody knows when its words were said: in proportion
    until(lambda: len(texts(live_site, track)) == len(said) + 1)
    assert 12_010 < times(live_site, track)[5][0] < 16_200
    page.keyboard.press("Control+z")
    until(lambda: texts(live_site, track) == said)
    assert times(live_site, track) == before


def test_one_key_takes_the_lessons_word(sit, desks, live_site):
    track = next(desks)
    page = sit(track)
    note = page.locator(".line__note--swap")
    expect(note).to_have_count(2)
    expect(note.last).to_contain_text("“防炸骗”是不是“防诈骗”？")
    field(page, 3).press("End")
    page.keyboard.press("F8")
    assert chosen(page) == "防炸骗"
    with page.expect_response("**/change/"):
        page.keyboard.press("F9")
    until(lambda: "防诈骗和网约车" in texts(live_site, track)[4])
    expect(note).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(note).to_have_count(2)
    page.keyboard.press("Alt+k")  # heard, it is right
    expect(note).to_have_count(1)
