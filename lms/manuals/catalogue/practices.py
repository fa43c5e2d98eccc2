"""Makes a practice of a task: each step is a screen on which the marked place is pressed.

Places that other steps mark on the same picture are the wrong answers. A step without a picture
has a button instead. What the pictures stand in, a pretend phone or nothing, the page decides.
"""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from courses.choices import WidgetKind
from courses.practice import END, Box, Practice, Screen, ScreenPicture, Target, Widget
from courses.practice.checks import LEAST_WIDTH
from lms.manuals.models import ManualPicture, ManualStep, ManualTask

#: On a step without a mark nearly the whole picture may be pressed.
WHOLE: Final = Box(3, 3, 94, 94)
#: Where a step without a picture is said to be done.
BUTTON: Final = Box(10, 36, 80, 28)
RIGHT: Final = "here"


def practice_of(task: ManualTask, *, url_of: Callable[[ManualPicture], str]) -> Practice:
    """Of the steps that its film tells as well. url_of gives the address of a picture."""
    steps = task.told_steps()
    names = [f"s{number}" for number in range(1, len(steps) + 1)]
    return Practice(
        task.title,
        tuple(
            screen_of(step, name, following, steps, url_of)
            for step, name, following in zip(steps, names, [*names[1:], END], strict=False)
        ),
    )


def screen_of(
    step: ManualStep,
    name: str,
    following: str,
    steps: list[ManualStep],
    url_of: Callable[[ManualPicture], str],
) -> Screen:
    if step.picture is None:
        return screen_without_picture(step, name, following)
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
        picture=ScreenPicture(url_of(step.picture), step.picture.width, step.picture.height),
    )


def screen_without_picture(step: ManualStep, name: str, following: str) -> Screen:
    done = Widget(
        id=RIGHT,
        kind=WidgetKind.BUTTON,
        text=_("做好了"),
        box=BUTTON,
        target=Target(right=True, next=following),
    )
    return Screen(
        id=name,
        title=step.words,
        description=step.words,
        say=_("%(words)s做好了，就按一下。") % {"words": step.words},
        hint=_("小手指着的地方，就是它。"),
        widgets=(done,),
    )


def decoys_of(step: ManualStep, right: Box, steps: list[ManualStep]) -> list[Widget]:
    """The places that other steps mark on the same picture, where they do not overlap."""
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
    """The same place, made large enough for a finger and kept within the picture."""
    width = max(box.w, LEAST_WIDTH)
    height = min(100, max(box.h, round(LEAST_WIDTH * picture.width / picture.height)))
    x = min(max(0, box.x - (width - box.w) // 2), 100 - width)
    y = min(max(0, box.y - (height - box.h) // 2), 100 - height)
    return Box(x, y, width, height)
