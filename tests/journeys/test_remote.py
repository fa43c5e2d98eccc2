"""The remote control never misleads: a held key is one press, a page opens at its top, down goes
forward, and Back goes where one came from."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.cable import Cable
from tests.journeys.learner_pages import PAGES, addresses
from tests.journeys.television import SAFE_BOTTOM, until

pytestmark = [pytest.mark.browser, pytest.mark.once]

FILM_LESSON = "/smart-tech/scan-to-pay/"
READ_LESSON = "/digital-life/book-doctor/"
#: What nobody may be led past. One that stands beside something that was met is reached sideways,
#: and so is a key of a pad.
MAIN_THINGS = "main .button--main, main [rel=next], main summary, main [data-first-focus]"
#: The box has its page for the night.
KEPT = "navigator.serviceWorker.getRegistration().then(it => Boolean(it && it.active))"
LOOK = """() => {
  const active = document.activeElement;
  const box = active.getBoundingClientRect();
  window.met = window.met || [];
  const before = window.met.indexOf(active);
  if (before < 0) window.met.push(active);
  return {
    place: [window.met.indexOf(active), window.pageYOffset],
    name: active.dataset.name || active.textContent.trim().slice(0, 12),
    backward: active.matches('[data-back], [rel=prev]'),
    bottom: Math.round(box.bottom), hidden: box.bottom < 0 || box.top > window.innerHeight,
  };
}"""
MISSED = """things => {
  const boxes = window.met.map(one => [one.getBoundingClientRect(), one]);
  return Array.from(document.querySelectorAll(things)).filter(thing => {
    const box = thing.getBoundingClientRect();
    const beside = ([met]) => met.top < box.bottom && box.top < met.bottom;
    return box.width && box.height && box.top >= boxes[0][0].top && !boxes.some(beside);
  }).map(thing => thing.dataset.name || thing.textContent.trim());
}"""


@pytest.fixture(scope="module")
def site(site_of_manuals):
    site_of_manuals.manage("import_units", "lms/units/data/units-guangzhou.csv", "--if-empty")
    return site_of_manuals


def opened(page: Page, address: str) -> dict:
    page.goto(address)
    page.wait_for_load_state()
    until(lambda: page.evaluate("document.activeElement !== document.body"))
    return page.evaluate(LOOK)


def hold(page: Page, key: str) -> None:
    """As long as the page that it opens takes, and longer; Chromium marks what comes again."""
    page.keyboard.down(key)
    for _ in range(20):
        page.wait_for_timeout(33)  # as a remote repeats it: this is the key's rhythm, and no wait
        page.keyboard.down(key)
    page.wait_for_load_state()
    for _ in range(20):
        page.keyboard.down(key)
    page.keyboard.up(key)


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        (FILM_LESSON, "Escape", "/smart-tech/"),
        ("/", "2", "/smart-tech/"),
        ("/anti-fraud/", "Enter", "/anti-fraud/stop-unknown-call/"),
    ],
)
def test_a_key_that_is_held_is_one_press(television, site, start, key, end):
    opened(television, site.url + start)
    hold(television, key)
    television.wait_for_url(lambda url: url.split("?")[0] == site.url + end)
    television.wait_for_load_state()
    assert television.url.split("?")[0] == site.url + end


@pytest.mark.parametrize("arrow", ["ArrowRight", "ArrowUp"])
def test_an_arrow_before_the_page_is_whole_goes_where_the_page_opens(television, site, arrow):
    """A slow picture keeps a page from being whole; somebody presses all the same."""
    step = f"{site.url}/m/{site.codes['QH-21']}/1/1/"
    held: list[Route] = []
    television.route(
        "**/*", lambda route: held.append(route) if is_picture(route) else route.fallback()
    )
    television.goto(step, wait_until="commit")
    until(lambda: pressed(television, arrow))
    assert held
    assert television.evaluate("document.readyState") != "complete"
    expect(television.locator("[data-name=next]")).to_be_focused()
    for picture in held:
        picture.fulfill(status=404)
    television.wait_for_load_state()
    expect(television.locator("[data-name=next]")).to_be_focused()


def is_picture(route: Route) -> bool:
    return route.request.resource_type == "image"


def pressed(page: Page, arrow: str) -> bool:
    """Whether something is in focus after one more press: the page's script listens by then."""
    page.keyboard.press(arrow)
    return page.evaluate(
        "Boolean(document.activeElement) && document.activeElement !== document.body"
    )


def test_down_alone_goes_forward_and_passes_nothing_by(television, site):
    """Over every kind of page, from where it opens to its end."""
    wrong = []
    for page, address in zip(PAGES, addresses(site, PAGES), strict=True):
        wrong += [f"{page}: {each}" for each in walked_down(television, address)]
    assert wrong == []


