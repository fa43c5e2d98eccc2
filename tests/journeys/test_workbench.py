"""The writing desk in a browser: it saves by itself, loses nothing, and is put in order by hand."""

import json
import re

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.television import until
from tests.manuals.exchange.made_files import LAYOUTS, package_of

pytestmark = [pytest.mark.browser, pytest.mark.once]

DESK: ViewportSize = {"width": 1440, "height": 900}

#: A manufacturer with two people, and a draft of one task with three steps; prints the cookie of
#: each.
MAKERS = """
import json
from io import BytesIO
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from lms.manuals.models import Membership, Organisation
from lms.manuals.editor.services import writing
from lms.manuals.editor.services.pictures import keep_picture
from lms.manuals.editor.services.products import add_product
from lms.manuals.editor.services.versions import start_manual
people = get_user_model().objects
maker, colleague = (people.create_user(name) for name in ("desk1", "desk2"))
organisation = Organisation.objects.create(
    name="康乐医疗器械有限公司", code="91990000MA0QHPKA19", state="active", contact="黎明",
    telephone="020-81234567", email="a@example.cn", applied_at=timezone.now())
for person in (maker, colleague):
    Membership.objects.create(organisation=organisation, user=person)
product = add_product(
    organisation=organisation, brand="康乐", model="KL-1", name="手机", kind="phone")
draft = start_manual(product=product, by=maker, title="大字手机怎么用").open_version()
file = BytesIO()
Image.new("RGB", (640, 480), "#d8e6df").save(file, "PNG")
picture = keep_picture(organisation=organisation, file=ContentFile(file.getvalue()))
task = writing.add_task(draft, title="怎么接电话")
for words in ("按绿色的键。", "把手机放到耳边。", "说完按红色的键。"):
    writing.add_step(task, words=words, picture=picture, alt="手机正面，绿色的键亮着")
keys = {}
for person in (maker, colleague):
    client = Client()
    client.force_login(person)
    keys[person.username] = client.cookies["sessionid"].value
print(json.dumps(keys))
"""


@pytest.fixture(scope="module")
def site(empty_site):
    empty_site.go_on()
    return empty_site


@pytest.fixture(scope="module")
def keys(site) -> dict[str, str]:
    return json.loads(site.manage("shell", "-v0", "-c", MAKERS).splitlines()[-1])


