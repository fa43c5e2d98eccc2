"""What a guide of another system says, and what it becomes here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from courses.readability.plain_text import only_seen
from lms.manuals.choices import ProductKind
from lms.manuals.exchange.documents import Document
from lms.manuals.models import ManualStep

#: Bullets of lines that warn; those of notes and reminders are said with the step.
CAUTION: Final = "icon_caution"
MOST_WORDS: Final = ManualStep._meta.get_field("words").max_length or 200
MOST_WARNING: Final = ManualStep._meta.get_field("warning").max_length or 120
MOST_TITLE: Final = 60
MOST_NAME: Final = 40
#: Where a long text is cut, so that each piece is whole.
#: Not within 1.5 or e.g.: after a Latin sentence stands a blank.
AFTER_A_SENTENCE: Final = re.compile(r"(?<=[。！？；])\s*|(?<=[.!?;])\s+")


@dataclass(frozen=True)
class GuideStep:
    title: str
    #: Each with the name of its bullet.
    lines: tuple[tuple[str, str], ...]
    #: Names of pictures that came along.
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guide:
    title: str
    steps: tuple[GuideStep, ...]
    introduction: str = ""
    conclusion: str = ""


def plain(text: str | None) -> str:
    """One line without signs that cannot be seen."""
    return only_seen(" ".join((text or "").split()))


def document_of_guides(
    guides: Sequence[Guide], *, brand: str, product: str, title: str
) -> Document:
    """A draft; of a guide only its writer, its difficulty and its duration are dropped.

    A line that warns becomes the step's warning, any other the step's words; what is too long
    for one step goes on in the next, and so does each picture after the first. Raises
    pydantic's ValidationError where there is more than a manual holds.
    """
    told: dict[str, Any] = {
        "format": "yinling-manual",
        "version": 1,
        "product": {
            "brand": brand[:MOST_NAME],
            "model": product[:MOST_NAME],
            "name": product[:MOST_NAME],
            "kind": ProductKind.OTHER,
        },
        "title": title[:MOST_TITLE],
        "tasks": [
            {"title": guide.title[:MOST_TITLE], "steps": list(steps_of(guide))} for guide in guides
        ],
    }
    return Document.model_validate(told)


def steps_of(guide: Guide) -> Iterator[dict[str, Any]]:
    over = guide.title[MOST_TITLE:]
    for said_first in pieces([over, guide.introduction], MOST_WORDS):
        yield {"words": said_first}
    for step in guide.steps:
        said = [step.title, *(text for bullet, text in step.lines if bullet != CAUTION)]
        warned = [text for bullet, text in step.lines if bullet == CAUTION]
        words, warnings = list(pieces(said, MOST_WORDS)), list(pieces(warned, MOST_WARNING))
        for place in range(max(len(words), len(warnings), len(step.pictures))):
            yield {
                "words": words[place] if place < len(words) else "",
                "warning": warnings[place] if place < len(warnings) else "",
                "picture": step.pictures[place] if place < len(step.pictures) else None,
            }
    for said_last in pieces([guide.conclusion], MOST_WORDS):
        yield {"words": said_last}


def pieces(texts: Sequence[str], most: int) -> Iterator[str]:
    """The texts in as few pieces as hold them, cut after sentences where that can be."""
    piece = ""
    for text in texts:
        for sentence in AFTER_A_SENTENCE.split(text):
            joined = f"{piece} {sentence}".strip() if piece.isascii() else piece + sentence
            if len(joined) <= most:
                piece = joined
                continue
            if piece:
                yield piece
            piece = sentence
            while len(piece) > most:
                yield piece[:most]
                piece = piece[most:]
    if piece:
        yield piece
