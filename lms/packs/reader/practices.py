"""A practice that asks no server: all that can be asked of it is asked beforehand.

The page keeps the answers, each once, as the lines that change against the screen's first moment.
Which press leads where is for courses/practice/play.py alone to say.
"""

from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import Any

from courses.practice import HELP, Practice, PracticeMoment, Screen, moment_of
from courses.practice.play import HELP_AFTER

#: Gives the HTML of a moment.
Render = Callable[[PracticeMoment], str]


def answers_of(practice: Practice, render: Render) -> dict[str, Any]:
    """The number of a part by what is asked, and the parts (static/packs/part.js)."""
    answers: dict[str, int] = {}
    places: dict[tuple[Any, ...], int] = {}
    first: dict[str, tuple[int, list[str]]] = {}
    parts: list[list[Any]] = []
    for asked in questions(practice):
        moment = moment_of(practice, asked)
        if (name := _name(moment)) not in places:
            places[name] = len(parts)
            screen = moment.screen.id if moment.screen else ""
            lines = render(moment).splitlines()
            if screen in first:
                place, like = first[screen]
                parts.append([place, changes(like, lines)])
            else:
                first[screen] = (len(parts), lines)
                parts.append([None, lines])
        answers[key_of(asked)] = places[name]
    return {"answers": answers, "parts": parts}


def questions(practice: Practice) -> Iterator[dict[str, str]]:
    """Every query that its page can send."""
    yield {}
    for screen in practice.screens:
        presses = [each.id for each in screen.widgets if each.target]
        for misses in range(HELP_AFTER + 1):
            help_too = [HELP] if misses == HELP_AFTER and screen.right_widget else []
            for press in [*presses, "", *help_too]:
                for typed in typed_on(screen):
                    asked = {"screen": screen.id, "misses": str(misses), "press": press}
                    yield {**asked, "typed": str(typed)} if typed else asked


def typed_on(screen: Screen) -> Iterator[int]:
    """How many keys of its number pad a press may be the next of; 0 where there is none."""
    if not screen.has_keypad:
        return iter([0])
    return iter(range(1, max(each.keys for each in screen.widgets) + 1))


def key_of(asked: dict[str, str]) -> str:
    return "&".join(sorted(f"{name}={value}" for name, value in asked.items()))


def changes(like: list[str], lines: list[str]) -> list[list[Any]]:
    """What to put in place of which lines of the one, to have the other: [from, to, lines]."""
    matcher = SequenceMatcher(None, like, lines, autojunk=False)
    return [
        [start, end, lines[new_start:new_end]]
        for kind, start, end, new_start, new_end in matcher.get_opcodes()
        if kind != "equal"
    ]


def _name(moment: PracticeMoment) -> tuple[Any, ...]:
    screen = moment.screen and moment.screen.id
    return screen, moment.misses, moment.pressed and moment.pressed.id, moment.typed
