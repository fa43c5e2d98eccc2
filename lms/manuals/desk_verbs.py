"""What the buttons of the writing desk do, besides saving."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lms.manuals.desk_forms import Written
from lms.manuals.models import ManualVersion, ManualWarning, Step, Task, Trouble
from lms.manuals.services import writing


def move_by(by: int) -> Callable[[Any, str], None]:
    def move(part: Any, _number: str) -> None:
        order = list(writing.siblings_of(part).values_list("pk", flat=True))
        writing.move_part(part, to=order.index(part.pk) + by)

    return move


def move_to(part: Any, number: str) -> None:
    if number.isascii() and number.isdigit():
        writing.move_part(part, to=int(number))


def no_picture(step: Any, _number: str) -> None:
    writing.change_part(step, picture=None)


def same_picture(step: Any, _number: str) -> None:
    """That of the step before, so that several steps show one thing."""
    before = Step.objects.filter(task=step.task, position__lt=step.position, picture__isnull=False)
    if found := before.last():
        writing.change_part(step, picture=found.picture, alt=step.alt or found.alt)


@dataclass(frozen=True)
class Verb:
    """Of a button: what it may be pressed for, and what it does with the row and the number that
    follows its key. It returns the part that it made, if it made one."""

    kinds: tuple[type[Written], ...]
    do: Callable[[Any, str], Any]


PARTS = (ManualWarning, Task, Step, Trouble)
#: By the word before the colon of a button's value; behind it stands a key, or nothing: the draft.
VERBS = {
    "up": Verb(PARTS, move_by(-1)),
    "down": Verb(PARTS, move_by(1)),
    "to": Verb(PARTS, move_to),
    "remove": Verb(PARTS, lambda part, _number: writing.remove_part(part)),
    "no-picture": Verb((Step,), no_picture),
    "same-picture": Verb((Step,), same_picture),
    "add-step": Verb((Task,), lambda task, _number: writing.add_step(task)),
    "add-warning": Verb((ManualVersion,), lambda draft, _number: writing.add_warning(draft)),
    "add-task": Verb((ManualVersion,), lambda draft, _number: writing.add_task(draft)),
    "add-trouble": Verb((ManualVersion,), lambda draft, _number: writing.add_trouble(draft)),
}
