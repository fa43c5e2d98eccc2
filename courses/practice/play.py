"""A practice on a pretend phone: what it is made of, and what a press does.

It knows neither pages nor requests, so that a lesson's practice and a manual's task are played
alike, with the templates of templates/courses/practice/.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from courses.choices import WidgetKind
from courses.practice.sounds import SOUNDS, Sound

#: Where the last right press leads.
END = "END"
#: Pressed by the learner who asks to have it done.
HELP = "help"

#: Misses on one screen: the first is explained, the second shows the way, the third offers help.
SHOW_AFTER = 2
HELP_AFTER = 3


@dataclass(frozen=True)
class Box:
    """Place on the screen in per cent of its width and height, from the top left corner."""

    x: int
    y: int
    w: int
    h: int

    @property
    def is_upright(self) -> bool:
        """Twice as tall as wide on a screen of 9 to 16: too narrow for a line of words."""
        return self.h * 16 >= self.w * 9 * 2

    @property
    def is_low(self) -> bool:
        """Hardly high enough for a drawing above a word."""
        return self.h <= 13

    @property
    def is_flat(self) -> bool:
        """Half as wide again as it is high: a drawing stands beside the words."""
        return self.w * 9 * 2 >= self.h * 16 * 3

    @property
    def is_tiny(self) -> bool:
        """Room for a drawing or for a word."""
        return self.w <= 20 and self.h <= 11

    @property
    def shape(self) -> str:
        """The class that tells the style sheet."""
        shapes = {"upright": self.is_upright, "tiny": self.is_tiny, "low": self.is_low}
        return next((name for name, so in shapes.items() if so), "flat" if self.is_flat else "")

    def overlaps(self, other: "Box") -> bool:
        return (
            self.x < other.x + other.w
            and other.x < self.x + self.w
            and self.y < other.y + other.h
            and other.y < self.y + self.h
        )


@dataclass(frozen=True)
class Target:
    """What comes of a press: the next screen's id or END when right, else words for a miss."""

    right: bool
    next: str = ""
    miss: str = ""


@dataclass(frozen=True)
class Widget:
    id: str
    kind: str
    text: str
    box: Box
    #: None: not to be pressed.
    target: Target | None = None
    icon: str = ""
    colour: str = ""
    #: How many keys of a number pad are pressed before it counts as done.
    keys: int = 0

    @property
    def is_right(self) -> bool:
        return self.target is not None and self.target.right

    @property
    def dots(self) -> range:
        """One for each key of a number pad that is to be pressed."""
        return range(self.keys)

    @property
    def pad_keys(self) -> tuple[int, ...]:
        return (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)


@dataclass(frozen=True)
class ScreenPicture:
    """A picture of a whole screen; its size in pixels."""

    url: str
    width: int
    height: int

    @property
    def shape(self) -> str:
        """The class that tells the style sheet: narrower than a phone's screen (9 to 16 and a
        little), lying, or between the two."""
        if self.width * 16 <= self.height * 9.3:
            return "tall"
        return "wide" if self.width > self.height else "broad"


@dataclass(frozen=True)
class Screen:
    id: str
    title: str
    description: str
    say: str
    hint: str
    widgets: tuple[Widget, ...]
    #: None: the screen is drawn from its widgets.
    picture: ScreenPicture | None = None
    #: Name of one of SOUNDS; "": nothing is heard.
    sound: str = ""

    @property
    def heard(self) -> Sound | None:
        return SOUNDS.get(self.sound)

    def widget(self, widget_id: str) -> Widget | None:
        return next((widget for widget in self.widgets if widget.id == widget_id), None)

    @property
    def numbered(self) -> list[tuple[Widget, int]]:
        """Each widget with the digit that presses it, from 1; 0 for what cannot be pressed."""
        order = [widget.id for widget in self.widgets if widget.target]
        return [(w, order.index(w.id) + 1 if w.target else 0) for w in self.widgets]

    @property
    def right_widget(self) -> Widget | None:
        """The one that help shows and presses; None while the author has named none."""
        return next((widget for widget in self.widgets if widget.is_right), None)

    @property
    def has_keypad(self) -> bool:
        return any(widget.kind == WidgetKind.KEYPAD and widget.target for widget in self.widgets)


@dataclass(frozen=True)
class Practice:
    title: str
    screens: tuple[Screen, ...]

    def screen(self, screen_id: str) -> Screen | None:
        return next((screen for screen in self.screens if screen.id == screen_id), None)


@dataclass(frozen=True)
class PracticeMoment:
    """The state of a practice: one screen, and the misses on it."""

    practice: Practice
    #: None: it is done.
    screen: Screen | None
    #: On this screen, at most HELP_AFTER.
    misses: int = 0
    #: What the last press, a miss, was on; None: no miss, or a press on nothing.
    pressed: Widget | None = None
    #: How many keys of the number pad were pressed so far; which ones is not kept.
    typed: int = 0

    @property
    def count(self) -> int:
        return len(self.practice.screens)

    @property
    def number(self) -> int:
        """Of the screen, from 1; 0 when it is done."""
        return self.practice.screens.index(self.screen) + 1 if self.screen else 0

    @property
    def is_miss(self) -> bool:
        """Whether the last press went wrong; a key of a number pad never does."""
        return self.misses > 0 and self.typed == 0

    @property
    def guide(self) -> Widget | None:
        """The right thing to press, once the learner is to be shown it."""
        return self.screen.right_widget if self.screen and self.misses >= SHOW_AFTER else None

    @property
    def offers_help(self) -> bool:
        return self.misses >= HELP_AFTER

    @property
    def focus(self) -> str:
        """The id of the widget that takes the focus: the one just pressed, else the first."""
        if self.screen is None or self.offers_help:
            return ""
        if self.pressed is not None and self.pressed.target:
            return self.pressed.id
        return next((widget.id for widget in self.screen.widgets if widget.target), "")


def play(
    practice: Practice,
    *,
    screen: str = "",
    press: str | None = None,
    misses: int = 0,
    typed: int = 0,
) -> PracticeMoment:
    """The moment after a press on a screen.

    screen "" is the first; press None: none yet, and "" a press beside all widgets. typed counts
    this press too if it is a key. An unknown id counts as the first screen, or as no widget.
    """
    if screen == END or not practice.screens:
        return PracticeMoment(practice, None)
    here = practice.screen(screen) or practice.screens[0]
    if press is None:
        return PracticeMoment(practice, here)
    widget = here.right_widget if press == HELP else here.widget(press)
    if widget and widget.target:
        if press != HELP and widget.kind == WidgetKind.KEYPAD and typed < widget.keys:
            return PracticeMoment(practice, here, misses=misses, typed=typed)
        if widget.target.right:
            return PracticeMoment(practice, practice.screen(widget.target.next))
    return PracticeMoment(practice, here, misses=min(misses + 1, HELP_AFTER), pressed=widget)


def moment_of(practice: Practice, asked: Mapping[str, str]) -> PracticeMoment:
    """The moment that an address asks for (its query: screen, press, misses, typed)."""
    return play(
        practice,
        screen=asked.get("screen", ""),
        press=asked.get("press"),
        misses=count_of(asked.get("misses", "")),
        typed=count_of(asked.get("typed", "")),
    )


def count_of(words: str) -> int:
    """A number of one or two digits out of an address; 0 for anything else."""
    return int(words) if len(words) <= 2 and words.isascii() and words.isdigit() else 0
