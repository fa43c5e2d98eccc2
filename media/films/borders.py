"""Where each scene begins in the narration: where the alignment says, or where an editor moved it.

A border that was moved holds; those that the machine laid give way to it as far as they must.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from media.films.alignment import SURE, align
from media.films.clauses import Clause
from media.films.storyboard import MovedBorder, Scene, Storyboard


@dataclass(frozen=True, slots=True)
class Borders:
    """For each scene the clauses that it carries (from, to), and how sure its beginning is.

    `machine` is where each scene begins as the machine has it, `moved` the numbers of the scenes
    whose beginning was moved, `lost` what was moved and has no clause or no scene any more.
    """

    spans: tuple[tuple[int, int], ...]
    leads: tuple[float, ...]
    machine: tuple[int, ...]
    moved: frozenset[int]
    lost: tuple[MovedBorder, ...]


def lay_borders(storyboard: Storyboard, clauses: Sequence[Clause]) -> Borders:
    """Every clause gets one scene, in order, whatever was moved."""
    scenes = storyboard.scenes
    alignment = align(scenes, clauses)
    machine = tuple(first for first, _after in alignment.spans)
    places, lost = _places(storyboard.moved, scenes, clauses)
    starts = settled(machine, places, [scene.silent for scene in scenes], len(clauses))
    ends = [*starts[1:], len(clauses)]
    leads = tuple(SURE if n in places else lead for n, lead in enumerate(alignment.leads))
    return Borders(
        tuple(zip(starts, ends, strict=True)), leads, machine, frozenset(places), tuple(lost)
    )


def settled(
    machine: Sequence[int], places: dict[int, int], silent: Sequence[bool], count: int
) -> list[int]:
    """The first clause of each scene. `places` holds those that were moved, in order; a scene
    between two of them stays where the machine has it, or at the nearer one.

    lms/static/admin/storyboard.js does the same while a border is being moved.
    """
    starts = []
    for number, start in enumerate(machine):
        least = max((at for scene, at in places.items() if scene <= number), default=0)
        most = min((at for scene, at in places.items() if scene >= number), default=count)
        starts.append(min(max(start, least), most))
    for number in range(len(starts) - 1, 0, -1):
        if silent[number]:
            starts[number] = starts[number + 1] if number + 1 < len(starts) else count
    starts[0] = 0
    return starts


def _places(
    moved: Sequence[MovedBorder], scenes: Sequence[Scene], clauses: Sequence[Clause]
) -> tuple[dict[int, int], list[MovedBorder]]:
    """By the scene's number its first clause; and what has no place, or would stand before the
    one of an earlier scene."""
    found = [(_scene_of(border, scenes), _clause_of(border, clauses), border) for border in moved]
    lost = [border for scene, clause, border in found if scene is None or clause is None]
    known = [(s, c, border) for s, c, border in found if s is not None and c is not None]
    places: dict[int, int] = {}
    for scene, clause, border in sorted(known, key=lambda each: each[0]):
        if scene in places or clause < max(places.values(), default=0):
            lost.append(border)
        else:
            places[scene] = clause
    return places, lost


def _scene_of(border: MovedBorder, scenes: Sequence[Scene]) -> int | None:
    """The first scene begins with the first clause, and a silent one carries none."""
    may = [number for number, scene in enumerate(scenes) if number and not scene.silent]
    by_key = (number for number in may if border.scene and scenes[number].key == border.scene)
    by_words = (number for number in may if scenes[number].one_line == border.words)
    return next(by_key, next(by_words, None))


def _clause_of(border: MovedBorder, clauses: Sequence[Clause]) -> int | None:
    if not border.clause:
        return len(clauses)
    wanted = letters(border.clause)
    alike = [number for number, clause in enumerate(clauses) if letters(clause.text) == wanted]
    return alike[border.nth] if border.nth < len(alike) else None


def letters(text: str) -> str:
    """What is compared of a clause: another mark does not make another clause."""
    return "".join(filter(str.isalnum, text))
