"""Where a text is cut into sentences: the same for recording, machine, track and page."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.starter.loading import STARTER_DIR
from media.narration.sentences import in_figures, split_sentences
from media.narration.services import digest_of

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


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("急病打幺二零，着火打幺幺九。", "急病打120，着火打119。"),
        ("打九五五九八问，或者幺二三零六。", "打95598问，或者12306。"),
        ("从一数到五，三块五，一二三，开始！", "从一数到五，三块五，一二三，开始！"),
        ("打110。", "打110。"),
        ("打四零零，幺二三，四五六七，问一问。", "打400-123-4567，问一问。"),
        ("一二三四，二二三四，转个身。", "一二三四，二二三四，转个身。"),
    ],
)
def test_telephone_numbers_are_shown_in_figures(said, shown):
    assert in_figures(said) == shown


def test_a_quotation_that_never_closes_does_not_swallow_the_text():
    sentences = split_sentences("他说：“" + "您先别着急，慢慢听我说。" * 12)
    assert len(sentences) > 2


@given(TEXTS)
def test_no_character_that_is_said_is_lost_or_said_twice(text):
    def said(words: str) -> str:
        return "".join(character for character in words if character.isalnum())

    assert said("".join(split_sentences(text))) == said(text)


def test_the_starters_recordings_say_what_its_lessons_say():
    entries = json.loads((STARTER_DIR / "curriculum.json").read_text())["lessons"]
    texts = {entry["slug"]: entry["narration"] for entry in entries}
    recordings = json.loads((STARTER_DIR / "narration/spans.json").read_text())
    for slug, recording in recordings.items():
        assert recording["text_digest"] == digest_of(texts[slug]), slug
        assert len(recording["spans_ms"]) == len(split_sentences(texts[slug])), slug
        assert (STARTER_DIR / f"narration/{slug}.m4a").is_file()