def walked_down(page: Page, address: str) -> list[str]:
    """What is wrong with the page."""
    look = opened(page, address)
    wrong = [f"opens at {look['place'][1]} px"] if look["place"][1] else []
    for _ in range(80):
        before = look["place"]
        page.keyboard.press("ArrowDown")
        look = page.evaluate(LOOK)
        if look["place"] == before:
            break
        if look["place"][0] == before[0]:
            continue  # what lies between is read
        if look["place"][0] < before[0]:
            return [*wrong, f"leads in a circle by {look['name']}"]
        if look["backward"] and page.locator("main [rel=next]:visible").count():
            wrong.append(f"leads back by {look['name']}")
        if look["hidden"] or look["bottom"] > SAFE_BOTTOM:
            wrong.append(f"{look['name']} ends at {look['bottom']} px")
    missed = [] if page.locator("[data-number-pad]").count() else page.evaluate(MISSED, MAIN_THINGS)
    return [*wrong, *(f"passes {name} by" for name in missed)]


def test_back_from_what_was_found_is_at_what_was_found(television, site):
    opened(television, site.url + "/search/?q=gh")
    television.keyboard.press("1")
    television.wait_for_url("**" + READ_LESSON)
    expect(television.locator("[data-name=to-reading]")).to_be_focused()
    television.keyboard.press("Escape")
    television.wait_for_url("**/search/?q=gh")
    expect(television.locator(".tile--found").first).to_be_focused()


def test_back_from_a_practice_is_at_its_door_in_the_lesson_and_then_where_one_came_from(
    television, site
):
    opened(television, site.url + FILM_LESSON)
    opened(television, site.url + "/")
    television.keyboard.press("5")
    television.wait_for_url("**" + FILM_LESSON)
    television.wait_for_load_state()
    television.locator("[data-name=practice]").focus()
    television.keyboard.press("Enter")
    television.wait_for_url("**/practice/")
    expect(television.locator("[data-back]")).to_be_visible()
    television.wait_for_load_state()
    television.keyboard.press("Escape")
    television.wait_for_url("**" + FILM_LESSON)
    expect(television.locator("[data-name=practice]")).to_be_focused()
    television.keyboard.press("Escape")
    television.wait_for_url(site.url + "/")
    expect(television.locator("[data-name=go-on]")).to_be_focused()


def test_back_rubs_out_the_last_digit_and_leaves_when_none_is_left(television, site):
    opened(television, site.url + "/help/call/?next=/more/")
    television.keyboard.type("13")
    for left in ("1", ""):
        television.keyboard.press("Escape")
        expect(television.locator("[data-shown]")).to_have_text(left)
    television.keyboard.press("Escape")
    television.wait_for_url(lambda url: "/help/call/" not in url)


def test_back_after_a_lesson_that_was_opened_from_its_classroom_is_there(television, site):
    opened(television, site.url + "/search/?q=gh")
    television.keyboard.press("1")
    television.wait_for_url("**" + READ_LESSON)
    opened(television, site.url + "/digital-life/")
    television.locator(f"[href='{READ_LESSON}']").click()
    television.wait_for_url("**" + READ_LESSON)
    television.wait_for_load_state()
    television.keyboard.press("Escape")
    television.wait_for_url("**/digital-life/")


def test_a_box_without_a_network_shows_a_page_of_ours_and_goes_on_by_itself(television, site):
    line = Cable(urlsplit(site.url).port, cuts=[], on_cut=lambda: None)
    television.goto(line.url + "/tv/start/")
    television.wait_for_url(line.url + "/")
    until(lambda: television.evaluate(KEPT))
    line.break_off()
    television.goto(line.url + "/science/")
    expect(television.locator("[data-said]")).to_contain_text("网络还没有通")
    line.mend()
    expect(television.locator("h1")).to_have_text("科普知识进课堂")
    line.close()


def test_a_television_that_began_anywhere_has_that_page_too_and_finds_back(television, site):
    line = Cable(urlsplit(site.url).port, cuts=[], on_cut=lambda: None)
    opened(television, line.url + FILM_LESSON)
    until(lambda: television.evaluate(KEPT))
    line.break_off()
    television.locator("[data-name=to-quiz]").evaluate("button => button.form.submit()")
    again = television.locator("[data-name=go-on]")
    expect(television.locator("[data-said]")).to_contain_text("网络还没有通")
    assert television.url == line.url + FILM_LESSON, "where the form was pressed"
    expect(again).to_be_focused()
    television.keyboard.press("Enter")
    expect(again).to_be_focused()
    line.mend()
    television.keyboard.press("Enter")
    expect(television.locator("h1")).to_have_text("扫码付钱，看清再按")
    line.close()


@pytest.mark.parametrize(("width", "version"), [(390, "elder"), (1920, "standard")])
def test_a_phone_and_who_wants_no_large_print_keep_nothing(television, site, width, version):
    cookie = {"name": "display", "value": f"{version}:large:light:off:1:zh-hans", "url": site.url}
    television.context.add_cookies([cookie])
    television.set_viewport_size({"width": width, "height": 844})
    opened(television, site.url + FILM_LESSON)
    television.wait_for_load_state("networkidle")
    assert not television.evaluate("navigator.serviceWorker.getRegistration().then(Boolean)")
