"""One manual's whole way: a factory applies and is let in, brings the Word file it has, mends what
elders would not understand, sees the film; two people judge it, since it is a medical product; the
code that is printed on the box opens it on the television, where it is followed, practised and
watched. Being returned, and mending then: tests/manuals/test_review.py."""

import io
import re
import time
import urllib.request
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import zxingcpp
from allauth.mfa.totp.internal import auth as totp
from docx import Document as WordFile
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.conftest import WAIT_SECONDS, Site
from tests.journeys.television import TELEVISION, press_until, until, until_film

pytestmark = [pytest.mark.browser, pytest.mark.once]

PASSWORD = "qing-he-2026-po"  # of a site that ends with the test run
DESK: ViewportSize = {"width": 1440, "height": 900}
CODE = "91990000MA0QHPKA19"  # no region begins with 99
REVIEWERS = f"""
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
for name in ("reviewer1", "reviewer2"):
    reviewer = get_user_model().objects.create_user(name, password="{PASSWORD}")
    reviewer.groups.add(Group.objects.get(name="说明书审核员"))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Where who works must show a second factor, and manuals become films, as in production."""
    site = Site(tmp_path_factory.mktemp("makers"), STAFF_SECOND_FACTOR="1", MANUAL_FILMS="1")
    try:
        site.migrate()
        site.manage("shell", "-v0", "-c", REVIEWERS)
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
    """Draws what a camera would see: a thing with a red key."""
    path = tmp_path / "血压计.png"
    picture = Image.new("RGB", (800, 600), "#eef3f0")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((220, 120, 580, 520), 40, fill="#9fb8b0")
    draw.ellipse((360, 420, 440, 500), fill="#b3261e")
    picture.save(path)
    return path


@pytest.fixture
def word_file(tmp_path, photograph):
    """The manual as the factory has it: its first step is none that an elder understands."""
    file = WordFile()
    file.add_heading("晴禾坡血压计使用说明书", 0)
    file.add_paragraph("品牌：晴禾坡")
    file.add_paragraph("型号：QH-5")
    file.add_paragraph("客服电话：400-000-0021")
    file.add_heading("安全注意事项", 1)
    file.add_paragraph("手臂有伤，别绑这只手臂。")
    file.add_heading("怎么量血压", 1)
    for words in ("1. 请务必通过APP完成配网。", "2. 按一下红色的圆钮。"):
        file.add_paragraph(words)
        run = file.add_paragraph().add_run()
        run.add_picture(str(photograph), width=3 * 914400)
        run._r.find(".//{*}docPr").set("descr", "血压计的正面，红色的圆钮亮着")
    file.add_paragraph("应看到：红灯亮了。")
    data = io.BytesIO()
    file.save(data)
    path = tmp_path / "说明书.docx"
    path.write_bytes(data.getvalue())
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


def bring(page: Page, word_file) -> None:
    """The file becomes a draft."""
    follow(page, "从说明书文件开始")
    page.get_by_label("说明书文件").set_input_files(word_file)
    press(page, "读这个文件")
    expect(page.get_by_role("heading", name="读好了")).to_be_visible(timeout=WAIT_SECONDS * 1000)
    expect(page.get_by_label("型号")).to_have_value("QH-5")
    page.get_by_label("类别").select_option("medical")
    press(page, "做成草稿")


def complete(page: Page) -> None:
    """What no file tells: the days; and where to press."""
    today = date.today()  # noqa: DTZ011 - as the calendar on the wall says
    fill(page.get_by_label("核对日期"), f"{today}")
    fill(page.get_by_label("下次核对"), f"{today + timedelta(days=300)}")
    expect(page.locator(".step")).to_have_count(2)
    draw_frame(page, page.locator(".step .shot").nth(1))
    expect_saved(page)


def fill(box, words: str) -> None:
    box.fill(words)
    expect(box).to_have_value(words)


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


