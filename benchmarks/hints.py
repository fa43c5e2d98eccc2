"""Measure what hints do for recognition: hot words, a prompt, both, words woven into a prompt.

    python benchmarks/hints.py [--every 4] [--keep DIR]

Hears courses/starter/media/clip.mp4 and every 4th narration of the starter (their words are in
curriculum.json) with each way of hinting, and prints a Markdown table for benchmarks/README.md:
the pooled character error rate, how many of the list's words that are said came out right, and
the marks (，。) written for each hundred characters. With --keep, what was heard stays in DIR and
a broken-off run goes on.
"""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import subtitles` would find this folder's file

if TYPE_CHECKING:
    from subtitles.recognition.recognise import RecognitionOptions

CLIP = ROOT / "courses/starter/media/clip.mp4"
WOVEN = 30  # words in the longest enumeration; a prompt holds some 220 tokens


@dataclass(frozen=True)
class Recording:
    name: str
    title: str
    said: str
    audio: Path


def find_recordings(every: int, folder: Path) -> list[Recording]:
    from benchmarks import narrations
    from media.ffmpeg.extraction import extract_speech

    clip = folder / "clip.wav"
    if not clip.exists():
        extract_speech(CLIP, clip, duration_ms=25_100)
    lines = CLIP.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    said = "".join(line.split("\t")[3] for line in lines if line.strip())
    lessons = narrations.lessons()
    return [
        Recording("clip", "扫码付款", said, clip),
        *(
            Recording(
                slug,
                lessons[slug]["title"],
                narrations.said(slug),
                narrations.extract(slug, folder),
            )
            for slug in list(lessons)[::every]
        ),
    ]


def ways_to_hint() -> dict[str, Callable[["RecognitionOptions", Recording], "RecognitionOptions"]]:
    from subtitles.chinese.words import domain_prompt, domain_words

    prompt, words = domain_prompt(), domain_words()
    woven = "、".join(words[:WOVEN])
    return {
        "nothing": lambda o, _r: replace(o, prompt="", hotwords=""),
        "prompt": lambda o, _r: replace(o, prompt=prompt, hotwords=""),
        "hot words": lambda o, _r: replace(o, prompt="", hotwords=" ".join(words)),
        "both": lambda o, _r: replace(o, prompt=prompt, hotwords=" ".join(words)),
        f"prompt, {WOVEN} words woven in": lambda o, _r: replace(
            o, prompt=f"{prompt}常用的词有：{woven}。", hotwords=""
        ),
        "prompt and the video's title": lambda o, r: replace(
            o, prompt=f"{prompt}这一课讲{r.title}。", hotwords=""
        ),
    }


def count_words_right(said: str, heard: str, words: tuple[str, ...]) -> tuple[int, int]:
    """Return how many of the list's words came out, and how many were said."""
    from benchmarks.error_rate import heard_characters

    said, heard = heard_characters(said), heard_characters(heard)
    counts = [(said.count(word.lower()), heard.count(word.lower())) for word in words]
    return sum(min(pair) for pair in counts), sum(there for there, _heard in counts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--every", type=int, default=4)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")
    import django

    django.setup()
    from benchmarks.error_rate import count_edits, heard_characters
    from subtitles.chinese.words import domain_words
    from subtitles.recognition.machine import default_options
    from subtitles.recognition.recognise import recognise

    with TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        recordings = find_recordings(arguments.every, folder)
        characters = sum(len(heard_characters(one.said)) for one in recordings)
        print(f"{len(recordings)} recordings, {characters} characters\n", flush=True)
        print("| hint | CER | list's words right | marks a hundred characters |")
        print("|---|---|---|---|", flush=True)
        for name, hint in ways_to_hint().items():
            edits = right = there = marks = 0
            for one in recordings:
                options = hint(default_options(engine="faster-whisper"), one)
                heard = recognise(one.audio, work_dir=folder / "chunks", options=options)
                text = "".join(sentence.text for sentence in heard.sentences)
                edits += count_edits(one.said, text)
                came, said = count_words_right(one.said, text, domain_words())
                right, there = right + came, there + said
                marks += sum(mark in "，。！？、；：" for mark in text)
            print(
                f"| {name} | {edits / characters:.3f} | {right} of {there} "
                f"| {100 * marks / characters:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