@pytest.fixture
def sit_down(browser: Browser, site, keys):
    """A person before the desk; a script error on it fails the test."""
    contexts, errors = [], []

    def sit_down(name: str = "desk1", **options) -> Page:
        context = browser.new_context(viewport=DESK, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        context.add_cookies([{"name": "sessionid", "value": keys[name], "url": site.url}])
        page.goto(site.url + "/workbench/")
        page.get_by_role("link", name="接着写").click()
        page.wait_for_url("**/write/")
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert errors == []


def words(page: Page, number: int):
    return page.locator(".step .box-field--main textarea").nth(number)


def expect_words(page: Page, *expected: str) -> None:
    boxes = page.locator(".step .box-field--main textarea")
    expect(boxes).to_have_count(len(expected))
    for number, each in enumerate(expected):
        expect(boxes.nth(number)).to_have_value(each)


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_have_text("都存好了")


def test_it_saves_by_itself_and_a_press_puts_a_word_right(sit_down):
    page = sit_down()
    words(page, 0).fill("请务必按绿色的键。")
    advice = page.locator(".step").first.locator(".hint-item")
    expect(advice).to_contain_text("“请务必”是公文话")  # nobody pressed anything
    expect_saved(page)
    advice.get_by_role("button").click()
    expect(words(page, 0)).to_have_value("一定要按绿色的键。")
    expect(page.locator(".step").first.locator(".hints__none")).to_be_visible()
    words(page, 0).fill("按绿色的键。")
    page.get_by_role("link", name="交审核").click()  # at once: it waits for the words
    page.wait_for_url("**/hand-in/")
    page.go_back()
    expect_words(page, "按绿色的键。", "把手机放到耳边。", "说完按红色的键。")


def test_steps_are_put_in_order_by_drag_by_key_and_by_button(sit_down):
    page = sit_down()
    handles = page.locator(".step [data-handle]")
    handles.first.scroll_into_view_if_needed()
    one, three = handles.first.bounding_box(), page.locator(".step").nth(2).bounding_box()
    page.mouse.move(one["x"] + 5, one["y"] + 5)
    page.mouse.down()
    page.mouse.move(one["x"] + 5, min(three["y"] + 60, 890), steps=12)
    expect_words(page, "把手机放到耳边。", "说完按红色的键。", "按绿色的键。")
    page.mouse.up()
    expect_saved(page)
    handles.nth(2).focus()
    page.keyboard.press("ArrowUp")
    expect_words(page, "把手机放到耳边。", "按绿色的键。", "说完按红色的键。")
    expect(handles.nth(1)).to_be_focused()
    page.get_by_role("button", name="第2步上移").click()
    expect_words(page, "按绿色的键。", "把手机放到耳边。", "说完按红色的键。")
    page.reload()
    expect_words(page, "按绿色的键。", "把手机放到耳边。", "说完按红色的键。")


def test_a_step_gets_a_picture_with_a_frame_drawn_by_hand(sit_down, tmp_path):
    page = sit_down()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="加一步").click()
    step = page.locator(".step").nth(3)
    expect(step.locator("textarea").first).to_be_focused()
    page.keyboard.type("挂好手机。")
    picture = tmp_path / "手机.png"
    Image.new("RGB", (400, 300), "#f2e3c6").save(picture)
    step.locator("[data-brings]").set_input_files(picture)
    shot = step.locator(".shot")
    expect(shot.locator("img")).to_be_visible()
    expect(words(page, 3)).to_have_value("挂好手机。")
    shot.scroll_into_view_if_needed()
    frame = shot.bounding_box()

    def at(x: float, y: float) -> tuple[float, float]:
        return frame["x"] + frame["width"] * x / 100, frame["y"] + frame["height"] * y / 100

    page.mouse.move(*at(20, 30))
    page.mouse.down()
    page.mouse.move(*at(60, 50), steps=5)
    page.mouse.up()
    box = shot.locator(".shot__box")
    drawn = re.compile(r"^(19|20|21) (29|30|31) (39|40|41) (19|20|21)$")
    expect(box).to_have_attribute("aria-label", drawn)
    box.focus()
    page.keyboard.press("ArrowRight")
    expect_saved(page)
    page.reload()
    numbers = step.locator("[name$=-marker_x]")
    assert numbers.input_value() in {"20", "21", "22"}
    step.locator(".numbers summary").click()
    numbers.fill("35")  # the numbers work alone, and the frame follows
    expect(box).to_have_attribute("style", re.compile("left: 35%"))
    page.get_by_role("button", name="删掉第4步").click()
    expect(page.locator(".step")).to_have_count(3)


#: A route that is refused would not hold what a window sends as it closes.
NOTHING_LEAVES = "() => { window.fetch = () => Promise.reject(new TypeError('no network')) }"


def test_nothing_is_lost_with_the_network_nor_with_the_window(sit_down):
    page = sit_down()
    page.context.set_offline(True)
    words(page, 1).fill("把手机贴着耳朵。")
    expect(page.locator("[data-state]")).to_contain_text("网络不通")
    page.context.set_offline(False)  # it tries again by itself
    expect_saved(page)
    page.evaluate(NOTHING_LEAVES)
    words(page, 1).fill("把手机放到耳边。")
    expect(page.locator("[data-state]")).to_contain_text("网络不通")
    url = page.url
    page.goto("about:blank")  # the window is closed with the words unsaved
    page.goto(url)
    expect(page.locator(".notice")).to_contain_text("已经放回来了")
    expect_saved(page)
    page.reload()
    expect(words(page, 1)).to_have_value("把手机放到耳边。")


def test_two_people_at_one_step_see_each_others_words(sit_down):
    mine, theirs = sit_down(), sit_down("desk2")
    words(theirs, 2).fill("说完了，按红键。")
    expect_saved(theirs)
    words(mine, 2).fill("说完话，按红键。")
    box = mine.locator(".theirs")
    expect(box).to_contain_text("说完了，按红键。")
    words(mine, 0).press("End")  # what else he writes is saved meanwhile
    box.get_by_role("button", name="用我的").click()
    expect_saved(mine)
    expect(box).to_have_count(0)
    words(theirs, 0).fill("按绿键。")
    expect(theirs.locator(".notice")).to_contain_text("同事刚改过这份说明书")
    theirs.locator(".notice a").click()
    expect_words(theirs, "按绿键。", "把手机放到耳边。", "说完话，按红键。")


