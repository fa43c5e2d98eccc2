"""Which screens of the practice belong to which step of the lesson."""

from collections.abc import Sequence

from courses.practice import Screen
from media.films.likeness import Likeness

#: A screen less alike than this to any step teaches something of its own. It goes to a step that
#: has none between those of its neighbours, if they have a word in common, else it is left out.
LEAST_ALIKE = 0.05
#: What is to be pressed says most of the step; a title often names the page that the step before
#: has opened.
OF_PRESSED, OF_SAID, OF_TITLE = 0.6, 0.2, 0.2


def screens_by_step(steps: Sequence[str], screens: Sequence[Screen]) -> list[list[Screen]]:
    """For each step its screens, in order: both tell the same in the same order."""
    likeness = Likeness([*steps, *map(words_of, screens)])
    alike = [[_alike(likeness, step, screen) for screen in screens] for step in steps]
    # best[j]: the screens so far, the last one given to step j.
    best: list[tuple[float, list[int | None]]] = [(0.0, []) for _step in steps]
    for number in range(len(screens)):
        best = _with_screen(best, [alike[step][number] for step in range(len(steps))])
    given = _with_the_rest(max(best, key=lambda way: way[0])[1], alike) if steps else []
    return [
        [screen for screen, step in zip(screens, given, strict=True) if step == wanted]
        for wanted in range(len(steps))
    ]


def _with_screen(
    best: list[tuple[float, list[int | None]]], alike: list[float]
) -> list[tuple[float, list[int | None]]]:
    """The best ways after one more screen, by the step that was reached."""
    after: list[tuple[float, list[int | None]]] = []
    for step, likeness in enumerate(alike):
        score, given = max(best[: step + 1], key=lambda way: way[0])
        kept = best[step]
        if likeness >= LEAST_ALIKE and score + likeness >= kept[0]:
            after.append((score + likeness, [*given, step]))
        else:
            after.append((kept[0], [*kept[1], None]))
    return after


def _with_the_rest(given: list[int | None], alike: Sequence[Sequence[float]]) -> list[int | None]:
    """Those that are like no step, given to the empty step between their neighbours' that they are
    most alike."""
    filled = list(given)
    for number, step in enumerate(filled):
        if step is None:
            before = max((s for s in filled[:number] if s is not None), default=-1)
            after = min((s for s in filled[number + 1 :] if s is not None), default=len(alike))
            empty = range(before + 1, after)
            best = max(empty, key=lambda each: alike[each][number], default=None)
            if best is not None and alike[best][number] > 0:
                filled[number] = best
    return filled


def _alike(likeness: Likeness, step: str, screen: Screen) -> float:
    return (
        OF_PRESSED * likeness.alike(step, pressed_words(screen))
        + OF_SAID * likeness.alike(step, screen.say)
        + OF_TITLE * likeness.alike(step, screen.title)
    )


def pressed_words(screen: Screen) -> str:
    right = screen.right_widget
    return right.text if right else ""


def words_of(screen: Screen) -> str:
    return " ".join([screen.say, screen.title, pressed_words(screen)])
