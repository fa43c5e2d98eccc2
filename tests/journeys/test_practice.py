"""The pretend phone and the drill in a real browser: by remote, by finger, without script; and the
board on which an editor draws where a picture can be pressed."""

import re
import subprocess
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from playwright.sync_api import TimeoutError as TookTooLong

from tests.journeys.television import TELEVISION, until
from tests.journeys.test_audit import AUDIT

pytestmark = [pytest.mark.browser, pytest.mark.once]

PHONE: ViewportSize = {"width": 390, "height": 844}
LESSON = "/smart-tech/scan-to-pay/"
PRACTICE = LESSON + "practice/"
PAD = "/science/phone-network/practice/"
EDITORS_PASSWORD = "huaban-lianxi-2026"  # of a site that ends with the test run

#: A practice that the starter lacks: a field to type into, a number pad; a picture; an editor.
MORE = f"""
from io import BytesIO
from django.contrib.auth import get_user_model
from django.core.files.images import ImageFile
from PIL import Image
from courses.models import LessonPage, PracticePage
from media.models import Picture
base = {{"icon": "", "colour": "", "next": "", "miss": "", "keys": 4}}
lesson = LessonPage.objects.get(slug="phone-network")
lesson.add_child(instance=PracticePage(title="按密码", slug="practice", screens=[("drawn", {{
    "name": "pad", "title": "密码", "say": "请按四个数", "hint": "按哪个都行",
    "description": "一个格子，十个数字键。", "widgets": [
        {{**base, "kind": "typing", "text": "您的名字", "press": "",
          "box": {{"x": 6, "y": 4, "w": 88, "h": 12}}}},
        {{**base, "kind": "keypad", "text": "密码", "press": "right",
          "box": {{"x": 10, "y": 20, "w": 80, "h": 60}}}},
        {{**base, "kind": "button", "text": "取消", "press": "decoy", "miss": "先别取消。",
          "box": {{"x": 10, "y": 84, "w": 80, "h": 12}}}},
    ]}})]))
picture = BytesIO()
Image.new("RGB", (360, 640), "#d8e6df").save(picture, "PNG")
Picture.objects.create(title="遥控器", file=ImageFile(picture, name="remote.png"))
get_user_model().objects.create_superuser("huaban", password="{EDITORS_PASSWORD}")
"""


@pytest.fixture(scope="package")  # as the site: it is filled once, whichever tests come between
def site(live_site):
    live_site.manage("shell", "-v0", "-c", MORE)
    return live_site


@pytest.fixture
def open_page(browser: Browser, site):
    """Opens a path on a screen of its own; a script error on any of them fails the test."""
    contexts, errors = [], []

    def open_it(path: str, viewport: ViewportSize = TELEVISION, **options) -> Page:
        context = browser.new_context(viewport=viewport, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(site.url + path)
        page.wait_for_load_state()
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert errors == []


def expect_focus(page: Page, name: str) -> None:
    expect(page.locator(f"[data-name='{name}']")).to_be_focused()


def test_by_remote_alone_from_the_lesson_through_the_practice_and_back(open_page, site):
    page = open_page(LESSON)
    page.focus("[data-name=practice]")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + PRACTICE)
    expect_focus(page, "home-2")
    page.keyboard.press("ArrowRight")  # from the telephone to WeChat
    page.keyboard.press("Enter")
    for say, digit in [
        ("点右上角的加号", "1"),
        ("请点“扫一扫”", "2"),
        ("对准方块图，点一下它", "1"),
        ("青菜三元五角，选对钱数", "3"),
        ("店名和钱数都对，点“付款”", "2"),
    ]:
        expect(page.locator(".play__say")).to_have_text(say)
        expect(page.locator(".play__mark")).to_have_text("练习，不是真的")
        page.keyboard.press(digit)
    expect(page.locator(".play__say")).to_have_text("做完了！")
    expect_focus(page, "to-lesson")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + LESSON)


def test_the_back_key_leaves_for_the_lesson_from_any_screen(open_page):
    page = open_page(PRACTICE)
    page.keyboard.press("2")
    expect(page.locator(".play__say")).to_have_text("点右上角的加号")
    page.keyboard.press("Backspace")
    page.wait_for_url("**" + LESSON)


