"""An editor sees which words go with which scene of a lesson's film, moves a border by key, and
publishes it."""

import json

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.once]

SLUG = "qr-inside"
PASSWORD = "fenjing-kan-2026"  # of a site that ends with the test run
EDITOR = f"""
from django.contrib.auth import get_user_model
get_user_model().objects.create_superuser("fenjing", password="{PASSWORD}")
"""
#: Scenes are drawn on a machine that does other things too.
DRAWN_MS = 120_000


def clauses_of(scene: Locator) -> Locator:
    return scene.locator("[data-clause]")


def open_storyboard(page: Page, url: str) -> Locator:
    page.goto(url)
    page.locator(".storyboard").scroll_into_view_if_needed()
    scenes = page.locator("[data-scene]")
    expect(scenes.first).to_be_visible(timeout=DRAWN_MS)
    return scenes


@pytest.mark.thorough("test_storyboard_panel moves and publishes one; its keys: here alone")
def test_an_editor_moves_a_border_by_key_and_it_is_published(browser: Browser, live_site):
    live_site.manage("shell", "-v0", "-c", EDITOR)
    [[lesson]] = live_site.rows(f"SELECT id FROM wagtailcore_page WHERE slug = '{SLUG}'")
    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    address = f"{live_site.url}/admin/pages/{lesson}/edit/"
    page.goto(address)
    page.fill("input[name=login]", "fenjing")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(address)

    scenes = open_storyboard(page, address)
    everything = clauses_of(page.locator(".storyboard")).all_inner_texts()
    above, below = scenes.nth(1), scenes.nth(2)
    taken = clauses_of(below).first.inner_text()
    handle = below.locator("[data-handle]")
    handle.focus()
    page.keyboard.press("ArrowDown")
    expect(clauses_of(above).last).to_have_text(taken)
    expect(handle).to_be_focused()
    expect(handle).to_contain_text("您挪的")
    expect(page.locator(".storyboard__state")).to_contain_text("您挪了 1 处", timeout=DRAWN_MS)
    expect(handle).to_be_focused()  # though the board has been drawn anew
    assert clauses_of(page.locator(".storyboard")).all_inner_texts() == everything

    page.keyboard.press("Delete")  # back to the machine's, and by the button once more
    expect(clauses_of(below).first).to_have_text(taken)
    below.get_by_role("button", name="往下挪一句").click()
    expect(clauses_of(above).last).to_have_text(taken)

    page.locator(".storyboard__play").click()
    film = page.locator(".storyboard-film")
    expect(film.locator("[data-picture]")).to_be_visible()
    expect(film.locator("[data-cue]")).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(film).to_be_hidden()

    page.locator(".footer__container [data-w-dropdown-target=toggle]").click()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("已发布", timeout=30_000)
    scenes = open_storyboard(page, address)
    expect(page.locator(".storyboard__state")).to_contain_text("您挪了 1 处")
    expect(clauses_of(scenes.nth(1)).last).to_have_text(taken)
    [[kept]] = live_site.rows(
        f"SELECT scene_borders FROM courses_lessonpage WHERE page_ptr_id = {lesson}"
    )
    [border] = json.loads(kept) if isinstance(kept, str) else kept
    assert border["clause"] == clauses_of(scenes.nth(2)).first.inner_text()
    page.context.close()
    assert errors == []
