import tracemalloc
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtitles.engines.speech import LONGEST_CHUNK_MS, SpeechSpan, cut_chunks, find_speech, read_wav
from tests.subtitles.sounds import silence, write_wav

TRUE_TIMES = [(500, 2331), (2831, 4997), (5497, 9539), (10039, 15869), (16369, 20463)]


@st.composite
def speech_spans(draw: st.DrawFn) -> list[SpeechSpan]:
    spans: list[SpeechSpan] = []
    for pause, length in draw(
        st.lists(st.tuples(st.integers(0, 40_000), st.integers(1, LONGEST_CHUNK_MS)), max_size=40)
    ):
        start = (spans[-1].end_ms if spans else 0) + pause
        spans.append(SpeechSpan(start, start + length))
    return spans


def test_it_finds_the_sentences_of_the_clip(clip_speech: Path) -> None:
    spans = find_speech(clip_speech)
    for start_ms, end_ms in TRUE_TIMES:
        assert sum(span.overlap_ms(start_ms, end_ms) for span in spans) > 0.9 * (end_ms - start_ms)
    assert sum(span.overlap_ms(20_950, 21_150) for span in spans) == 0


@given(speech_spans())
def test_no_chunk_is_longer_than_the_limit(spans: list[SpeechSpan]) -> None:
    assert all(chunk.duration_ms <= LONGEST_CHUNK_MS for chunk in cut_chunks(spans))


@given(speech_spans())
def test_chunks_are_cut_at_silences_only_and_lose_no_speech(spans: list[SpeechSpan]) -> None:
    chunks = cut_chunks(spans)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(chunks))
    for span in spans:
        assert sum(chunk.overlap_ms(span.start_ms, span.end_ms) for chunk in chunks) == (
            span.duration_ms
        )


def test_a_speaker_who_never_pauses_is_cut_all_the_same(clip_speech: Path, tmp_path: Path) -> None:
    vowel = read_wav(clip_speech, SpeechSpan(600, 2200)).astype(np.float64)
    endless = write_wav(tmp_path / "endless.wav", np.tile(vowel, 80))
    spans = find_speech(endless)
    assert all(span.duration_ms <= LONGEST_CHUNK_MS for span in spans)
    assert sum(span.duration_ms for span in spans) > 0.9 * 80 * 1600


@pytest.mark.thorough(
    "a figure of memory; what is found, and how long its pieces are, is asked above"
)
def test_hours_need_no_more_memory_than_minutes(tmp_path: Path) -> None:
    peaks = []
    for seconds in (60, 600):
        recording = write_wav(tmp_path / f"{seconds}.wav", silence(seconds))
        find_speech(recording)  # the model itself is loaded once
        tracemalloc.start()
        find_speech(recording)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 4_000_000  # a number a window, against 19 MB of samples


def test_an_empty_recording_has_no_speech(tmp_path: Path) -> None:
    assert find_speech(write_wav(tmp_path / "empty.wav", silence(0))) == []
    assert cut_chunks([]) == []


def test_a_recording_at_another_rate_is_refused(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "slow.wav", silence(1))
    data = bytearray(path.read_bytes())
    data[24:28] = (8000).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(ValueError, match="16 kHz"):
        find_speech(path)
