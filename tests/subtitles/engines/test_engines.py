"""The contract of every engine; the settings name them, so a new one is tested by itself."""

from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks.error_rate import character_error_rate
from subtitles.chinese.cleaning import simplify
from subtitles.chinese.words import domain_prompt
from subtitles.engines import EngineUnavailable, Segment, load_engine
from tests.subtitles.by_heart import (
    Spoken,
    make_fire_red,
    make_fire_red_ctc,
    make_paraformer,
    make_sense_voice,
    pieces_of,
)
from tests.subtitles.qwen_by_heart import make_qwen

#: Not installed by bin/test alone.
DEAR = {
    "openai-whisper": pytest.mark.thorough(
        "gigabytes to install; faster-whisper hears here with the same weights"
    )
}
# An engine without bundled weights is given models that know the clip by heart.
BY_HEART = {
    "sherpa-onnx": (
        make_sense_voice,
        make_paraformer,
        make_fire_red_ctc,
        make_fire_red,
        make_qwen,
    )
}
HEARERS = [
    pytest.param(
        (name, make),
        id=name if make is None else f"{name} {make.__name__}",
        marks=DEAR.get(name, ()),
    )
    for name in sorted(settings.SUBTITLE_ENGINES)
    for make in BY_HEART.get(name, (None,))
]


@pytest.fixture(scope="module", params=HEARERS)
def heard(
    request: pytest.FixtureRequest,
    clip_speech: Path,
    spoken_in_clip: Spoken,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Segment]:
    name, make = request.param
    model = "bundled"
    if make is not None:
        model = str(make(tmp_path_factory.mktemp("model"), pieces_of(clip_speech, spoken_in_clip)))
    engine = load_engine(name, model=model)
    return list(engine.transcribe(clip_speech, language="zh", prompt=domain_prompt(), hotwords=""))


def test_it_hears_what_is_said(heard: list[Segment], said_in_clip: str) -> None:
    text = simplify("".join(segment.text for segment in heard))
    assert character_error_rate(said_in_clip, text) <= 0.08


def test_its_words_make_its_text(heard: list[Segment]) -> None:
    for segment in heard:
        assert "".join(word.text for word in segment.words) == segment.text


def test_its_times_run_forwards_within_the_recording(heard: list[Segment]) -> None:
    words = [word for segment in heard for word in segment.words]
    assert words[0].start_ms >= 0
    assert words[-1].end_ms <= 25_600
    assert all(word.start_ms <= word.end_ms for word in words)
    assert all(before.start_ms <= after.start_ms for before, after in pairwise(words))


def test_its_words_are_where_they_are_said(heard: list[Segment]) -> None:
    text = simplify("".join(segment.text for segment in heard))
    words = [word for segment in heard for word in segment.words for _character in word.text]
    assert words[text.index("第一部分")].start_ms == pytest.approx(21_663, abs=500)


def test_it_says_how_sure_it_is_or_that_it_does_not_tell(heard: list[Segment]) -> None:
    for segment in heard:
        for share in (segment.no_speech_probability, *(word.probability for word in segment.words)):
            assert share is None or 0 <= share <= 1
        assert segment.avg_logprob is None or segment.avg_logprob <= 0
        assert segment.compression_ratio is None or segment.compression_ratio > 0


def test_an_unknown_engine_is_named_with_those_there_are() -> None:
    with pytest.raises(EngineUnavailable, match=r"没有名为“whisper9”.*faster-whisper"):
        load_engine("whisper9", model="bundled")


def test_a_missing_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subtitles.engines.openai_whisper.find_spec", lambda _name: None)
    with pytest.raises(EngineUnavailable, match=r"requirements-openai-whisper\.txt"):
        load_engine("openai-whisper", model="bundled")
