"""The drawings are of one hand: one canvas, one line, the site's colours, and nothing else."""

import re
from xml.etree import ElementTree

import pytest

from courses import drawings as drawn

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "g", "path", "rect", "circle", "ellipse"}
ATTRIBUTES = {
    *("viewBox", "d", "x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "fill", "stroke"),
    *("stroke-width", "stroke-linecap", "stroke-linejoin"),
}
#: The line, and the stroke of a tick or a crossing-out, which stands for a word.
STROKES = {"8", "14"}
#: Corners of a grain, a small thing, a part, a thing, a large thing; of what ends in a half circle.
CORNERS = {"0", "2", "4", "8", "12", "18", "36", "46"}
GROUND = {"#1f1a14", "#fffbf2", "#f5ecd9"}  # the line, and what is pale
MOST_COLOURS = 3  # beside these
MOST_BYTES = 6 * 1024


@pytest.fixture(scope="module")
def palette(checkout):
    """The site's colours on its light ground."""
    tokens = (checkout / "lms/static/css/tokens.css").read_text().partition("[data-theme")[0]
    return set(re.findall(r"#[0-9a-f]{6}\b", tokens))


@pytest.fixture(scope="module")
def files():
    return {path.stem: path for path in sorted(drawn.FOLDER.glob("*.svg"))}


@pytest.fixture(scope="module")
def elements(files):
    """By each drawing's name, all of its elements, the root first."""
    return {name: list(ElementTree.parse(path).iter()) for name, path in files.items()}


def colours_of(elements) -> set[str]:
    return {each.get(kind, "none") for each in elements for kind in ("fill", "stroke")} - {"none"}


def test_there_are_seventy_and_more(files):
    assert len(files) >= 70


def test_every_drawing_is_in_one_set(files):
    listed = [each.name for group in drawn.drawing_sets() for each in group.drawings]
    assert sorted(listed) == sorted(files)


def test_each_says_in_chinese_what_it_shows_and_no_other_the_same():
    titles = {name: each.title for name, each in drawn.drawings().items()}
    chinese = re.compile(r"[\u4e00-\u9fff、，0-9]{1,12}")
    assert {name for name, title in titles.items() if not chinese.fullmatch(title)} == set()
    assert len(set(titles.values())) == len(titles)


def test_each_has_the_one_canvas_and_nothing_but_shapes(elements):
    for name, each in elements.items():
        assert each[0].get("viewBox") == "0 0 240 240", name
        assert [part.tag for part in each[0]] == [f"{SVG}title", f"{SVG}g"], name
        assert {part.tag.removeprefix(SVG) for part in each} <= ELEMENTS, name
        assert {key for part in each for key in part.attrib} <= ATTRIBUTES, name


def test_each_has_the_houses_line_and_corners(elements):
    for name, each in elements.items():
        hand = each[0].find(f"{SVG}g")
        assert hand.get("stroke-linecap") == hand.get("stroke-linejoin") == "round", name
        assert hand.get("stroke-width") == "8", name
        assert {part.get("stroke-width", "8") for part in each} <= STROKES, name
        assert {part.get("rx", "0") for part in each if part.tag == f"{SVG}rect"} <= CORNERS, name


def test_each_has_the_sites_colours_and_few_of_them(elements, palette):
    for name, each in elements.items():
        assert colours_of(each) <= palette, name
        assert len(colours_of(each) - GROUND) <= MOST_COLOURS, name


def test_each_weighs_little(files):
    assert {name for name, path in files.items() if path.stat().st_size > MOST_BYTES} == set()


def test_beside_words_it_is_not_read_out():
    each = drawn.drawing("tap")
    assert "<title>" in each.svg
    assert "<title>" not in each.beside_words
    assert 'aria-hidden="true"' in each.beside_words


def test_a_name_that_is_not_there_is_no_drawing():
    assert drawn.drawing("") is None
    assert drawn.drawing("no-such-thing") is None
    assert drawn.drawing("tap").title == "手指点一下"
