"""Titles and goals: where a line may end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.phrases import by_phrases, phrases_of, signs
from tests.courses.lessons import CURRICULUM

TITLES = [lesson["title"] for lesson in CURRICULUM["lessons"]]
GOALS = [lesson["goal"] for lesson in CURRICULUM["lessons"]]


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("坐地铁，进出都不慌", [["坐地铁，"], ["进出都不慌"]]),
        ("看懂天气预警的颜色", [["看懂天气", "预警的", "颜色"]]),
        ("陌生来电，先停一停", [["陌生来电，"], ["先停一停"]]),
        ("科普知识进课堂", [["科普知识", "进课堂"]]),
        ("会打12345，把事情说清楚。", [["会打", "12345，"], ["把事情说", "清楚。"]]),
        ("点外卖，看清再付", [["点外卖，"], ["看清再付"]]),
        ("旧手机清干净", [["旧手机", "清干净"]]),
        ("要紧的事问真人", [["要紧的事", "问真人"]]),
        ("听出“先垫钱”的圈套", [["听出", "“先垫钱”的", "圈套"]]),
        ("Learn to scan", [["Learn ", "to ", "scan"]]),
        ("听戏", [["听戏"]]),
        ("不", [["不"]]),
        ("", []),
    ],
)
def test_lines_end_between_phrases_and_else_between_words(text, phrases):
    assert phrases_of(text) == phrases


@pytest.mark.parametrize("text", [*TITLES, *GOALS])
def test_no_sign_stands_alone(text):
    phrases = phrases_of(text)
    assert "".join(map("".join, phrases)) == text
    for pieces in phrases:
        assert len(pieces) == 1 or min(map(signs, (pieces[0], pieces[-1]))) > 1


@given(st.text(alphabet="我看一懂手机，。“”、a1 <&", max_size=30))
def test_nothing_of_a_text_is_lost_and_it_is_escaped(text):
    assert "".join(map("".join, phrases_of(text))) == text
    html = str(by_phrases(text))
    for tag in ('<span class="phrase">', '<span class="unbroken">', "</span>", "<wbr>"):
        html = html.replace(tag, "")
    assert html == text.replace("&", "&amp;").replace("<", "&lt;")