def test_three_misses_by_finger_explain_then_show_then_help(open_page):
    page = open_page(PRACTICE, PHONE, has_touch=True)
    expect(page.locator(".play__say")).to_be_in_viewport()
    page.tap("[data-name=home-5]")
    expect(page.locator(".play__miss")).to_have_text("这是天气。“微信”在它上边。")
    expect(page.locator(".play__hint")).to_have_count(0)
    box = page.locator("[data-ground]").bounding_box()
    page.touchscreen.tap(box["x"] + 12, box["y"] + 12)  # beside everything
    expect(page.locator(".play__miss")).to_have_text("不是这里。点错不要紧。")
    expect(page.locator(".play__hint")).to_have_text("上面一排，右边那个")
    expect(page.locator(".widget--guide")).to_contain_text("微信")
    page.tap("[data-name=home-2]")
    expect_focus(page, "home-help")
    expect(page.locator(".play__say")).to_be_in_viewport()
    page.tap("[data-name=home-help]")
    expect(page.locator(".play__say")).to_have_text("点右上角的加号")
    expect(page.locator(".play__miss")).to_have_count(0)


def test_a_sound_is_heard_where_a_press_leads_there_and_told_in_words(open_page):
    page = open_page("/digital-life/bus-code/practice/")
    for number in (1, 2, 3):
        expect(page.locator(".play__place")).to_contain_text(f"第{number}步")
        page.keyboard.press("1")
    expect(page.locator(".play__heard-words")).to_have_text("声音：“嘀嘀”，刷上了。")
    until(lambda: page.locator(".play__sound").evaluate("sound => sound.played.length"))


def test_a_voice_waits_for_its_button(open_page):
    page = open_page("/anti-fraud/voice-check/practice/")
    expect(page.locator(".play__heard-words")).to_contain_text("奶奶，我出事了！")
    sound = page.locator(".play__sound")
    expect(sound).not_to_be_visible()
    assert sound.evaluate("sound => sound.played.length") == 0
    page.click("[data-listen]")
    until(lambda: page.locator(".play__sound").evaluate("sound => sound.played.length"))


def test_without_script_a_sound_has_the_browsers_own_controls(open_page):
    page = open_page("/anti-fraud/voice-check/practice/", java_script_enabled=False)
    expect(page.locator(".play__sound")).to_be_visible()
    expect(page.locator("[data-listen]")).to_be_hidden()


def test_nothing_that_is_typed_leaves_the_page_or_stays_in_it(open_page):
    page = open_page(PAD)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    page.fill(".widget--typing", "9526王大妈")
    page.keyboard.press("Enter")  # in the field: sends nothing
    page.focus("[data-name=pad-2-1]")
    for key in "777":
        page.keyboard.press(key)
    expect(page.locator(".keypad__dot--full")).to_have_count(3)
    expect_focus(page, "pad-2-7")
    page.keyboard.press("0")
    expect(page.locator(".play__say")).to_have_text("做完了！")
    told = " ".join(sent) + page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    )
    assert sum(PAD in request for request in sent) == 4
    assert "9526" not in told
    assert "777" not in told
    assert page.context.cookies() == []


def test_without_script_forms_play_it_and_send_nothing_typed(open_page):
    page = open_page(PAD, PHONE, java_script_enabled=False)
    page.fill(".widget--typing", "9526")
    for _ in range(3):
        page.click("[data-name=pad-3]")
    expect(page.locator(".play__miss")).to_have_text("先别取消。")
    page.click(".play__help")
    expect(page.locator(".play__say")).to_have_text("做完了！")
    assert "9526" not in page.url
    page.goto(page.url.split("?")[0])
    for key in "8642":
        page.click(f"[data-name=pad-2-{key}]")
    expect(page.locator(".play__say")).to_have_text("做完了！")


def test_without_a_network_it_says_so_and_goes_on_when_it_is_back(open_page):
    page = open_page(PRACTICE)
    page.context.set_offline(True)
    page.keyboard.press("2")
    expect(page.locator("[data-told]")).to_have_text("网络不通。请等一等，再按一次。")
    page.context.set_offline(False)
    page.keyboard.press("2")
    expect(page.locator(".play__say")).to_have_text("点右上角的加号")


