"""An editor gives a step a drawing, looking at all of them, by the keyboard alone."""

import pytest
from playwright.sync_api import Browser, expect

pytestmark = [pytest.mark.browser, pytest.mark.once]

PASSWORD = "tuhua-xuanze-2026"  # of a site that ends with the test run
EDITOR = f"""
from django.contrib.auth import get_user_model
get_user_model().objects.create_superuser("tuhua", password="{PASSWORD}")
"""


def test_an_editor_chooses_a_drawing_by_keyboard_and_sees_it(browser: Browser, live_site):
    live_site.manage("shell", "-v0", "-c", EDITOR)
    [[lesson]] = live_site.rows("SELECT id FROM wagtailcore_page WHERE slug = 'qr-inside'")
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, locale="zh-CN")
    page.goto(f"{live_site.url}/admin/pages/{lesson}/edit/")
    page.fill("input[name=login]", "tuhua")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/admin/pages/{lesson}/edit/")
    first = page.locator("[data-contentpath=steps] [data-drawing-chooser]").first
    expect(first.locator("[data-shown] svg")).to_have_count(1)

    first.locator("[data-open]").focus()
    page.keyboard.press("Enter")
    board = page.locator("dialog.drawing-board")
    expect(board.locator("input[value=id-envelope]")).to_be_focused()  # what the step has now
    board.locator("[data-find]").fill("公交")
    expect(board.locator(".drawing-board__one:visible")).to_have_count(1)
    expect(board.locator("input[value=bus]")).to_be_checked()
    page.keyboard.press("Enter")
    expect(board).to_be_hidden()
    expect(first.locator("select")).to_have_value("bus")
    expect(first.locator("[data-open]")).to_be_focused()
    page.context.close()
