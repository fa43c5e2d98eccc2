"""Measure the words that the desk offers for what a machine misheard: how many are right.

    python benchmarks/homophones.py HEARD

HEARD is a folder with what a machine heard of the starter's narrations, NAME.json each: a list of
{start_ms, end_ms, text}. Their true words are in curriculum.json. Each is searched with words of
its lesson, of its lesson without the narration (as if the film told the same in other words)
and of two other lessons. Prints a Markdown table for benchmarks/README.md.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import subtitles` would find this folder's file

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")


def offers(text: str, heard: list[dict[str, Any]], said: str) -> Iterator[tuple[str, str, str]]:
    """Yield what was heard, what is offered and what was said there."""
    from subtitles.chinese.cleaning import spoken_text
    from subtitles.chinese.homophones import Vocabulary
    from subtitles.chinese.numbers import numbers_as_written
    from subtitles.chinese.words import domain_words

    vocabulary = Vocabulary(text, domain_words())
    written, found = "", []
    for sentence in heard:
        words = numbers_as_written(sentence["text"])
        for swap in vocabulary.find_swaps(words):
            start = len(written) + len(spoken_text(words[: swap.start]))
            found.append((start, start + swap.end - swap.start, swap.word))
        written += spoken_text(words)
    true = spoken_text(numbers_as_written(said))
    codes = SequenceMatcher(None, written, true, autojunk=False).get_opcodes()
    for start, end, word in found:
        yield written[start:end], word, true[place(codes, start) : place(codes, end)]


def place(codes: Sequence[tuple[str, int, int, int, int]], at: int) -> int:
    for _tag, old, old_end, new, new_end in codes:
        if old <= at < old_end:
            return min(new + at - old, new_end)
    return codes[-1][4]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("heard", type=Path)
    folder = parser.parse_args().heard
    import django

    django.setup()
    from benchmarks import narrations

    slugs = list(narrations.lessons())

    def whole(slug: str) -> str:
        return f"{narrations.beside(slug)}\n{narrations.said(slug)}"

    def other(slug: str, by: int) -> str:
        return whole(slugs[(slugs.index(slug) + by) % len(slugs)])

    texts = {
        "its lesson": whole,
        "its lesson without the narration": narrations.beside,
        "the next lesson": lambda slug: other(slug, 1),
        "a lesson of another subject": lambda slug: other(slug, 7),
    }
    print("| words of | offers | right | a right word would be broken |\n|---|---|---|---|")
    for name, text in texts.items():
        told = [
            offer
            for file in sorted(folder.glob("*.json"))
            for offer in offers(
                text(file.stem), json.loads(file.read_text()), narrations.said(file.stem)
            )
        ]
        right = sum(word == said for _heard, word, said in told)
        broken = sum(heard == said for heard, _word, said in told)
        print(f"| {name} | {len(told)} | {right} | {broken} |", flush=True)


if __name__ == "__main__":
    main()
