"""One manual's whole way: a factory applies, is let in, writes, sees the film of it, is refused and
returned, mends, is published; an elder follows it on the television, practises, prints a card and
watches the film."""

import re
import time
import urllib.request
from datetime import date, timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.conftest import WAIT_SECONDS, Site
from tests.journeys.television import TELEVISION, press_until, until, until_film

pytestmark = [pytest.mark.browser, pytest.mark.once]

PASSWORD = "qing-he-2026-po"  # of a site that ends with the test run
DESK: ViewportSize = {"width": 1440, "height": 900}
CODE = "91990000MA0QHPKA19"  # no region begins with 99
REVIEWER = f"""
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
reviewer = get_user_model().objects.create_user("reviewer", password="{PASSWORD}")
reviewer.groups.add(Group.objects.get(name="说明书审核员"))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Where who works must show a second factor, and manuals become films, as in production."""
    site = Site(tmp_path_factory.mktemp("makers"), STAFF_SECOND_FACTOR="1", MANUAL_FILMS="1")
    try:
        site.migrate()
        site.manage("shell", "-v0", "-c", REVIEWER)
        site.start("worker")
        site.go_on()
        yield site
    finally:
        site.stop()


@pytest.fixture
def windows(browser: Browser):
    """Opens windows of different people; a script error in one fails the test."""
    contexts, errors = [], []

    def open_window(size: ViewportSize) -> Page:
        contexts.append(browser.new_context(viewport=size, locale="zh-CN"))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def photograph(tmp_path):
    """Draws what a camera would see: a kettle with a red key."""
    path = tmp_path / "水壶.png"
    picture = Image.new("RGB", (800, 600), "#eef3f0")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((220, 120, 580, 520), 40, fill="#9fb8b0")
    draw.ellipse((360, 420, 440, 500), fill="#b3261e")
    picture.save(path)
    return path


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def set_up_second_factor(page: Page) -> None:
    """With an app that shows the six digits."""
    follow(page, "开始设置")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    secret = page.locator(".form__secret").inner_text()
    digits = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    page.locator("input[name=code]").fill(digits)
    press(page, "设好了")
    expect(page.locator(".form__code")).to_have_count(10)
    follow(page, "抄好了，继续")


def apply(page: Page, photograph) -> None:
    follow(page, "申请入驻")
    for label, words in {
        "单位名称": "晴禾坡家用电器有限公司",
        "统一社会信用代码": CODE,
        "联系人": "黎明",
        "联系电话": "020-81234567",
        "邮箱": "hello@example.cn",
        "登录名": "qinghe",
        "密码": PASSWORD,
        "再输一次密码": PASSWORD,
    }.items():
        page.get_by_label(label, exact=True).fill(words)
    for label in ("营业执照", "授权书"):
        page.get_by_label(label, exact=True).set_input_files(photograph)
    press(page, "交申请")
    expect(page.locator(".standing")).to_have_text("等待审核")


def add_product(page: Page) -> None:
    follow(page, "先加一个产品，再给它写说明书")
    for label, words in {"品牌": "晴禾", "型号": "QH-5", "这是什么": "电水壶"}.items():
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("类别", exact=True).select_option("electrical")
    press(page, "保存")
    press(page, "开始写")


def fill(box, words: str) -> None:
    box.fill(words)
    expect(box).to_have_value(words)


def write(page: Page, photograph) -> None:
    """A first draft, as factories write: its first step is none that an elder understands."""
    today = date.today()  # noqa: DTZ011 - as the calendar on the wall says
    fill(page.get_by_label("说明书名称"), "晴禾电水壶怎么用")
    fill(page.get_by_label("客服电话"), "400-000-0021")
    fill(page.get_by_label("核对日期"), f"{today}")
    fill(page.get_by_label("下次核对"), f"{today + timedelta(days=300)}")
    press(page, "加一句提醒")
    fill(page.locator("#warnings textarea"), "手湿的时候，不碰插头。")
    press(page, "加一件事")
    fill(page.get_by_label("想做什么"), "怎么烧水")
    steps = page.locator(".step")
    for number, words in enumerate(("请务必通过APP完成水壶的配网。", "按下红色的键。")):
        press(page, "加一步")
        expect(steps).to_have_count(number + 1)
        step = steps.nth(number)
        fill(step.get_by_label("这一步做什么"), words)
        step.locator("[data-brings]").set_input_files(photograph)
        expect(step.locator(".shot img")).to_be_visible()
        fill(step.get_by_label("图上是什么"), "水壶正面，红色的键亮着")
    fill(steps.nth(1).get_by_label("应该看到什么"), "红灯亮了。")
    draw_frame(page, steps.nth(1).locator(".shot"))
    expect_saved(page)


