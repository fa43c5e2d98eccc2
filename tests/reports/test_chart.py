"""The chart in a real Chromium, under the site's own policy: it draws the table, and only that."""

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import expect, sync_playwright

from tests.chromium import launch
from tests.reports.reading import as_dicts, page_rows

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.once]

SITE = "http://yinling.test"
PAGE = "/reports/440103/?period=2026"


@pytest.fixture
def page_of_figures(as_, march):
    """Before the browser starts, since the database is not for its event loop."""
    return as_("city_officer").get(PAGE)


@pytest.fixture
def complaints():
    """What the browser's console has said."""
    return []


@pytest.fixture
def open_page(page_of_figures, complaints):
    """Opens it as the site sent it, headers and all; scripts and styles come from our folders."""

    def answer(route):
        path = urlsplit(route.request.url).path
        if path == urlsplit(PAGE).path:
            route.fulfill(
                body=page_of_figures.content,
                headers={
                    "Content-Type": "text/html; charset=utf-8",
                    "Content-Security-Policy": page_of_figures["Content-Security-Policy"],
                },
            )
        elif found := finders.find(path.removeprefix("/static/")):
            kind = mimetypes.guess_type(path)[0]
            route.fulfill(body=Path(found).read_bytes(), headers={"Content-Type": kind})
        else:
            route.fulfill(status=404)

    with sync_playwright() as playwright:
        browser = launch(playwright)

        def open_page(**context):
            page = browser.new_context(**context).new_page()
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.route("**/*", answer)
            page.goto(SITE + PAGE)
            return page

        yield open_page
        browser.close()


def test_the_chart_draws_what_the_table_says_and_nothing_is_refused(
    page_of_figures, open_page, complaints
):
    page = open_page(reduced_motion="reduce")
    chart = page.locator("[data-chart]").first
    expect(chart.locator("svg")).to_be_visible()
    drawn = chart.evaluate("box => echarts.getInstanceByDom(box).getOption()")
    months = as_dicts(page_rows(page_of_figures, "months"))
    expected = [None if row["到课人次"] == "—" else int(row["到课人次"]) for row in months.values()]
    assert expected.count(None) == 11
    assert [series["name"] for series in drawn["series"]] == ["到课人次", "学员人数"]
    assert drawn["series"][0]["data"] == expected
    assert drawn["animation"] is False
    # ECharts says what it shows on hover as HTML unless told otherwise, and our policy refuses it.
    chart.evaluate(
        "box => echarts.getInstanceByDom(box).on("
        "'updateAxisPointer', () => { document.body.dataset.pointed = 'yes'; })"
    )
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.6)
    expect(page.locator("body[data-pointed]")).to_be_attached()
    assert complaints == []


def test_without_scripts_the_table_is_enough(open_page):
    page = open_page(java_script_enabled=False)
    expect(page.locator("#months")).to_be_visible()
    expect(page.locator("[data-chart]").first).to_be_hidden()


def test_a_screen_reader_is_given_the_table_and_not_the_picture(open_page):
    page = open_page()
    expect(page.locator("[data-chart] svg").first).to_be_visible()
    assert page.locator("[data-chart]").evaluate_all(
        "boxes => boxes.map(box => box.getAttribute('aria-hidden'))"
    ) == ["true", "true"]
    expect(page.get_by_role("table", name="逐月的数字")).to_be_visible()


def test_a_phone_is_not_scrolled_sideways(open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    expect(page.locator("[data-chart] svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator(".spread").first.evaluate("box => box.scrollWidth > box.clientWidth")
