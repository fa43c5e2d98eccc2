"""When the words of a draft are said: as the sound that is there has them, else by estimate."""

from collections.abc import Sequence
from dataclasses import dataclass

from media.files import on_disk
from media.films.clauses import Clause
from media.films.sound import hear_clauses
from media.films.timeline import SpokenPart, spoken_parts
from media.models import Narration
from media.narration.sentences import spoken_length
from media.pipeline.scratch import scratch_folder

#: How fast the machine's voice reads, and how long it rests between sentences, by the starter's
#: 42 narrations: for sentences that nobody has read yet.
MS_A_SIGN, REST_MS = 205, 550


@dataclass(frozen=True, slots=True)
class SpokenDraft:
    """When each clause is said, one after the other as the film has them; and where the sound that
    is there has it, None for a sentence that nobody has read."""

    parts: list[SpokenPart]
    heard_ms: list[int | None]


def spoken_of(clauses: Sequence[Clause], narration: Narration | None) -> SpokenDraft:
    """The times of the sound where it says the same sentence, else how long it would take."""
    count = clauses[-1].sentence + 1 if clauses else 0
    own = [[clause for clause in clauses if clause.sentence == n] for n in range(count)]
    texts = ["".join(clause.text for clause in each) for each in own]
    known = sentences_in(narration, texts)
    heard = heard_inside(narration, known, own)
    sentences: list[SpokenPart] = []
    at_ms = 0
    for number, text in enumerate(texts):
        before = known.get(number - 1)
        mine = known.get(number)
        at_ms += rest_before(mine, before, is_first=number == 0)
        length_ms = mine[1].end_ms - mine[1].start_ms if mine else MS_A_SIGN * spoken_length(text)
        sentences.append(SpokenPart(text, at_ms, at_ms + length_ms))
        at_ms += length_ms
    shifts = {n: sentences[n].start_ms - part.start_ms for n, (_at, part) in known.items()}
    inside = [
        [(start + shifts[n], end + shifts[n]) for start, end in heard.get(n, [])]
        for n in range(count)
    ]
    parts = spoken_parts(clauses, sentences, inside)
    heard_ms = [
        part.start_ms - shifts[clause.sentence] if clause.sentence in shifts else None
        for clause, part in zip(clauses, parts, strict=True)
    ]
    return SpokenDraft(parts, heard_ms)


#: Which sentence of the sound it is, and when it is said there.
Known = tuple[int, SpokenPart]


def sentences_in(narration: Narration | None, texts: Sequence[str]) -> dict[int, Known]:
    """By its number in the draft, each sentence that the sound has; each of the sound's once."""
    if narration is None or not narration.audio:
        return {}
    free = [SpokenPart(s["text"], s["start_ms"], s["end_ms"]) for s in narration.sentences]
    taken: set[int] = set()
    known: dict[int, Known] = {}
    for number, text in enumerate(texts):
        for at, part in enumerate(free):
            if part.text == text and at not in taken:
                taken.add(at)
                known[number] = (at, part)
                break
    return known


def heard_inside(
    narration: Narration | None, known: dict[int, Known], own: Sequence[Sequence[Clause]]
) -> dict[int, list[tuple[int, int]]]:
    """By the sentence's number, when its clauses are said in the sound."""
    if narration is None or not known:
        return {}
    numbers = sorted(known, key=lambda number: known[number][0])
    with on_disk(narration.audio) as sound, scratch_folder(f"draft-{narration.pk}") as folder:
        found = hear_clauses(
            sound,
            [known[number][1] for number in numbers],
            [[clause.text for clause in own[number]] for number in numbers],
            folder=folder,
        )
    return dict(zip(numbers, found, strict=True))


def rest_before(mine: Known | None, before: Known | None, *, is_first: bool) -> int:
    """The silence before a sentence, in ms: the sound's own where both follow each other there."""
    if mine and before and mine[0] == before[0] + 1:
        return mine[1].start_ms - before[1].end_ms
    if mine and is_first and mine[0] == 0:
        return mine[1].start_ms
    return 0 if is_first else REST_MS
