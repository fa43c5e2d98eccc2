"""The clauses of a spoken text: the smallest pieces that are given to a scene."""

import re
from dataclasses import dataclass

from media.narration.sentences import split_sentences, spoken_length

#: A clause ends after one of these, with the closing marks behind it.
_PARTS = re.compile(
    r"[^，；：。！？!?…—]*[，；：。！？!?…—]+[”’」』）》〉】)]*|[^，；：。！？!?…—]+$"
)
#: Shorter ones stay with the clause before: nobody follows a scene of half a second.
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence. `sentence` counts from 0, `starts` the sentence's characters."""

    text: str
    sentence: int
    starts: int

    @property
    def length(self) -> int:
        """Characters that are spoken."""
        return spoken_length(self.text)

    @property
    def begins_sentence(self) -> bool:
        return self.starts == 0


def clauses_of(text: str) -> list[Clause]:
    """All clauses of a text in order; those of one sentence joined make the sentence."""
    return [
        clause
        for number, sentence in enumerate(split_sentences(text))
        for clause in split_sentence(sentence, number=number)
    ]


def split_sentence(sentence: str, *, number: int = 0) -> list[Clause]:
    pieces: list[str] = []
    for piece in _PARTS.findall(sentence):
        if pieces and (spoken_length(piece) < SHORTEST or spoken_length(pieces[-1]) < SHORTEST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    joined = "".join(pieces)
    if joined != sentence:  # marks that no rule foresaw
        pieces = [sentence]
    clauses, starts = [], 0
    for piece in pieces:
        clauses.append(Clause(piece, number, starts))
        starts += len(piece)
    return clauses
