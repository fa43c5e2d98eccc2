"""Where a text is cut into sentences: the same for recording, machine, track and page."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.starter.loading import STARTER_DIR
from media.sentences import split_sentences

TEXTS = st.text(alphabet="甲乙丙丁，。？！…“”（）\n a1", max_size=80)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("先挂断。再打电话！好吗？", ["先挂断。", "再打电话！", "好吗？"]),
        ("他说：“您好。我是小王。”别信。", ["他说：“您好。我是小王。”", "别信。"]),
        ("想一想……再按。", ["想一想……", "再按。"]),
        ("学会挂断\n先挂断\n\n再打", ["学会挂断", "先挂断", "再打"]),
        ("没有句号", ["没有句号"]),
        ("（先看字。再按。）然后退出。", ["（先看字。再按。）", "然后退出。"]),
        (" 。！\n ", []),
        ("", []),
    ],
)
def test_a_sentence_ends_where_a_reader_breathes(text, sentences):
    assert split_sentences(text) == sentences


def test_a_quotation_that_never_closes_does_not_swallow_the_text():
    sentences = split_sentences("他说：“" + "您先别着急，慢慢听我说。" * 12)
    assert len(sentences) > 2


@given(TEXTS)
def test_no_character_that_is_said_is_lost_or_said_twice(text):
    def said(words: str) -> str:
        return "".join(character for character in words if character.isalnum())

    assert said("".join(split_sentences(text))) == said(text)


def test_the_starters_recordings_have_a_span_for_every_sentence():
    lessons = json.loads((STARTER_DIR / "curriculum.json").read_text())["lessons"]
    recordings = json.loads((STARTER_DIR / "narration/spans.json").read_text())
    for lesson in lessons:
        spans = recordings[lesson["slug"]]["spans_ms"]
        assert len(spans) == len(split_sentences(lesson["narration"])), lesson["slug"]
        assert (STARTER_DIR / f"narration/{lesson['slug']}.m4a").is_file()
