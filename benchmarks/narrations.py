"""The starter's narrations, read by machines' voices: sound whose every word is known."""

import json
import wave
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

STARTER = Path(__file__).resolve().parent.parent / "courses/starter"
#: Seconds of silence between two narrations, in turn.
PAUSES_S = (1.0, 2.5, 4.0)


@cache
def lessons() -> dict[str, dict[str, Any]]:
    """Return the starter's lessons that have a narration, by slug, in the order of the slugs."""
    spans = json.loads((STARTER / "narration/spans.json").read_text(encoding="utf-8"))
    curriculum = json.loads((STARTER / "curriculum.json").read_text(encoding="utf-8"))
    by_slug = {lesson["slug"]: lesson for lesson in curriculum["lessons"]}
    return {
        slug: {**by_slug[slug], "duration_ms": spans[slug]["duration_ms"]} for slug in sorted(spans)
    }


def said(slug: str) -> str:
    """Return the words of a narration, with their marks."""
    return lessons()[slug]["narration"]


def beside(slug: str) -> str:
    """Return what else stands on the lesson's page: a film seldom repeats it word by word."""
    lesson = lessons()[slug]
    quizzes = lesson["quiz"] if isinstance(lesson["quiz"], list) else [lesson["quiz"]]
    pieces = [lesson[name] or "" for name in ("title", "goal", "practice_text", "fraud_line")]
    pieces += [lesson["offline_route"], *lesson["steps"]]
    for quiz in quizzes:
        pieces += [quiz["question"], *quiz["options"], quiz["why"]]
    return "\n".join(pieces)


def extract(slug: str, folder: Path) -> Path:
    """Write a narration into `folder` as 16 kHz mono WAV, unless it is there; return the file."""
    from media.ffmpeg.extraction import extract_speech

    target = folder / f"{slug}.wav"
    if not target.exists():
        source = STARTER / f"narration/{slug}.m4a"
        extract_speech(source, target, duration_ms=lessons()[slug]["duration_ms"])
    return target


def join(slugs: Sequence[str], folder: Path) -> Path:
    """Write the narrations into one WAV with pauses between them; return the file."""
    target = folder / "joined.wav"
    with wave.open(str(target), "wb") as joined:
        joined.setnchannels(1)
        joined.setsampwidth(2)
        joined.setframerate(16_000)
        for number, slug in enumerate(slugs):
            with wave.open(str(extract(slug, folder)), "rb") as narration:
                joined.writeframes(narration.readframes(narration.getnframes()))
            joined.writeframes(bytes(2 * round(16_000 * PAUSES_S[number % len(PAUSES_S)])))
    return target
