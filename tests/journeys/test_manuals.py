"""A manual in a real browser: by remote from the first page to the end of a practice, by finger
without any script, and read aloud."""

import urllib.request

import pytest
from playwright.sync_api import expect

from tests.journeys.television import press_until

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture(scope="module")
def meter(site_of_manuals):
    """Where the blood-pressure meter's manual is."""
    return f"{site_of_manuals.url}/m/{site_of_manuals.codes['QH-21']}/"


def counted(site, what: str) -> int:
    """Of the steps of all manuals together."""
    column = {"views", "understood", "unclear"} & {what}
    total = f"SELECT sum({column.pop()}) FROM manuals_manualtally"
    return site.value(f"{total} WHERE step_id IS NOT NULL")


def test_by_remote_one_finds_a_manual_walks_through_it_and_practises(
    television, site_of_manuals, meter
):
    before = counted(site_of_manuals, "understood")
    television.goto(site_of_manuals.url)
    television.keyboard.press("8")
    expect(television.locator("h1")).to_have_text("找课和更多")
    television.keyboard.press("2")
    expect(television.locator("h1")).to_have_text("智能产品说明书")
    television.keyboard.press("1")
    expect(television.locator("h1")).to_have_text("您想做什么？")
    television.locator(".tile", has_text="怎么量血压").focus()
    television.keyboard.press("Enter")
    expect(television.locator(".manual-step__part--warning")).to_contain_text("别说话")
    press_until(television, "ArrowRight", "[data-name=yes]")
    television.keyboard.press("Enter")
    expect(television.locator("[role=status]").first).to_contain_text("记下了")
    assert counted(site_of_manuals, "understood") == before + 1
    for number in range(2, 7):
        expect(television.locator("[data-name=next]")).to_be_focused()
        television.keyboard.press("Enter")
        expect(television.locator(".masthead__label")).to_have_text(f"第{number}步，共6步")
    assert television.evaluate(
        "document.documentElement.scrollHeight <= window.innerHeight"
    )  # one step is one screen
    expect(television.locator("[data-name=next]")).to_be_focused()
    television.keyboard.press("Enter")
    expect(television.locator("h1")).to_contain_text("做完了")
    expect(television.locator("[data-name=to-manual]")).to_be_focused()
    television.keyboard.press("2")
    for number in range(1, 7):
        expect(television.locator(".play__place")).to_have_text(f"第{number}步，共6步")
        expect(television.locator(".widget--area").first).to_be_focused()
        television.keyboard.press("Enter")
    expect(television.locator(".play__say")).to_have_text("做完了！")
    television.keyboard.press("1")
    expect(television).to_have_url(meter)
    expect(television.locator(".manual-care")).to_be_visible()
    television.keyboard.press("Backspace")
    expect(television.locator("h1")).to_have_text("智能产品说明书")


def test_without_script_a_finger_reads_on_says_what_is_unclear_and_practises(
    browser, site_of_manuals, meter
):
    before = counted(site_of_manuals, "unclear")
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = context.new_page()
    page.goto(meter)
    page.tap(".tile >> nth=0")
    page.tap("[data-name=next]")
    page.tap("[data-name=no]")
    expect(page.locator(".manual-step__said")).to_contain_text("400-000-0021")
    assert counted(site_of_manuals, "unclear") == before + 1
    page.goto(meter + "1/practice/?screen=s4")
    page.tap("button.widget--area")
    expect(page.locator(".play__place")).to_have_text("第5步，共6步")
    context.close()


def test_a_step_is_read_aloud_the_warning_first(browser, meter):
    """Chromium without a voice says so; with one, it is given the sentences in their order."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        """
        window.said = [];
        window.SpeechSynthesisUtterance = function (text) { this.text = text; };
        Object.defineProperty(window, 'speechSynthesis', { value: {
          getVoices: () => [{ lang: 'zh-CN' }], cancel: () => {},
          speak: (one) => { window.said.push(one.text); one.onstart(); setTimeout(one.onend, 0); },
        } });
        """
    )
    page.goto(meter + "1/1/")
    page.keyboard.press("8")
    expect(page.locator("[data-read]")).to_contain_text("再听")
    assert page.evaluate("window.said") == [
        "小心：量的时候别说话，别跷腿。",
        "坐在椅子上，先歇五分钟。",
    ]
    context.close()


@pytest.mark.thorough("test_elder_pages lays out and reads both")
def test_the_card_and_all_of_it_are_printed(meter):
    for name in ("card.pdf", "manual.pdf"):
        with urllib.request.urlopen(meter + name, timeout=60) as answer:
            assert answer.headers["Content-Type"] == "application/pdf"
            assert answer.read().startswith(b"%PDF-")
