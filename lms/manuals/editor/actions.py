"""What the buttons of the editor do besides saving: move, copy, split, join, remove and add parts,
make steps of pasted lines, choose pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.manuals.editor.parts import EditedRow
from lms.manuals.editor.pasted_lines import steps_of_text
from lms.manuals.editor.services import arranging, notes, writing
from lms.manuals.editor.services.versions import VersionRefused
from lms.manuals.models import (
    ManualPicture,
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
        to = order.index(part.pk) + by
        if isinstance(part, ManualStep) and not 0 <= to < len(order):
            arranging.move_step_over(part, by=by)
        else:
            writing.move_part(part, to=to)

    return move


def move_to(part: Part, number: str) -> None:
    if number.isascii() and number.isdigit():
        writing.move_part(part, to=int(number))


def into(step: ManualStep, told: str) -> None:
    """To a place in another task: `<key of the task>` or `<key of the task>:<place>`."""
    key, _colon, place = told.partition(":")
    task = next((t for t in step.task.version.tasks.all() if str(t.key) == key), None)
    if task is None:
        raise VersionRefused(_("没有这件事，请刷新页面看看。"))
    to = int(place) if place.isascii() and place.isdigit() else writing.MOST_PARTS
    if task == step.task:
        writing.move_part(step, to=to)
    else:
        arranging.move_step(step, into=task, to=to)


def split(step: ManualStep, at: str) -> ManualStep:
    return arranging.split_step(step, at=int(at) if at.isascii() and at.isdigit() else None)


def lines(row: ManualTask | ManualStep, text: str) -> ManualStep:
    """Of what stands in the box `<key>-lines`."""
    behind = row if isinstance(row, ManualStep) else None
    task = row.task if isinstance(row, ManualStep) else row
    return arranging.add_lines(task, steps_of_text(text), behind=behind)


def choose(step: ManualStep, key: str) -> None:
    """A picture of the organisation's library, by its key."""
    pictures = ManualPicture.objects.of(step.task.version.manual.organisation)
    picture = pictures.filter(key=key).first() if _is_uuid(key) else None
    if picture is None:
        raise VersionRefused(_("没有这张图片或者这个视频，请重新上传。"))
    arranging.choose_picture(step, picture)


def mark(done: bool) -> Callable[[EditedRow, str], None]:
    def mark_note(row: EditedRow, number: str) -> None:
        draft = row if isinstance(row, ManualVersion) else writing.version_of(row)
        notes.mark_note(draft, number=number, done=done)

    return mark_note


def _is_uuid(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True


def no_picture(step: ManualStep, _more: str) -> None:
    writing.change_part(step, picture=None)


def same_picture(step: ManualStep, _more: str) -> None:
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
    #: What the button that undoes it calls it.
    what: Any
    #: Called with the row and what stands behind its key in the button's value; returns the part
    #: that the page scrolls to, or None for the row itself.
    run: Callable[[Any, str], Part | None]


PARTS = (ManualWarning, ManualTask, ManualStep, ManualTrouble)
STEP, TASK, DRAFT = (ManualStep,), (ManualTask,), (ManualVersion,)
MOVE, ADD, PICTURE = gettext_lazy("移动"), gettext_lazy("添加"), gettext_lazy("换图")
COPY, SPLIT, JOIN = gettext_lazy("复制"), gettext_lazy("拆开"), gettext_lazy("合并")
#: By the first word of a button's value: `<action>:<key>` or `<action>:<key>:<more>`. An empty
#: key means the draft itself.
ACTIONS: Final = {
    "up": PartAction(PARTS, MOVE, move_by(-1)),
    "down": PartAction(PARTS, MOVE, move_by(1)),
    "to": PartAction(PARTS, MOVE, move_to),
    "into": PartAction(STEP, MOVE, into),
    "remove": PartAction(
        PARTS, gettext_lazy("删除"), lambda part, _more: writing.remove_part(part)
    ),
    "copy-step": PartAction(STEP, COPY, lambda step, _more: arranging.copy_step(step)),
    "copy-task": PartAction(TASK, COPY, lambda task, _more: arranging.copy_task(task)),
    "split": PartAction(STEP, SPLIT, split),
    "split-task": PartAction(STEP, SPLIT, lambda step, _more: arranging.split_task(step)),
    "join": PartAction(STEP, JOIN, lambda step, _more: arranging.join_step(step)),
    "join-task": PartAction(TASK, JOIN, lambda task, _more: arranging.join_task(task)),
    "lines": PartAction((ManualTask, ManualStep), ADD, lines),
    "picture": PartAction(STEP, PICTURE, choose),
    "no-picture": PartAction(STEP, PICTURE, no_picture),
    "same-picture": PartAction(STEP, PICTURE, same_picture),
    "note-done": PartAction((*PARTS, ManualVersion), "", mark(done=True)),
    "note-open": PartAction((*PARTS, ManualVersion), "", mark(done=False)),
    "add-step": PartAction(TASK, ADD, lambda task, _more: writing.add_step(task)),
    "add-warning": PartAction(DRAFT, ADD, lambda draft, _more: writing.add_warning(draft)),
    "add-task": PartAction(DRAFT, ADD, lambda draft, _more: writing.add_task(draft)),
    "add-trouble": PartAction(DRAFT, ADD, lambda draft, _more: writing.add_trouble(draft)),
}
