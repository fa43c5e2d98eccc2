"""The hearing aid 晴禾坡 QH-68."""

from lms.manuals.starter.drawing.pen import (
    BLUE,
    DARK,
    GREEN,
    GREY,
    INK,
    RED,
    SKIN,
    TEAL,
    WHITE,
    YELLOW,
    arrow,
    box,
    disc,
    finger,
    head,
    path,
    table,
    text,
    waves,
)


def aid(x: float = 400, y: float = 300, mark: str = RED) -> str:
    """The body that sits behind the ear, its tube and its soft plug."""
    return (
        path(
            f"M{x - 60},{y - 170} q-110,40 -100,200 q10,150 110,170 q70,0 60,-70 q-60,-60 -40,-160 "
            f"q10,-80 50,-90 q0,-60 -80,-50 z",
            GREY,
        )
        + path(f"M{x - 20},{y - 160} q120,-30 160,80 q20,80 -30,130", line=DARK, width=12)
        + disc(x + 104, y + 70, 40, WHITE)
        + disc(x + 104, y + 70, 14, GREY)
        + disc(x - 118, y - 40, 13, mark, width=2)
        + box(x - 150, y + 10, 54, 56, BLUE, r=10)
        + text("＋", x - 123, y + 51, 36, WHITE)
        + box(x - 142, y + 74, 54, 56, BLUE, r=10)
        + text("－", x - 115, y + 115, 36, WHITE)
    )


def ear(inside: str = "") -> str:
    """A big right ear."""
    return (
        path("M120,0 L120,600 L0,600 L0,0 z", SKIN, line=SKIN)
        + path(
            "M300,520 q-70,20 -80,-60 q-90,-80 -80,-230 q20,-160 190,-170 q190,10 190,190 "
            "q0,100 -90,150 q-60,30 -60,70 q-10,50 -70,50 z",
            SKIN,
        )
        + path("M240,230 q10,-90 100,-90 q100,10 90,110 q-10,60 -70,70 q-40,10 -50,60", width=6)
        + disc(300, 320, 26, DARK, width=3)
        + inside
    )


def case(full: bool = False, inside: bool = False) -> str:
    """The charging case, open."""
    return (
        table(540)
        + box(160, 110, 480, 190, GREY, r=50)
        + box(160, 300, 480, 230, WHITE, r=50)
        + box(230, 330, 140, 110, DARK if not inside else GREY, r=40)
        + box(430, 330, 140, 110, DARK if not inside else GREY, r=40)
        + text("左", 300, 505, 46, BLUE)
        + text("右", 500, 505, 46, RED)
        + disc(400, 480, 20, GREEN if full else YELLOW, width=3)
    )


WORN = path("M330,60 q-180,30 -190,190", line=INK, width=34) + path(
    "M330,60 q80,30 40,140 q-20,80 -66,112", line=DARK, width=11
)

PICTURES = {
    "side": aid(290)
    + text("红点是右耳", 620, 200, 46, RED)
    + text("蓝点是左耳", 620, 300, 46, BLUE),
    "behind": ear(WORN) + arrow(640, 120, 400, 120),
    "plug": ear(WORN + disc(300, 320, 34, WHITE)) + finger(318, 330),
    "worn": ear(WORN + disc(300, 320, 34, WHITE)) + waves(730, 300, turned=True),
    "louder": aid(),
    "talk": path("M80,600 q10,-190 190,-200 q180,10 190,200 z", TEAL)
    + head(270, 250, 120)
    + path("M168,205 q-22,40 0,86", line=INK, width=16)
    + text("听得清", 610, 260, 64, TEAL),
    "case": case(),
    "put-in": case(inside=True) + arrow(300, 170, 300, 320) + arrow(500, 170, 500, 320),
    "full": case(full=True, inside=True) + text("灯变绿了", 400, 220, 50, GREEN),
    "wipe": aid(300)
    + path("M480,260 q60,-60 160,-30 l60,150 q-90,70 -190,30 z", YELLOW)
    + text("干布", 590, 350, 46),
}
