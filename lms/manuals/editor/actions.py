"""What the buttons of the editor do besides saving: move, remove and add parts, reuse pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from lms.manuals.editor.parts import EditedRow
from lms.manuals.editor.services import writing
from lms.manuals.models import (
    ManualStep,
    ManualTask,
    ManualTrouble,
    ManualVersion,
    ManualWarning,
    Part,
)


def move_by(by: int) -> Callable[[Part, str], None]:
    def move(part: Part, _number: str) -> None:
        order = list(writing.siblings_of(part).values_list("pk", flat=True))
        writing.move_part(part, to=order.index(part.pk) + by)

    return move


def move_to(part: Part, number: str) -> None:
    if number.isascii() and number.isdigit():
        writing.move_part(part, to=int(number))


def no_picture(step: ManualStep, _number: str) -> None:
    writing.change_part(step, picture=None)


def same_picture(step: ManualStep, _number: str) -> None:
    """That of the step before it, when several steps show the same thing."""
    before = ManualStep.objects.filter(
        task=step.task, position__lt=step.position, picture__isnull=False
    )
    if found := before.last():
        writing.change_part(step, picture=found.picture, alt=step.alt or found.alt)


@dataclass(frozen=True)
class PartAction:
    #: What it can be applied to.
    kinds: tuple[type[EditedRow], ...]
    #: Called with the row and the number behind its key; returns the part that it added, or None.
    run: Callable[[Any, str], Part | None]


PARTS = (ManualWarning, ManualTask, ManualStep, ManualTrouble)
#: By the first word of a button's value: `<action>:<key>` or `<action>:<key>:<number>`. An empty
#: key means the draft itself.
ACTIONS: Final = {
    "up": PartAction(PARTS, move_by(-1)),
    "down": PartAction(PARTS, move_by(1)),
    "to": PartAction(PARTS, move_to),
    "remove": PartAction(PARTS, lambda part, _number: writing.remove_part(part)),
    "no-picture": PartAction((ManualStep,), no_picture),
    "same-picture": PartAction((ManualStep,), same_picture),
    "add-step": PartAction((ManualTask,), lambda task, _number: writing.add_step(task)),
    "add-warning": PartAction((ManualVersion,), lambda draft, _number: writing.add_warning(draft)),
    "add-task": PartAction((ManualVersion,), lambda draft, _number: writing.add_task(draft)),
    "add-trouble": PartAction((ManualVersion,), lambda draft, _number: writing.add_trouble(draft)),
}
