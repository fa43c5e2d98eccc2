"""Verbs that copy, split and join steps and tasks of a draft, and carry steps from task to task.

Each raises VersionRefused, whose text says what to do; each writes through services/writing.py.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from lms.manuals.editor.parts import EDITABLE_FIELDS, MARKER_FIELDS
from lms.manuals.editor.pasted_lines import halves_of, joined
from lms.manuals.editor.services import writing
from lms.manuals.editor.services.versions import VersionRefused
from lms.manuals.editor.services.writing import MOST_PARTS
from lms.manuals.models import ManualPicture, ManualStep, ManualTask

#: The fields of two steps that are joined, and how many characters each holds.
LONGEST: Final = {"words": 200, "warning": 120, "expected": 120}


@transaction.atomic
def move_step(step: ManualStep, *, into: ManualTask, to: int) -> None:
    """To that place in another task of the draft, from 0; beyond the end is the end."""
    writing.locked_draft(into.version)
    if into.version_id != step.task.version_id:
        raise VersionRefused(_("没有这件事，请刷新页面看看。"))
    _refuse_too_many(into, 1)
    left = step.task
    step.task = into
    step.position = MOST_PARTS  # behind all, until it is put in its place
    step.save(update_fields=["task", "position"])
    writing.move_part(step, to=to)
    _number(left)


@transaction.atomic
def move_step_over(step: ManualStep, *, by: int) -> None:
    """Out of its task into the one before (-1), at the end, or behind (+1), at the beginning."""
    tasks = list(step.task.version.tasks.all())
    to = tasks.index(step.task) + by
    if 0 <= to < len(tasks):
        move_step(step, into=tasks[to], to=MOST_PARTS if by < 0 else 0)


@transaction.atomic
def copy_step(step: ManualStep) -> ManualStep:
    """Right behind it."""
    return _step_behind(step, **_fields_of(step))


@transaction.atomic
def copy_task(task: ManualTask) -> ManualTask:
    """With its steps, right behind it."""
    copy = writing.add_task(task.version, title=task.title)
    for step in task.steps.all():
        writing.add_step(copy, **_fields_of(step))
    writing.move_part(copy, to=task.position + 1)
    return copy


@transaction.atomic
def split_step(step: ManualStep, *, at: int | None = None) -> ManualStep:
    """Its second half, as a step behind it with the same picture. at: the character before which
    its words are cut; None: between sentences, else at a comma."""
    halves = halves_of(step.words, at)
    if halves is None:
        raise VersionRefused(
            _("拆不开：请把光标放在两句话中间再按；或者在要拆开的地方先打一个逗号。")
        )
    first, second = halves
    behind = _step_behind(
        step, words=second, picture=step.picture, alt=step.alt, expected=step.expected
    )
    writing.change_part(step, words=first, expected="")
    return behind


@transaction.atomic
def join_step(step: ManualStep) -> ManualStep:
    """With the next one: both say their words, the first picture stays."""
    following = step.task.steps.filter(position__gt=step.position).first()
    if following is None:
        raise VersionRefused(_("这是最后一步，后面没有可以合的。"))
    fields = {name: _fitting(step, following, name) for name in LONGEST}
    if step.picture is None or (step.picture == following.picture and step.marker is None):
        shown = ("picture", "alt", *MARKER_FIELDS)
        fields |= {name: getattr(following, name) for name in shown}
    writing.remove_part(following)
    writing.change_part(step, **fields)
    return step


@transaction.atomic
def split_task(step: ManualStep) -> ManualTask:
    """From this step on, a task of its own right behind."""
    task = step.task
    if not task.steps.filter(position__lt=step.position).exists():
        raise VersionRefused(_("这是第一步，前面没有别的步骤，不用分开。"))
    behind = writing.add_task(task.version)
    writing.move_part(behind, to=task.position + 1)
    task.steps.filter(position__gte=step.position).update(task=behind)
    _number(behind)
    return behind


@transaction.atomic
def join_task(task: ManualTask) -> ManualTask:
    """With the next one, whose steps come behind its own."""
    following = task.version.tasks.filter(position__gt=task.position).first()
    if following is None:
        raise VersionRefused(_("这是最后一件事，后面没有可以合的。"))
    count = following.steps.count()
    _refuse_too_many(task, count)
    for offset, step in enumerate(following.steps.all()):
        step.task, step.position = task, MOST_PARTS + offset
        step.save(update_fields=["task", "position"])
    writing.remove_part(following)
    if not task.title:
        writing.change_part(task, title=following.title)
    _number(task)
    return task


@transaction.atomic
def add_lines(task: ManualTask, lines: Sequence[str], *, behind: ManualStep | None) -> ManualStep:
    """A step for each line; returns the first. behind: the step after which they stand, which
    takes the first line when it says nothing itself; None: at the end."""
    if not lines:
        raise VersionRefused(_("还没有写。请一行写一步。"))
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST["words"]:
            said = {"number": number, "most": LONGEST["words"], "begins": line[:12]}
            raise VersionRefused(
                _("第%(number)d行“%(begins)s…”太长，最多%(most)d个字。请分成几行。") % said
            )
    _refuse_too_many(task, len(lines))
    first, rest = None, list(lines)
    if behind is not None and not behind.words:
        first = behind
        writing.change_part(behind, words=rest.pop(0))
    added = [writing.add_step(task, words=line) for line in rest]
    if behind is not None:
        for offset, step in enumerate(added, 1):
            writing.move_part(step, to=behind.position + offset)
    return first or added[0]


@transaction.atomic
def place_pictures(task: ManualTask, pictures: Sequence[ManualPicture | None]) -> ManualStep | None:
    """Each on the next step without a picture; when there is none left, on a new step. None in
    `pictures` leaves its step without one. Returns the first step that got one, None for none."""
    waiting = list(task.steps.filter(picture=None))
    first = None
    for picture in pictures:
        step = waiting.pop(0) if waiting else None
        if picture is None:
            continue
        step = step or writing.add_step(task)
        writing.change_part(step, picture=picture)
        first = first or step
    return first


def choose_picture(step: ManualStep, picture: ManualPicture) -> None:
    """One that the organisation has; with what another step says it shows, where this says
    nothing. A mark on the old one goes."""
    alt = step.alt
    if not alt:
        told = picture.steps.exclude(alt="").order_by("-pk").values_list("alt", flat=True)
        alt = told.first() or ""
    writing.change_part(step, picture=picture, alt=alt, **dict.fromkeys(MARKER_FIELDS))


def _step_behind(step: ManualStep, **fields: Any) -> ManualStep:
    added = writing.add_step(step.task, **fields)
    writing.move_part(added, to=step.position + 1)
    return added


def _fields_of(step: ManualStep) -> dict[str, Any]:
    return {name: getattr(step, name) for name in EDITABLE_FIELDS[ManualStep]}


def _fitting(step: ManualStep, following: ManualStep, name: str) -> str:
    """What both say in a field. Raises VersionRefused when that is too long for it."""
    words = joined(getattr(step, name), getattr(following, name))
    most = LONGEST[name]
    if len(words) > most:
        said = {"words": words[:12], "most": most}
        raise VersionRefused(_("合起来太长：“%(words)s…”最多%(most)d个字。请先改短一点。") % said)
    return words


def _refuse_too_many(task: ManualTask, more: int) -> None:
    if task.steps.count() + more > MOST_PARTS:
        raise VersionRefused(_("一件事最多%(most)d步。请分成两件事写。") % {"most": MOST_PARTS})


def _number(task: ManualTask) -> None:
    """Anew, from 0."""
    steps = list(task.steps.all())
    for position, step in enumerate(steps):
        step.position = position
    ManualStep.objects.bulk_update(steps, ["position"])
