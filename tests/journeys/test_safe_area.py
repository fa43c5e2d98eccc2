"""What a television cuts off, 5 % at each edge, holds nothing, whatever size of text was chosen."""

import pytest
from playwright.sync_api import Page

from tests.journeys.learner_pages import OWN_PAGES, PAGES, addresses
from tests.journeys.television import until

pytestmark = [pytest.mark.browser, pytest.mark.once]

#: What stands outside: at the sides and the top wherever it is, at the bottom once the page is
#: scrolled to its end; and each thing that does not come inside when it takes the focus.
OUTSIDE = """() => {
  const [width, height, most] = [window.innerWidth, window.innerHeight, 1];
  const left = width * 0.05 - most;
  const right = width * 0.95 + most;
  const top = height * 0.05 - most;
  const bottom = height * 0.95 + most;
  const wrong = [];
  const isShown = element => {
    const style = window.getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const clipped = style.clip !== 'auto' || style.clipPath !== 'none';
    return style.visibility === 'visible' && !clipped && box.width > 1 && box.height > 1;
  };
  const texts = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (!text.data.trim() || !isShown(text.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const box of range.getClientRects()) {
        if (box.width > 1) found.push([text.data.trim(), box]);
      }
    }
    return found;
  };
  const pressed = Array.from(
    document.querySelectorAll('a[href], button, summary, input, select, textarea, [tabindex="0"]'),
  ).filter(element => !element.disabled && isShown(element));
  const nameOf = element => element.dataset.name || element.textContent.trim().slice(0, 12);

  const active = document.activeElement;
  const first = active.getBoundingClientRect();
  if (window.pageYOffset) wrong.push('opens at ' + window.pageYOffset + ' px');
  if (first.bottom > bottom && first.top > height / 2) wrong.push('the first focus is below');
  const boxes = () => pressed.map(element => [nameOf(element), element.getBoundingClientRect()]);
  for (const [words, box] of texts().concat(boxes())) {
    if (box.left < left || box.right > right || box.top < top) wrong.push('beside: ' + words);
  }
  window.scrollTo(0, document.documentElement.scrollHeight);
  for (const [words, box] of texts().concat(boxes())) {
    if (box.bottom > bottom) wrong.push('below: ' + words);
  }
  active.blur();
  for (const element of pressed) {
    element.focus();
    if (document.activeElement !== element) continue;
    const box = element.getBoundingClientRect();
    const fits = box.height <= height * 0.9;
    if (fits && (box.top < top || box.bottom > bottom)) wrong.push('focused: ' + nameOf(element));
  }
  window.sessionStorage.clear(); // the page opens next time with no focus that it remembers
  return wrong;
}"""


@pytest.mark.parametrize("size", [
    pytest.param("large", marks=pytest.mark.thorough("the largest needs the most room")),
    pytest.param("larger", marks=pytest.mark.thorough("the largest needs the most room")),
    "largest",
])  # fmt: skip
def test_nothing_is_where_a_television_cuts_off(television, site_of_an_elder, size):
    """On every kind of page, opened, at its end, and with the focus on each thing in turn."""
    site = site_of_an_elder
    display = {"name": "display", "value": f"elder:{size}:light:off:1:zh-hans"}
    known = {"name": "sessionid", "value": site.codes["signed_in"]}
    wrong = {}
    for pages, cookies in ((PAGES, [display]), (OWN_PAGES, [display, known])):
        television.context.add_cookies([{**each, "url": site.url} for each in cookies])
        for page, address in zip(pages, addresses(site, pages), strict=True):
            if found := outside(television, address):
                wrong[page] = found
    assert wrong == {}


def outside(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.wait_for_load_state()
    until(lambda: page.evaluate("document.activeElement !== document.body"))
    return page.evaluate(OUTSIDE)
