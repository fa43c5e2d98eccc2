"""The blood-pressure meter 晴禾坡 QH-21."""

from lms.manuals.starter.drawing.pen import (
    BLUE,
    DARK,
    GREY,
    MIST,
    PAPER,
    RED,
    SKIN,
    SKY,
    TEAL,
    WHITE,
    WOOD,
    arrow,
    box,
    disc,
    head,
    path,
    table,
    text,
)


def meter(high: str = "", low: str = "", note: str = "") -> str:
    """The meter from the front; its screen is dark while it says nothing."""
    lit = bool(high or note)
    return (
        box(170, 60, 460, 460, WHITE, r=48)
        + box(215, 105, 370, 240, MIST if lit else GREY, r=20)
        + (text("高压", 275, 175, 30) + text(high, 440, 195, 92) if high else "")
        + (text("低压", 275, 285, 30) + text(low, 440, 305, 92) if low else "")
        + (text(note, 400, 245, 54) if note else "")
        + box(230, 385, 130, 90, GREY, r=24)
        + text("记录", 295, 443, 38)
        + box(400, 370, 180, 115, BLUE, r=34)
        + text("开始", 490, 443, 48, WHITE)
    )


def sitter(cuff: bool = False) -> str:
    """Somebody who sits at a table, an arm on it."""
    return (
        box(120, 360, 40, 220, WOOD, r=6)
        + box(120, 440, 230, 34, WOOD, r=6)
        + box(320, 470, 30, 110, WOOD, r=6)
        + path("M190,270 q90,-50 150,10 l20,170 l-190,0 z", TEAL)
        + head(260, 170, 74)
        + path("M300,460 l120,0 l0,110 l-50,0 l0,-60 l-80,0 z", DARK)
        + box(430, 380, 360, 34, WOOD, r=6)
        + box(720, 414, 30, 170, WOOD, r=6)
        + path("M300,300 q70,60 140,66 l120,0 q26,-16 0,-40 l-110,-4 q-60,-20 -100,-70 z", SKIN)
        + (path("M322,272 l60,56 l-40,44 l-62,-66 z", BLUE) if cuff else "")
        + box(620, 320, 110, 60, WHITE, r=10)
        + box(634, 330, 50, 40, SKY, r=4, width=3)
    )


def arm(cuff: bool, hand: str = "") -> str:
    """An upper arm from the side, the elbow on the right."""
    return (
        path("M0,210 L430,230 q60,4 100,60 l170,190 l-70,60 l-190,-150 L0,400 z", SKIN)
        + path("M452,262 q-24,40 -10,82", line=DARK, width=4)
        + (box(140, 180, 210, 250, BLUE, r=22) + box(140, 280, 210, 46, SKY, r=0) if cuff else "")
        + (path("M245,430 q-10,90 90,120 l420,0", line=DARK, width=14) if cuff else "")
        + hand
    )


def back(batteries: str = "") -> str:
    """The meter turned round, its lid open or shut."""
    inside = "".join(
        box(x, 225, 62, 190, batteries, r=10) + box(x + 18, 207, 26, 18, GREY, r=4)
        for x in (250, 330, 410, 490)
    )
    shut = text("电池盖", 400, 300, 46) + "".join(
        path(f"M{x},350 l40,34 l40,-34", width=8) for x in (290, 360, 430)
    )
    return (
        box(150, 70, 500, 460, WHITE, r=48)
        + box(210, 180, 380, 270, DARK if batteries else GREY, r=22)
        + (inside if batteries else shut)
    )


PICTURES = {
    "sit": sitter(),
    "wear": arm(cuff=True)
    + arrow(420, 110, 420, 205)
    + text("肘弯", 470, 95, 40)
    + path("M352,500 l80,0", line=RED, width=10)
    + text("一指宽", 396, 480, 34),
    "level": sitter(cuff=True)
    + path("M230,330 L700,330", line=RED, width=5)
    + text("一样高", 560, 300, 36),
    "start": meter(),
    "hold": meter(note="正在量…"),
    "numbers": meter("128", "78"),
    "record": meter("128", "78") + disc(560, 130, 26, PAPER) + text("1", 560, 143, 36),
    "record-more": meter("131", "80") + disc(560, 130, 26, PAPER) + text("2", 560, 143, 36),
    "lid": back() + arrow(400, 500, 400, 575),
    "old": back(GREY) + arrow(280, 200, 280, 40),
    "new": back(BLUE) + text("照着图放", 400, 140, 40),
    "ready": meter(note="好了") + table(560),
}
