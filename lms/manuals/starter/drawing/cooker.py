"""The induction cooker 苇塘月 WT-3."""

from lms.manuals.starter.drawing.pen import (
    DARK,
    GREY,
    INK,
    RED,
    SKY,
    TEAL,
    WHITE,
    WOOD,
    YELLOW,
    arrow,
    box,
    disc,
    path,
    table,
    text,
)


def cooker(pot: str = "", says: str = "", locked: bool = False) -> str:
    """From above and before: the plate, below it the panel with three keys."""
    keys = (("开关", 220, RED), ("烧水", 400, TEAL), ("锁", 580, DARK))
    return (
        box(110, 20, 580, 560, INK, r=40)
        + disc(400, 210, 160, DARK, line=GREY)
        + disc(400, 210, 90, DARK, line=GREY, width=3)
        + pot
        + box(300, 385, 200, 62, DARK, line=GREY, r=10, width=3)
        + text(says, 400, 432, 44, YELLOW)
        + "".join(
            box(x - 78, 465, 156, 96, colour, line=GREY, r=24) + text(word, x, 527, 42, WHITE)
            for word, x, colour in keys
        )
        + (disc(650, 440, 20, YELLOW, width=2) if locked else "")
    )


def pot(lid: bool = True) -> str:
    return (
        box(228, 180, 40, 60, DARK, r=10)
        + box(532, 180, 40, 60, DARK, r=10)
        + disc(400, 210, 138, GREY if lid else SKY)
        + (disc(400, 210, 26, DARK) if lid else text("水", 400, 232, 64))
    )


def steam() -> str:
    return "".join(
        path(f"M{x},120 q-24,-30 0,-56 q24,-26 0,-52", line=WHITE, width=9) for x in (340, 400, 460)
    )


def stool(words: str, colour: str) -> str:
    """The cooker from the side, on a table."""
    return (
        table(470)
        + box(180, 400, 440, 70, INK, r=14)
        + box(270, 250, 260, 150, GREY)
        + box(230, 290, 40, 40, DARK)
        + box(530, 290, 40, 40, DARK)
        + text(words, 400, 150, 54, colour)
    )


PICTURES = {
    "flat": stool("摆平，离墙一只手", TEAL)
    + box(740, 40, 60, 430, WOOD, r=0)
    + arrow(640, 350, 730, 350)
    + arrow(730, 350, 640, 350),
    "water": cooker(pot(lid=False)),
    "pot": cooker(pot()),
    "on": cooker(pot(), "开了"),
    "boiling": cooker(pot() + steam(), "100°"),
    "cool": cooker(says="烫")
    + disc(650, 120, 86, WHITE)
    + path("M650,120 l0,-56 M650,120 l40,24", width=10),
    "lock": cooker(says="开了"),
    "locked": cooker(says="锁了", locked=True),
}
