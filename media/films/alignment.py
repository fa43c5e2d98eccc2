"""Which clauses of the narration belong to which scene.

Both tell the same story in the same order, so of all ways to lay the borders in order the one is
taken under which most of what is said stands in its scene (dynamic programming).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

from media.films.clauses import Clause, clauses_of
from media.films.likeness import Likeness
from media.films.storyboard import Scene, SceneKind

#: In characters of the narration: what it costs to begin a scene inside a sentence, to say nothing
#: in a scene, to say only what it does not tell, and to take the opening words from the title.
INSIDE_SENTENCE, UNSAID, STRANGE, TOO_EARLY = 0.8, 2.5, 2.5, 6.0
#: And to end a scene with a question, whose answer is in the next.
ASKED = 0.4
IMPOSSIBLE = float("-inf")
#: A likeness below this is chance.
CHANCE = 0.06
#: Borders with a smaller lead over the next best place are shown to the editor as unsure.
SURE = 1.0


@dataclass(frozen=True, slots=True)
class Alignment:
    """For each scene the clauses that it carries (from, to), and how sure its beginning is.

    `lead` is by how many characters the best border beats the next best; `score` is for comparing
    alignments of the same narration.
    """

    spans: tuple[tuple[int, int], ...]
    leads: tuple[float, ...]
    score: float


def align(scenes: Sequence[Scene], clauses: Sequence[Clause]) -> Alignment:
    """Every clause gets one scene, in order; a scene may stay without any."""
    known = _as_told(scenes, clauses)
    if known is not None:
        return known
    fits = _fits(scenes, clauses)
    borders, score = _best(scenes, clauses, fits)
    leads = tuple(_lead(scenes, clauses, fits, borders, number) for number in range(len(scenes)))
    ends = [*borders[1:], len(clauses)]
    return Alignment(tuple(zip(borders, ends, strict=True)), leads, score)


def _as_told(scenes: Sequence[Scene], clauses: Sequence[Clause]) -> Alignment | None:
    """Where the scenes say themselves what is said in them: those borders. None where they do not,
    or say something else than the clauses."""
    own = [clauses_of(scene.said) for scene in scenes]
    if [each.text for each in chain(*own)] != [clause.text for clause in clauses]:
        return None
    ends = list(accumulate(map(len, own)))
    spans = tuple(zip([0, *ends], ends, strict=False))
    return Alignment(spans, (SURE,) * len(scenes), 0.0)


def _fits(scenes: Sequence[Scene], clauses: Sequence[Clause]) -> list[list[float]]:
    """fits[scene][clause]: characters of the clause that the scene tells."""
    likeness = Likeness(scene.all_words for scene in scenes)
    fits = []
    for scene in scenes:
        shares = [likeness.share(clause.text, scene.all_words) for clause in clauses]
        fits.append(
            [
                clause.length * (share if share >= CHANCE else 0.0)
                for clause, share in zip(clauses, shares, strict=True)
            ]
        )
    return fits


def _best(
    scenes: Sequence[Scene], clauses: Sequence[Clause], fits: list[list[float]]
) -> tuple[list[int], float]:
    """The first clause of each scene, and the score of that way."""
    count = len(clauses)
    # best[i]: score of the scenes so far when they carry the first i clauses.
    best = [0.0] + [IMPOSSIBLE] * count
    came_from: list[list[int]] = []
    for scene, fit in zip(scenes, fits, strict=True):
        upto = [0.0]
        for each in fit:
            upto.append(upto[-1] + each)
        now, origins = [IMPOSSIBLE] * (count + 1), [0] * (count + 1)
        for end in range(count + 1):
            for start in range(end if scene.silent else 0, end + 1):
                fitting = upto[end] - upto[start]
                score = best[start] + fitting - _cost(scene, clauses, start, end, fitting)
                if score >= now[end]:  # what fits nowhere stays with the scene before
                    now[end], origins[end] = score, start
        best = now
        came_from.append(origins)
    borders: list[int] = []
    end = count
    for origins in reversed(came_from):
        end = origins[end]
        borders.insert(0, end)
    return borders, best[count]


def _cost(scene: Scene, clauses: Sequence[Clause], start: int, end: int, fitting: float) -> float:
    if start == end:
        return 0.0 if scene.silent or scene.kind == SceneKind.CLOSING else UNSAID
    inside = INSIDE_SENTENCE * (not clauses[start].begins_sentence)
    early = TOO_EARLY * (scene.kind != SceneKind.TITLE and start == 0)
    opens = scene.kind in {SceneKind.TITLE, SceneKind.WORDS} and not scene.number
    asked = ASKED * (start > 0 and clauses[start - 1].text.rstrip("”’」』")[-1] in "？?")
    return inside + early + asked + STRANGE * (fitting == 0 and not opens)


def _lead(
    scenes: Sequence[Scene],
    clauses: Sequence[Clause],
    fits: list[list[float]],
    borders: Sequence[int],
    number: int,
) -> float:
    """By how much a scene's border beats its best neighbour, the other borders as they are."""
    if number == 0 or scenes[number].silent or scenes[number - 1].silent:
        return SURE
    before = borders[number - 1]
    here = borders[number]
    after = borders[number + 1] if number + 1 < len(borders) else len(clauses)

    def score(border: int) -> float:
        left, right = sum(fits[number - 1][before:border]), sum(fits[number][border:after])
        return (
            left
            + right
            - _cost(scenes[number - 1], clauses, before, border, left)
            - _cost(scenes[number], clauses, border, after, right)
        )

    others = [score(border) for border in range(before, after + 1) if border != here]
    return round(score(here) - max(others), 2) if others else SURE
