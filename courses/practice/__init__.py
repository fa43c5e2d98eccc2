"""A practice on a pretend phone: how it is played, its rules for authors, its drawings."""

from courses.practice.play import (
    END,
    HELP,
    Box,
    Practice,
    PracticeMoment,
    Screen,
    ScreenPicture,
    Target,
    Widget,
    moment_of,
    play,
)

__all__ = [
    "END",
    "HELP",
    "Box",
    "Practice",
    "PracticeMoment",
    "Screen",
    "ScreenPicture",
    "Target",
    "Widget",
    "moment_of",
    "play",
]