def test_a_class_counts_its_hands_with_the_remotes_digits(open_page):
    page = open_page("/anti-fraud/drill/")
    page.keyboard.press("2")
    page.wait_for_url("**class=1")
    expect_focus(page, "scam-more")
    for key in ("1", "2", "ArrowRight", "ArrowRight", "3", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    counts = page.locator(".hand__count")
    expect(counts).to_have_text(["12", "3", "0"])
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(counts).to_have_text(["12", "3", "1"])
    page.keyboard.press("ArrowDown")
    expect_focus(page, "reveal")
    page.keyboard.press("Enter")
    expect(page.locator(".shown-hands__count")).to_have_text(["12", "3", "1"])
    expect_focus(page, "next")


def test_an_editor_draws_a_place_on_a_picture_and_it_can_be_played(open_page, site):
    page = open_page("/admin/", {"width": 1500, "height": 1100})
    page.fill("input[name=login]", "huaban")
    page.fill("input[name=password]", EDITORS_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(site.url + "/admin/")
    [[lesson]] = site.rows("SELECT id FROM wagtailcore_page WHERE slug = 'qr-inside'")
    page.goto(f"{site.url}/admin/pages/add/courses/practicepage/{lesson}/")
    page.fill("#id_title", "遥控器")
    page.locator("[data-contentpath=screens] .c-sf-add-button").first.click()
    page.get_by_role("option", name="一张图片做的一屏").click()
    for name, words in {
        "name": "first", "title": "遥控器", "say": "请按“确定”", "hint": "中间",
        "description": "一个遥控器。",
    }.items():  # fmt: skip
        page.fill(f"[name=screens-0-value-{name}]", words)
    page.click("[data-contentpath=picture] .unchosen [data-chooser-action-choose]")
    page.locator(".modal a", has_text="遥控器").first.click()
    picture = page.locator(".practice-board__picture")
    expect(picture).to_be_visible()
    expect(page.locator(".modal-backdrop")).to_have_count(0)
    expect(picture).to_have_attribute("src", re.compile("/original_images/"))  # the sharper one
    until(lambda: picture.evaluate("image => image.complete && image.naturalWidth > 0"))

    board = page.locator(".practice-board__screen")
    board.scroll_into_view_if_needed()
    frame = board.bounding_box()

    def at(x: float, y: float) -> tuple[float, float]:
        return frame["x"] + frame["width"] * x / 100, frame["y"] + frame["height"] * y / 100

    page.mouse.move(*at(20, 30))
    page.mouse.down()
    page.mouse.move(*at(50, 40), steps=4)
    page.mouse.move(*at(60, 50), steps=4)
    page.mouse.up()
    numbers = [page.locator(f"[name=screens-0-value-areas-0-value-box-{side}]") for side in "xywh"]
    drawn = [int(number.input_value()) for number in numbers]
    assert all(abs(a - b) <= 1 for a, b in zip(drawn, (20, 30, 40, 20), strict=True)), drawn

    box = page.locator(".practice-board__box")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    moved = [int(number.input_value()) for number in numbers]
    assert moved == [drawn[0] + 1, drawn[1], drawn[2], drawn[3] + 1]
    numbers[0].fill("30")  # the numbers work alone, and the board follows
    expect(box).to_have_attribute(
        "style", f"left: 30%; top: {drawn[1]}%; width: {drawn[2]}%; height: {drawn[3] + 1}%;"
    )

    page.fill("[name=screens-0-value-areas-0-value-text]", "确定")
    page.select_option("[name=screens-0-value-areas-0-value-press]", "right")
    # Wagtail saves a first draft by itself after a change, now and then only after the next one;
    # publishing at that same moment is its own trouble.
    for title in ("遥控器", "遥控器上的键", "遥控器怎么按"):
        page.fill("#id_title", title)
        with suppress(TookTooLong):
            page.wait_for_url("**/edit/", wait_until="commit", timeout=15_000)
            break
    expect(page).to_have_url(re.compile("/edit/$"))
    page.locator(".footer__container [data-w-dropdown-target=toggle]").click()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("已发布", timeout=30_000)

    learner = open_page("/science/qr-inside/", PHONE)
    learner.click("[data-name=practice]")
    expect(learner.locator(".phone__image")).to_be_visible()
    learner.click("[data-name=first-1]")
    expect(learner.locator(".play__say")).to_have_text("做完了！")


def test_a_screen_with_a_number_pad_has_no_audit_failure(site, tmp_path):
    done = subprocess.run(
        ["node", "audit.mjs", "--quick", "--walk", "--out", tmp_path, site.url + PAD],
        check=False,
        cwd=AUDIT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
