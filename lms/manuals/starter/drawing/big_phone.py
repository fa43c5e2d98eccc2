"""The telephone with big keys 松影岭 SY-5."""

from lms.manuals.starter.drawing.pen import (
    BLUE,
    DARK,
    GREEN,
    GREY,
    MIST,
    PAPER,
    RED,
    SKIN,
    SKY,
    TEAL,
    WHITE,
    box,
    disc,
    finger,
    head,
    path,
    text,
    waves,
)


def phone(line_1: str = "9:00", line_2: str = "", lit: bool = True) -> str:
    """From the front: a screen, three keys with faces, green and red, numbers."""
    faces = "".join(
        box(x, 235, 92, 92, colour, r=18) + text(word, x + 46, 296, 38, WHITE)
        for x, word, colour in ((247, "女儿", TEAL), (354, "儿子", BLUE), (461, "邻居", DARK))
    )
    numbers = "".join(
        box(247 + 107 * (n % 3), 428 + 52 * (n // 3), 92, 44, WHITE, r=12, width=4)
        + text(key, 293 + 107 * (n % 3), 462 + 52 * (n // 3), 34)
        for n, key in enumerate("123456789")
    )
    return (
        box(215, 8, 370, 586, GREY, r=50)
        + box(247, 40, 306, 175, MIST if lit else DARK, r=16)
        + text(line_1, 400, 112 if line_2 else 148, 58 if line_2 else 70)
        + text(line_2, 400, 180, 44)
        + faces
        + box(247, 342, 140, 72, GREEN, r=26)
        + text("接", 317, 393, 44, WHITE)
        + box(413, 342, 140, 72, RED, r=26)
        + text("挂", 483, 393, 44, WHITE)
        + numbers
    )


def speaking(words: str = "") -> str:
    """Somebody with the telephone at the ear."""
    return (
        path("M180,600 q10,-190 210,-200 q200,10 220,200 z", TEAL)
        + head(390, 230, 130)
        + box(500, 150, 64, 190, GREY, r=20)
        + path("M470,560 q120,-60 110,-220 l-60,-20 q-10,120 -90,170 z", SKIN)
        + waves(610, 220)
        + (text(words, 150, 140, 60) if words else "")
    )


def back(pressed: bool = False) -> str:
    """Turned round: the red key for help."""
    return (
        box(215, 8, 370, 586, GREY, r=50)
        + disc(400, 90, 30, DARK)
        + box(300, 170, 200, 200, RED, r=100)
        + text("求助", 400, 290, 60, WHITE)
        + "".join(path(f"M{x},480 l0,60", width=8) for x in (340, 370, 400, 430, 460))
        + (finger(430, 300) if pressed else "")
    )


PICTURES = {
    "ringing": phone("女儿", "来电话了") + waves(620, 120) + waves(180, 120, turned=True),
    "talk": speaking(),
    "hang-up": phone("女儿", "正在说话"),
    "family": phone(),
    "calling": phone("女儿", "正在拨…"),
    "called": speaking("嘟——"),
    "help-key": back(),
    "help-hold": back(pressed=True) + text("1、2、3", 695, 300, 52),
    "help-rings": phone("求助", "正在打给女儿")
    + waves(620, 120, RED)
    + waves(180, 120, RED, turned=True),
    "charge": phone("9:00", "正在充电")
    + box(330, 560, 140, 40, SKY, r=6)
    + path("M400,600 l0,-6", PAPER, width=12),
}
