"""A task of a manual as a practice: each step a screen, its marked place the one to press.

Nobody writes it. Places that other steps mark on the same picture are what may be mistaken for it.
"""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from courses.choices import WidgetKind
from courses.practice import END, Box, Picture, Practice, Screen, Target, Widget
from courses.practice_checks import LEAST_WIDTH
from lms.manuals.models import ManualPicture, Step, Task

#: Where there is nothing to press, the picture as a whole is: one has looked at it.
WHOLE: Final = Box(3, 3, 94, 94)
RIGHT: Final = "here"


def practice_of(task: Task, *, url_of: Callable[[ManualPicture], str]) -> Practice:
    """url_of: where a picture of the manual is fetched. Steps with no picture are left out."""
    steps = [step for step in task.steps.all() if step.picture]
    names = [f"s{number}" for number in range(1, len(steps) + 1)]
    return Practice(
        task.title,
        tuple(
            screen_of(step, name, following, steps, url_of)
            for step, name, following in zip(steps, names, [*names[1:], END], strict=False)
        ),
    )


def screen_of(
    step: Step,
    name: str,
    following: str,
    steps: list[Step],
    url_of: Callable[[ManualPicture], str],
) -> Screen:
    assert step.picture is not None
    marked = step.marker
    say = step.words if marked else _("%(words)s看好了，就按一下图。") % {"words": step.words}
    right = Widget(
        id=RIGHT,
        kind=WidgetKind.AREA,
        text=step.words,
        box=roomy(marked, step.picture) if marked else WHOLE,
        target=Target(right=True, next=following),
    )
    return Screen(
        id=name,
        title=step.words,
        description=step.alt,
        say=say,
        hint=_("小手指着的地方，就是它。"),
        widgets=(right, *(decoys_of(step, right.box, steps) if marked else ())),
        picture=Picture(url_of(step.picture), step.picture.width, step.picture.height),
    )


def decoys_of(step: Step, right: Box, steps: list[Step]) -> list[Widget]:
    """What other steps mark on this very picture, where it leaves room."""
    decoys: list[Widget] = []
    for number, other in enumerate(steps, 1):
        marker = other.marker
        if other.picture_id != step.picture_id or other == step or marker is None:
            continue
        assert other.picture is not None
        box = roomy(marker, other.picture)
        if box.overlaps(right) or any(box.overlaps(decoy.box) for decoy in decoys):
            continue
        miss = _("这里是另一步按的。点错不要紧，再找找。")
        target = Target(right=False, miss=miss)
        decoys.append(Widget(f"step{number}", WidgetKind.AREA, other.words, box, target))
    return decoys


def roomy(box: Box, picture: ManualPicture) -> Box:
    """The same place, wide and high enough for a finger, and within the picture."""
    width = max(box.w, LEAST_WIDTH)
    height = min(100, max(box.h, round(LEAST_WIDTH * picture.width / picture.height)))
    x = min(max(0, box.x - (width - box.w) // 2), 100 - width)
    y = min(max(0, box.y - (height - box.h) // 2), 100 - height)
    return Box(x, y, width, height)
