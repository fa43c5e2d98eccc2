"""Whether a practice can be played to its end, said in words to the one who writes it."""

from dataclasses import dataclass
from itertools import combinations

from django.utils.translation import gettext as _

from courses.choices import WidgetKind
from courses.practice.play import END, Practice, Screen, Widget

#: Per cent of the screen: about 65 by 64 px on a phone's.
LEAST_WIDTH = 18
LEAST_HEIGHT = 10
#: A number pad has three keys in a row and four rows.
LEAST_PAD_WIDTH = 3 * LEAST_WIDTH
LEAST_PAD_HEIGHT = 4 * LEAST_HEIGHT


@dataclass(frozen=True)
class PracticeProblem:
    #: Which screen, from 0.
    screen: int
    words: str


def problems_of(practice: Practice) -> list[PracticeProblem]:
    """Why it cannot be played; empty when it can."""
    return [
        PracticeProblem(index, words)
        for index, screen in enumerate(practice.screens)
        for words in (
            *name_problems(practice, index),
            *way_problems(practice, screen),
            *place_problems(screen),
        )
    ]


def name_problems(practice: Practice, index: int) -> list[str]:
    name = practice.screens[index].id
    if name == END:
        return [_("“%(name)s”是做完了的意思，请换一个代号。") % {"name": name}]
    if name in [screen.id for screen in practice.screens[:index]]:
        return [_("前面已经有一屏叫“%(name)s”，请换一个代号。") % {"name": name}]
    return []


def way_problems(practice: Practice, screen: Screen) -> list[str]:
    words = [
        _("“%(text)s”要去的“%(next)s”，没有这一屏。")
        % {"text": widget.text, "next": widget.target.next}
        for widget in screen.widgets
        if widget.target and widget.is_right and not leads_somewhere(practice, widget.target.next)
    ]
    if screen.right_widget is None:
        words.append(_("这一屏没有按对了的地方，走不下去。"))
    elif not words and END not in within_reach(practice, screen.id):
        words.append(_("从这一屏走，总也走不到做完。请看一看按对了去哪一屏。"))
    if screen.id not in within_reach(practice, practice.screens[0].id):
        words.append(_("没有哪一屏会走到这里。请让前面的一屏来这里，或者删掉它。"))
    return words


def leads_somewhere(practice: Practice, name: str) -> bool:
    return name == END or practice.screen(name) is not None


def within_reach(practice: Practice, start: str) -> set[str]:
    """The ids of the screens, and END, that right presses lead to from here; itself among them."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if screen := practice.screen(name):
            waiting += [w.target.next for w in screen.widgets if w.target and w.is_right]
    return seen


def place_problems(screen: Screen) -> list[str]:
    words = []
    for widget in screen.widgets:
        box, (width, height) = widget.box, least_size(screen, widget)
        if box.x + box.w > 100 or box.y + box.h > 100:
            words.append(_("“%(text)s”伸到屏幕外面去了。") % {"text": widget.text})
        if widget.target and (box.w < width or box.h < height):
            words.append(
                _("“%(text)s”太小，不好按。至少要宽%(width)d、高%(height)d。")
                % {"text": widget.text, "width": width, "height": height}
            )
    words += [
        _("“%(one)s”和“%(other)s”叠在一起了。") % {"one": one.text, "other": other.text}
        for one, other in combinations(screen.widgets, 2)
        if one.box.overlaps(other.box)
    ]
    return words


def least_size(screen: Screen, widget: Widget) -> tuple[int, int]:
    """Width and height in per cent below which a finger or a ring has no room."""
    if widget.kind == WidgetKind.KEYPAD:
        return LEAST_PAD_WIDTH, LEAST_PAD_HEIGHT
    if screen.picture:  # as high as it is wide, whatever the picture's shape
        return LEAST_WIDTH, round(LEAST_WIDTH * screen.picture.width / screen.picture.height)
    return LEAST_WIDTH, LEAST_HEIGHT