def sign_in(page: Page, site: Site, name: str) -> None:
    page.goto(site.url + "/admin/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    set_up_second_factor(page)


def open_review(page: Page, site: Site) -> None:
    page.goto(site.url + "/admin/snippets/manuals/manual/?show=waiting")
    follow(page, "晴禾坡血压计使用说明书")


def on_the_box(page: Page, site: Site) -> str:
    """The address in what the factory takes to the printer."""
    page.goto(site.url + "/workbench/")
    follow(page, "晴禾坡血压计使用说明书")
    follow(page, "拿去印的方块图")
    with page.expect_download() as saved:
        page.get_by_role("link", name=re.compile("PNG")).first.click()
    with Image.open(saved.value.path()) as picture:
        return zxingcpp.read_barcode(picture).text


@pytest.mark.thorough(
    "a minute of CPU, most of it the film; its halves stand in: test_workbench.py (a file becomes a"
    " draft), tests/manuals/test_review.py (two people), test_box_codes.py, test_manuals.py"
)
def test_a_manual_comes_from_the_factory_to_the_elder(site, windows, photograph, word_file):
    maker, first, second = windows(DESK), windows(DESK), windows(DESK)

    maker.goto(site.url + "/manufacturers/")
    apply(maker, photograph)
    sign_in(first, site, "reviewer1")
    follow(first, "厂商")
    follow(first, "晴禾坡家用电器有限公司")
    press(first, "通过")

    maker.reload()
    follow(maker, "加一道锁，进工作台")
    set_up_second_factor(maker)
    bring(maker, word_file)
    complete(maker)
    follow(maker, "交审核")
    expect(maker.locator("#stops")).to_have_text(re.compile("还有.+处要改"))
    expect(maker.locator(".mends").first).to_contain_text("APP")
    follow(maker, "去改")
    fill(maker.get_by_label("这一步做什么").first, "把胳膊放在桌上。")
    expect_saved(maker)
    follow(maker, "看影片")
    expect(maker.locator("[data-stage=film]")).to_be_visible()
    see_film(maker)
    follow(maker, "检查，交审核")
    press(maker, "交审核")

    open_review(first, site)
    see_film(first)
    press(first, "通过")
    open_review(first, site)
    expect(first.locator("main")).to_contain_text("请另一个人审")
    expect(first.get_by_role("button", name="通过", exact=True)).to_have_count(0)
    sign_in(second, site, "reviewer2")
    open_review(second, site)
    second.locator("#note").fill("手臂的提醒写得清楚。")
    press(second, "通过")
    expect(second.locator(".messages")).to_contain_text("已经上线")

    printed = urlsplit(on_the_box(maker, site)).path
    code = printed.strip("/").rpartition("/")[2]
    television = windows(TELEVISION)
    television.goto(site.url + "/m/")
    for sign in code:
        television.locator(f"[data-name='pad-{sign}']").focus()
        television.keyboard.press("Enter")
    television.locator("[data-name=go]").focus()
    television.keyboard.press("Enter")
    expect(television.locator("h1")).to_contain_text("血压计")
    address = television.url
    assert urlsplit(address).path == printed
    expect(television.locator(".tile:focus")).to_contain_text("怎么量血压")
    television.keyboard.press("Enter")
    expect(television.locator(".manual-step")).to_contain_text("把胳膊放在桌上。")
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

    site.wait_until(site.is_processed, "the film is there")
    television.goto(address)
    press_until(television, "ArrowDown", "[data-name=video]")
    television.keyboard.press("Enter")
    expect(television.locator(".player__script")).to_have_text("字幕按讲稿")
    expect(television.locator("[data-name=play]")).to_be_focused()
    television.keyboard.press("Enter")
    film = television.locator("[data-video-element]")
    until(lambda: film.evaluate("film => film.currentTime") > 0.3)
    with urllib.request.urlopen(f"{address}card.pdf", timeout=60) as answer:
        assert answer.read().startswith(b"%PDF-")
