"""The television box 苇塘月 WT-1."""

from lms.manuals.starter.drawing.pen import (
    BLUE,
    DARK,
    GREEN,
    GREY,
    INK,
    RED,
    SKY,
    TEAL,
    WHITE,
    YELLOW,
    box,
    disc,
    path,
    table,
    text,
)


def remote(x: float = 400) -> str:
    """A remote control with few keys."""
    return (
        box(x - 120, 10, 240, 580, DARK, r=60)
        + disc(x, 82, 46, RED)
        + text("开关", x, 94, 32, WHITE)
        + disc(x, 240, 96, GREY)
        + disc(x, 240, 44, WHITE)
        + text("确定", x, 252, 32)
        + path(f"M{x - 16},168 l16,-16 l16,16 M{x - 16},312 l16,16 l16,-16", width=7)
        + path(f"M{x - 72},224 l-14,16 l14,16 M{x + 72},224 l14,16 l-14,16", width=7)
        + box(x - 96, 370, 84, 70, WHITE, r=20)
        + text("返回", x - 54, 417, 32)
        + box(x + 12, 370, 84, 70, WHITE, r=20)
        + text("首页", x + 54, 417, 32)
        + box(x - 96, 470, 84, 80, YELLOW, r=20)
        + text("大声", x - 54, 522, 32)
        + box(x + 12, 470, 84, 80, YELLOW, r=20)
        + text("小声", x + 54, 522, 32)
    )


def screen(inside: str, ground: str = SKY) -> str:
    """A television on its foot, the box below."""
    return (
        table(545)
        + box(60, 30, 680, 420, DARK, r=20)
        + box(82, 52, 636, 376, ground, r=8, width=3)
        + inside
        + box(300, 490, 200, 56, INK, r=12)
        + disc(470, 518, 8, GREEN, width=1)
    )


def home(chosen: int) -> str:
    """Four big tiles, one of them framed."""
    names = (("看戏", TEAL), ("电视剧", BLUE), ("新闻", DARK), ("听书", GREEN))
    return "".join(
        box(120 + 300 * (n % 2), 90 + 165 * (n // 2), 260, 135, colour,
            line=YELLOW if n == chosen else INK, width=16 if n == chosen else 4)
        + text(name, 250 + 300 * (n % 2), 180 + 165 * (n // 2), 58, WHITE)
        for n, (name, colour) in enumerate(names)
    )  # fmt: skip


def volume(bars: int) -> str:
    return text("声音", 190, 250, 52, WHITE) + "".join(
        box(270 + 44 * n, 200, 32, 64, YELLOW if n < bars else DARK, r=6, width=2) for n in range(9)
    )


PICTURES = {
    "set-on": screen(text("没有画面", 400, 260, 54, WHITE), INK),
    "power": remote(),
    "lights": screen(home(-1)),
    "home": screen(home(0)),
    "opera": screen(
        box(110, 80, 580, 90, TEAL, line=YELLOW, width=14)
        + text("第一出　花木兰", 400, 142, 46, WHITE)
        + box(110, 190, 580, 90, WHITE)
        + text("第二出　天仙配", 400, 252, 46)
        + box(110, 300, 580, 90, WHITE)
        + text("第三出　穆桂英", 400, 362, 46)
    ),
    "volume": screen(volume(6), INK),
}