PASTE = """(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const told = { clipboardData, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", told));
}"""


def test_pasted_lines_become_steps_that_are_split_undone_and_given_a_picture(sit_down, tmp_path):
    page = sit_down()
    whole = ("按绿色的键。", "把手机放到耳边。", "说完按红色的键。")
    for number, each in enumerate(whole):
        words(page, number).fill(each)
    expect_saved(page)
    words(page, 2).focus()
    page.evaluate(PASTE, "1. 打开盒子。\n2. 拿出手机，按右边的键。")
    expect_words(page, *whole)  # nothing before one says how
    page.get_by_role("button", name="变成2步").click()
    expect_words(page, *whole, "打开盒子。", "拿出手机，按右边的键。")
    words(page, 4).focus()
    words(page, 4).evaluate("(box) => box.setSelectionRange(5, 5)")
    menu = page.locator(".step").nth(4).locator("details.more")
    menu.locator("summary").click()
    menu.get_by_role("button", name="拆成两步").click()
    expect_words(page, *whole, "打开盒子。", "拿出手机。", "按右边的键。")
    page.get_by_role("button", name="删掉第4步").click()
    expect_words(page, *whole, "拿出手机。", "按右边的键。")
    page.reload()
    page.get_by_role("button", name="撤销：删除").click()
    expect_words(page, *whole, "打开盒子。", "拿出手机。", "按右边的键。")
    for number in (4, 5):
        Image.new("RGB", (640, 480), "tan").save(tmp_path / f"{number}.png")
    many = [tmp_path / "4.png", tmp_path / "5.png"]
    page.locator("[data-brings-many]").set_input_files(many)
    expect(page.locator(".step .shot__image")).to_have_count(5)
    page.locator(".step").nth(5).get_by_role("link", name="从图库选").click()
    page.locator("dialog .library__choose").last.click()
    expect(page.locator(".step .shot__image")).to_have_count(6)
    for _step in range(3):
        page.get_by_role("button", name="删掉第4步").click()
        expect_saved(page)
    expect_words(page, *whole)


def test_without_a_script_it_is_a_form_with_buttons(sit_down):
    page = sit_down(java_script_enabled=False)
    words(page, 0).fill("按绿色的键。")
    words(page, 2).fill("说完按红色的键。")
    page.get_by_role("button", name="保存").last.click()
    page.get_by_role("button", name="第3步上移").click()
    expect_words(page, "按绿色的键。", "说完按红色的键。", "把手机放到耳边。")
    page.get_by_role("button", name="第2步下移").click()
    expect_words(page, "按绿色的键。", "把手机放到耳边。", "说完按红色的键。")
    expect(page.locator(".shot__marker, .shot img").first).to_be_visible()


@pytest.mark.thorough(
    "test_original_pages makes the same draft by the same forms and shows its pages"
)
def test_a_file_becomes_a_draft_with_its_page_beside_each_step(sit_down, tmp_path):
    """The last of this module: it leaves a second draft."""
    file = tmp_path / "说明书.pdf"
    file.write_bytes(LAYOUTS["booklet"].make(package_of("speaker")))
    page = sit_down()
    page.goto(page.url.partition("/workbench/")[0] + "/workbench/")
    page.get_by_role("link", name="从说明书文件开始").click()
    page.get_by_label("说明书文件").set_input_files(file)
    page.get_by_role("button", name="读这个文件").click()
    expect(page.get_by_role("heading", name="读好了")).to_be_visible(timeout=90_000)
    expect(page.get_by_label("型号")).to_have_value("SY-9")
    page.get_by_label("品牌").fill("康乐")
    page.get_by_label("类别").select_option("speaker")
    page.get_by_role("button", name="做成草稿").click()
    page.wait_for_url("**/write/")
    step = page.locator(".step").first
    expect(step.locator(".shot__image")).to_be_visible()
    leaf = step.get_by_role("group", name="原来的第2页").locator("img")
    leaf.scroll_into_view_if_needed()
    until(lambda: leaf.evaluate("image => image.naturalWidth") > 600)
    words(page, 0).fill("先叫一声“小影”。")
    expect_saved(page)
    page.reload()
    expect(words(page, 0)).to_have_value("先叫一声“小影”。")
