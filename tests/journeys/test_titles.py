"""Titles and goals are broken between words, and no sign stands alone on a line; on a television a
lesson opens at its top, with the focus on watching or listening."""

import pytest
from playwright.sync_api import Page

from courses.phrases import phrases_of, signs
from tests.journeys.phone import PHONE
from tests.journeys.television import SAFE_BOTTOM, TELEVISION, until

pytestmark = [pytest.mark.browser, pytest.mark.once]

#: Addresses of classrooms and of their lessons, and which these are; a page's path begins with the
#: site's home.
PAGES = """
SELECT substr(url_path, 6), id IN (SELECT page_ptr_id FROM courses_lessonpage)
FROM wagtailcore_page
WHERE live AND id IN (
    SELECT page_ptr_id FROM courses_classroompage UNION SELECT page_ptr_id FROM courses_lessonpage
) ORDER BY url_path
"""
#: How far the page is scrolled, where its title begins, and what is in focus.
OPENED = """() => [
  window.pageYOffset,
  document.querySelector('h1').getBoundingClientRect().top,
  document.activeElement.dataset.name,
]"""
TOLD = "main .tile__title, main .neighbour__title, .masthead__title, .masthead__line"
#: Of each such element its phrases, and the lines that a person sees, both as words.
LINES = """(told) => Array.from(document.querySelectorAll(told)).map((element) => {
  const lines = [];
  let [top, bottom] = [0, 0];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.parentElement.closest('.phrase')) continue;
    for (let at = 0; at < text.length; at += 1) {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const box = range.getBoundingClientRect();
      const isSame = lines.length && box.top < bottom && box.bottom > top;
      if (!isSame) [top, bottom] = [box.top, box.bottom];
      if (isSame) lines[lines.length - 1] += text.data[at];
      else lines.push(text.data[at]);
    }
  }
  return lines;
}).filter((lines) => lines.length)"""


@pytest.mark.parametrize("size", [
    pytest.param("large", marks=pytest.mark.thorough("the lines of the largest are the shortest")),
    pytest.param("larger", marks=pytest.mark.thorough("the lines of the largest are the shortest")),
    "largest",
])  # fmt: skip
@pytest.mark.parametrize("viewport", [TELEVISION, PHONE], ids=["television", "phone"])
def test_no_line_ends_inside_a_word_and_a_lesson_opens_at_its_top(
    browser, live_site, viewport, size
):
    """Of every lesson its page and its tile."""
    context = browser.new_context(viewport=viewport, locale="zh-CN")
    display = {"name": "display", "value": f"elder:{size}:light:off:1:zh-hans"}
    context.add_cookies([{**display, "url": live_site.url}])
    page = context.new_page()
    wrong, seen = [], set()
    for address, is_lesson in live_site.rows(PAGES):
        page.goto(live_site.url + address)
        if is_lesson and viewport == TELEVISION:
            wrong += wrong_opening(page, address)
        until(lambda: page.evaluate("document.fonts.ready.then(() => true)"))
        for lines in page.evaluate(LINES, TOLD):
            seen.add("".join(lines))
            wrong += wrong_lines(lines)
    context.close()
    titles = live_site.rows(
        "SELECT title FROM wagtailcore_page JOIN courses_lessonpage ON id = page_ptr_id"
    )
    assert {title for (title,) in titles} <= seen
    assert wrong == []


def wrong_opening(page: Page, address: str) -> list[str]:
    until(lambda: page.evaluate("document.activeElement !== document.body"))
    scrolled, title, focused = page.evaluate(OPENED)
    is_right = (
        scrolled == 0
        and title >= TELEVISION["height"] - SAFE_BOTTOM
        and focused in ("play", "to-reading")
    )
    return [] if is_right else [f"{address}: at {scrolled} px, title {title}, focus {focused}"]


def wrong_lines(lines: list[str]) -> list[str]:
    text = "".join(lines)
    pieces = [piece for phrase in phrases_of(text) for piece in phrase]
    ends = {len("".join(pieces[:number])) for number in range(1, len(pieces) + 1)}
    broken = [len("".join(lines[:number])) for number in range(1, len(lines) + 1)]
    inside = [f"{text}: inside a word at {place}" for place in broken if place not in ends]
    alone = [f"{text}: {line} alone" for line in lines if len(lines) > 1 and signs(line) < 2]
    return inside + alone
