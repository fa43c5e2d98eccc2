"""What axe found once, for every page: empty headings, grey on cream, scrolling without a focus."""

import re
from itertools import product
from pathlib import Path

import pytest

EMPTY_HEADING = re.compile(r"<h[1-6][^>]*>\s*</h[1-6]>")
EXTENDS = re.compile(r'{% extends "([^"]+)"')
#: Boxes that scroll and need no focus of their own: what is in them can be focused.
HOLD_WAYS = {
    "desk__film", "desk__keys", "desk__scroller", "drawing-board__all", "emergency", "outline",
}  # fmt: skip
SCROLLING = re.compile(r"\.([\w-]+) \{[^}]*overflow(?:-[xy])?: auto")
#: WCAG 1.4.6.
CONTRAST = 7


@pytest.fixture(scope="module")
def sources(checkout: Path) -> dict[str, str]:
    folder = checkout / "templates"
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.html")}


def chain_of(name: str, sources: dict[str, str]) -> list[str]:
    """The template, and those that it extends one after the other."""
    chain = [name]
    while (found := EXTENDS.search(sources[chain[-1]])) and found[1] in sources:
        chain.append(found[1])
    return chain


def block_of(name: str, chain: list[str], sources: dict[str, str]) -> tuple[str, str]:
    """Where a page's block comes from, and what is in it, without empty blocks inside."""
    for template in chain:
        _before, opened, rest = sources[template].partition(f"{{% block {name} %}}")
        if opened:
            rest = re.sub(r"{% block \w+ %}{% endblock %}", "", rest)
            return template, rest.partition("{% endblock")[0].strip()
    return "", ""


def without_heading(sources: dict[str, str]) -> list[str]:
    """Pages that keep the masthead of base.html, and say nothing in its heading."""
    extended = {found[1] for source in sources.values() if (found := EXTENDS.search(source))}
    chains = {name: chain_of(name, sources) for name in sources if name not in extended}
    pages = {name: chain for name, chain in chains.items() if chain[-1] == "base.html" != name}
    assert len(pages) > 50
    return [
        name
        for name, chain in pages.items()
        if block_of("header", chain, sources)[0] == "base.html"
        and block_of("masthead_words", chain, sources)[0] == "base.html"
        and not block_of("heading", chain, sources)[1]
    ]


def test_every_page_has_words_in_its_heading(sources):
    assert without_heading(sources) == []


def test_a_page_without_a_heading_is_seen(sources):
    page = '{% extends "base.html" %}{% block main %}<h1>点名</h1>{% endblock %}'
    assert without_heading(sources | {"planted.html": page}) == ["planted.html"]


def test_no_template_has_an_empty_first_heading(sources):
    """A second one, of a part that a script fills and shows, may wait for its words."""
    empty = [found[0] for source in sources.values() for found in EMPTY_HEADING.finditer(source)]
    assert [heading for heading in empty if heading.startswith("<h1")] == []


def test_what_scrolls_can_be_focused(checkout, sources):
    sheets = (checkout / "lms/static").rglob("*.css")
    scrolling = {name for path in sheets for name in SCROLLING.findall(path.read_text())}
    assert {"signing", "spread"} <= scrolling
    for name in scrolling - HOLD_WAYS:
        tags = re.findall(rf'<[^>]*class="{name}[ "][^>]*>', "".join(sources.values()))
        assert tags
        for tag in tags:
            assert 'tabindex="0"' in tag, tag
            assert "aria-label" in tag, tag


# --- Colours ------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    signs = colour.lstrip("#")
    signs = "".join(2 * sign for sign in signs) if len(signs) == 3 else signs
    parts = [int(signs[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first: str, second: str) -> float:
    """From 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def test_quiet_words_of_makers_and_staff_are_read_on_every_ground(checkout):
    """The workbench's own grounds, and paper; its colours are set at its top."""
    sheet = (checkout / "lms/static/manuals/workbench.css").read_text()
    reports = (checkout / "lms/static/reports/reports.css").read_text()
    grounds = set(re.findall(r"background: (#[ef]\w{2,5})\b", sheet)) - {"#ff51"}
    grounds |= {"#fff", "#fffbf2", *re.findall(r"--[\w-]*ground: (#\w+)", sheet)}
    assert {"#f6f1e6", "#fff", "#ece4d3"} <= grounds
    quiet = set(re.findall(r"--quiet: (#\w+)", sheet + reports))
    for colour, ground in product(quiet, grounds):
        assert contrast(colour, ground) >= CONTRAST, (colour, ground)


def test_the_contrast_is_that_of_wcag():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#5c5245", "#f6f1e6") == pytest.approx(6.78, abs=0.005)
