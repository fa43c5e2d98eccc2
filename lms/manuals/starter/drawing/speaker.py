"""The speaker that listens 松影岭 SY-9."""

from lms.manuals.starter.drawing.pen import (
    BLUE,
    DARK,
    GREY,
    INK,
    RED,
    TEAL,
    WHITE,
    box,
    bubble,
    disc,
    head,
    path,
    table,
    text,
    waves,
)


def speaker(light: str = GREY, x: float = 520) -> str:
    """A round can on a table, a ring of light around its top."""
    holes = "".join(
        disc(x - 84 + 42 * column, 300 + 44 * row, 8, DARK, width=1)
        for row in range(5)
        for column in range(5)
    )
    return (
        table()
        + box(x - 130, 190, 260, 350, GREY, r=60)
        + box(x - 130, 190, 260, 56, light, r=28)
        + holes
    )


def top(light: str = GREY, microphone: str = WHITE) -> str:
    """Seen from above: four keys."""
    return (
        disc(400, 300, 280, light)
        + disc(400, 300, 236, WHITE)
        + disc(400, 160, 78, GREY)
        + text("大声", 400, 175, 42)
        + disc(400, 440, 78, GREY)
        + text("小声", 400, 455, 42)
        + disc(255, 300, 78, GREY)
        + text("停", 255, 317, 46)
        + disc(545, 300, 78, microphone)
        + text("不听", 545, 315, 42, WHITE if microphone == RED else INK)
    )


def sayer(words: str, light: str = GREY, width: float = 320) -> str:
    return (
        speaker(light, 640)
        + path("M40,600 q10,-150 150,-160 q140,10 150,160 z", TEAL)
        + head(190, 330, 100)
        + bubble(words, 150, 60, width)
    )


PICTURES = {
    "call": sayer("小岭小岭"),
    "blue": speaker(BLUE, 400) + text("灯变蓝了", 400, 140, 52, BLUE),
    "ask": sayer("放一段京剧", BLUE, 340),
    "plays": speaker(BLUE, 330)
    + waves(500, 330)
    + path("M640,330 l0,-130 l60,-20 l0,120", width=10)
    + disc(616, 336, 26, INK)
    + disc(676, 306, 26, INK),
    "top": top(),
    "deaf": top(RED, RED),
}