def draw_frame(page: Page, shot) -> None:
    """Around the red key."""
    shot.scroll_into_view_if_needed()
    picture = shot.bounding_box()

    def at(x: float, y: float) -> tuple[float, float]:
        return picture["x"] + picture["width"] * x, picture["y"] + picture["height"] * y

    page.mouse.move(*at(0.44, 0.69))
    page.mouse.down()
    page.mouse.move(*at(0.56, 0.84), steps=5)
    page.mouse.up()
    expect(shot.locator(".shot__box")).to_be_visible()


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_have_text("都存好了")


def see_film(page: Page) -> None:
    """It is there at last, plays, and has subtitles."""
    film = page.locator("video.film")
    expect(film).to_be_visible(timeout=WAIT_SECONDS * 1000)
    it_plays(page, "video.film")
    assert film.evaluate("film => film.textTracks.length") == 1


def it_plays(page: Page, selector: str) -> None:
    film = page.locator(selector)
    until_film(page, selector=selector)
    film.evaluate("film => { film.muted = true; film.play(); }")
    until(lambda: film.evaluate("film => film.currentTime") > 0.3)


def judge(page: Page, site: Site, answer: str, note: str = "") -> None:
    page.goto(site.url + "/admin/snippets/manuals/manual/?show=waiting")
    follow(page, "晴禾电水壶怎么用")
    if answer == "退回修改":
        see_film(page)
    page.locator("#note").fill(note)
    press(page, answer)


def test_a_manual_comes_from_the_factory_to_the_elder(site, windows, photograph):
    maker, reviewer = windows(DESK), windows(DESK)

    maker.goto(site.url + "/manufacturers/")
    apply(maker, photograph)
    reviewer.goto(site.url + "/admin/")
    reviewer.fill("input[name=login]", "reviewer")
    reviewer.fill("input[name=password]", PASSWORD)
    reviewer.keyboard.press("Enter")
    set_up_second_factor(reviewer)
    follow(reviewer, "厂商")
    follow(reviewer, "晴禾坡家用电器有限公司")
    press(reviewer, "通过")

    maker.reload()
    follow(maker, "加一道锁，进工作台")
    set_up_second_factor(maker)
    add_product(maker)
    write(maker, photograph)
    follow(maker, "交审核")
    expect(maker.locator("#stops")).to_have_text(re.compile("还有.+处要改"))
    expect(maker.locator(".mends").first).to_contain_text("APP")
    follow(maker, "去改")
    fill(maker.get_by_label("这一步做什么").first, "水装到刻度线下面。")
    expect_saved(maker)
    follow(maker, "看影片")
    expect(maker.locator("[data-stage=film]")).to_be_visible()
    see_film(maker)
    follow(maker, "检查，交审核")
    press(maker, "交审核")

    judge(reviewer, site, "退回修改", "第一步请写明哪条刻度线。")
    maker.goto(site.url + "/workbench/")
    follow(maker, "看意见")
    expect(maker.locator(".note--due")).to_contain_text("哪条刻度线")
    press(maker, "接着改")
    fill(maker.get_by_label("这一步做什么").first, "水装到最上面那条线。")
    expect_saved(maker)
    follow(maker, "交审核")
    press(maker, "交审核")
    judge(reviewer, site, "通过")
    judge(reviewer, site, "通过", "插头的提醒写得清楚。")
    expect(reviewer.locator(".messages")).to_contain_text("已经上线")

    television = windows(TELEVISION)
    television.goto(site.url + "/manuals/")
    television.keyboard.press("1")
    expect(television.locator("h1")).to_have_text("您想做什么？")
    press_until(television, "ArrowDown", ".tile")
    expect(television.locator(".tile:focus")).to_contain_text("怎么烧水")
    television.keyboard.press("Enter")
    expect(television.locator(".manual-step")).to_contain_text("水装到最上面那条线。")
    for number in (1, 2):
        expect(television.locator(".masthead__label")).to_have_text(f"第{number}步，共2步")
        expect(television.locator("[data-name=next]")).to_be_focused()
        television.keyboard.press("Enter")
    expect(television.locator("h1")).to_contain_text("做完了")
    television.keyboard.press("2")
    for number in (1, 2):
        expect(television.locator(".play__place")).to_have_text(f"第{number}步，共2步")
        expect(television.locator(".widget--area").first).to_be_focused()
        television.keyboard.press("Enter")
    expect(television.locator(".play__say")).to_have_text("做完了！")

    code = site.value("SELECT short_code FROM manuals_manual")
    site.wait_until(site.is_processed, "the film of the mended words is made")
    television.goto(f"{site.url}/m/{code}/")
    press_until(television, "ArrowDown", "[data-name=video]")
    television.keyboard.press("Enter")
    expect(television.locator(".player__script")).to_have_text("字幕按讲稿")
    expect(television.locator("[data-name=play]")).to_be_focused()
    television.keyboard.press("Enter")
    film = television.locator("[data-video-element]")
    until(lambda: film.evaluate("film => film.currentTime") > 0.3)
    with urllib.request.urlopen(f"{site.url}/m/{code}/card.pdf", timeout=60) as answer:
        assert answer.read().startswith(b"%PDF-")
