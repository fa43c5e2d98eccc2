"""When each scene of a film is shown, and which stretch of the narration is heard in it.

All times are milliseconds. Scenes begin on the grid of TICK_MS, on which every picture lies.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from media.films.clauses import Clause
from media.films.storyboard import Scene

#: Distance of two pictures that move: 12.5 a second.
TICK_MS = 80
#: Between the words of two scenes there is half a second: a part after, a part before.
AFTER_MS, BEFORE_MS = 300, 240
SHORTEST_MS = 3_000
#: Of a scene in which nothing is said: time to look, and to read what it shows.
LOOK_MS, READ_MS = 1_600, 160
#: What is taken of the silence around words that are cut out of a narration, so that no consonant
#: is cut.
MARGIN_MS = 60


@dataclass(frozen=True, slots=True)
class SpokenPart:
    """A clause, and when it is said: in the narration, or in the film."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the narration (from, to), and when it begins in the film."""

    from_ms: int
    to_ms: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class TimedScene:
    scene: Scene
    start_ms: int
    duration_ms: int
    #: By how much its beginning is surer than the next best; see alignment.Alignment.
    lead: float
    said: tuple[SpokenPart, ...]  # in the film's time
    stretch: Stretch | None  # None: nothing is said

    @property
    def end_ms(self) -> int:
        return self.start_ms + self.duration_ms


@dataclass(frozen=True, slots=True)
class Timeline:
    scenes: tuple[TimedScene, ...]

    @property
    def duration_ms(self) -> int:
        return self.scenes[-1].end_ms

    @property
    def said(self) -> list[SpokenPart]:
        return [part for timed in self.scenes for part in timed.said]

    @property
    def stretches(self) -> list[Stretch]:
        return [timed.stretch for timed in self.scenes if timed.stretch]


def timeline_of(
    scenes: Sequence[Scene],
    spans: Sequence[tuple[int, int]],
    leads: Sequence[float],
    spoken: Sequence[SpokenPart],
) -> Timeline:
    """`spans` are the clauses of each scene (from, to); `spoken` all clauses in the narration."""
    timed: list[TimedScene] = []
    at_ms = 0
    for scene, (first, after), lead in zip(scenes, spans, leads, strict=True):
        one = _timed(scene, spoken, first, after, at_ms, lead)
        timed.append(one)
        at_ms = one.end_ms
    return Timeline(tuple(timed))


def _timed(
    scene: Scene, spoken: Sequence[SpokenPart], first: int, after: int, at_ms: int, lead: float
) -> TimedScene:
    parts = spoken[first:after]
    if not parts:
        reading_ms = LOOK_MS + READ_MS * len(scene.words)
        duration_ms = _on_grid(max(SHORTEST_MS, reading_ms) + scene.rest_ms)
        return TimedScene(scene, at_ms, duration_ms, lead, (), None)
    before_ms = spoken[first - 1].end_ms if first else 0
    from_ms = max(parts[0].start_ms - MARGIN_MS, (before_ms + parts[0].start_ms) // 2)
    next_ms = spoken[after].start_ms if after < len(spoken) else parts[-1].end_ms + 2 * MARGIN_MS
    to_ms = min(parts[-1].end_ms + MARGIN_MS, (parts[-1].end_ms + next_ms) // 2)
    begins_ms = at_ms + BEFORE_MS
    shift = begins_ms - from_ms
    needed_ms = BEFORE_MS + to_ms - from_ms + AFTER_MS + scene.rest_ms
    return TimedScene(
        scene,
        at_ms,
        _on_grid(max(SHORTEST_MS + scene.rest_ms, needed_ms)),
        lead,
        tuple(SpokenPart(p.text, p.start_ms + shift, p.end_ms + shift) for p in parts),
        Stretch(from_ms, to_ms, begins_ms),
    )


def _on_grid(ms: int) -> int:
    return -(-ms // TICK_MS) * TICK_MS


def spoken_parts(
    clauses: Sequence[Clause],
    sentences: Sequence[SpokenPart],
    inside: Sequence[Sequence[tuple[int, int]]],
) -> list[SpokenPart]:
    """When each clause is said in the narration.

    `inside` holds for each sentence the (start, end) of its clauses as heard; where it has none,
    their share of the sentence's time is taken.
    """
    parts: list[SpokenPart] = []
    for number, sentence in enumerate(sentences):
        own = [clause for clause in clauses if clause.sentence == number]
        heard = inside[number] if len(inside[number]) == len(own) else _by_share(own, sentence)
        parts += [
            SpokenPart(clause.text, start, end)
            for clause, (start, end) in zip(own, heard, strict=True)
        ]
    return parts


def _by_share(clauses: Sequence[Clause], sentence: SpokenPart) -> list[tuple[int, int]]:
    total = sum(clause.length for clause in clauses)
    span_ms = sentence.end_ms - sentence.start_ms
    spans, done = [], 0
    for clause in clauses:
        start = sentence.start_ms + span_ms * done // total
        done += clause.length
        spans.append((start, sentence.start_ms + span_ms * done // total))
    return spans
