"""The title card, the picture of a recording of sound: its title in the site's colours."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

#: --paper, --ink and --accent of lms/static/css/tokens.css.
PAPER, INK, BAND = "#fffbf2", "#1f1a14", "#17498a"
#: Shares of the picture's height.
LARGEST_LETTER, SMALLEST_LETTER = 0.16, 0.07
LINE_HEIGHT = 1.35  # letters
#: Share of the picture's width for text, since televisions cut off the edges.
SAFE_WIDTH = 0.82
MOST_LINES = 4
#: What is not split: Latin words, numbers, and a character with the closing mark after it.
UNBROKEN = re.compile(r"[!-~]+|.[，。、！？：；）》”…]*")
#: Names of Chinese fonts on Debian, Windows and macOS, for machines without fontconfig.
FONTS = ("NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc", "wqy-zenhei.ttc", "wqy-microhei.ttc",
         "SourceHanSansSC-Regular.otf", "msyh.ttc", "PingFang.ttc")  # fmt: skip


def draw_title_card(title: str, target: Path, *, width: int, height: int) -> None:
    """Write a picture with the title, as PNG or JPEG by the target's suffix; without text on a
    machine that has no Chinese font."""
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 0.94, width, height), fill=BAND)
    name = chinese_font()
    if name is not None:
        _write(draw, title, name, width=width, height=height)
    image.save(target, quality=90)


def _write(
    draw: ImageDraw.ImageDraw, title: str, name: tuple[str, int], *, width: int, height: int
) -> None:
    """Write the title as large as it fits; a title too long for the smallest size is cut."""
    size = LARGEST_LETTER * height
    while True:
        font = ImageFont.truetype(name[0], round(size), index=name[1])
        lines = list(_broken(title, font, SAFE_WIDTH * width))
        if len(lines) <= min(MOST_LINES, 0.75 * height / (size * LINE_HEIGHT)):
            break
        if size <= SMALLEST_LETTER * height:
            lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]
            break
        size *= 0.9
    middle = 0.47 * height
    for number, line in enumerate(lines):
        y = middle + (number - (len(lines) - 1) / 2) * size * LINE_HEIGHT
        draw.text((width / 2, y), line, font=font, fill=INK, anchor="mm")


def _broken(title: str, font: ImageFont.FreeTypeFont, most: float) -> Iterator[str]:
    """Lines of nearly equal length, none wider than `most` pixels."""
    text = " ".join(title.split())
    count = -(-font.getlength(text) // most)
    wanted = font.getlength(text) / max(1, count)
    line = ""
    parts = UNBROKEN.findall(text)
    if any(font.getlength(part) > most for part in parts):
        parts = list(text)
    for part in parts:
        longer = line + part
        if line and (font.getlength(longer) > most or font.getlength(line) >= wanted):
            yield line.strip()
            longer = part
        line = longer
    if line.strip():
        yield line.strip()


@cache
def chinese_font() -> tuple[str, int] | None:
    """The file of a font with Chinese letters, and which one in it; None when there is none."""
    return _font_by_fontconfig() or _font_by_name()


def _font_by_fontconfig() -> tuple[str, int] | None:
    """By fc-match, which picks the best one; bold is legible from further away."""
    try:
        listed = subprocess.run(
            ["fc-match", "-f", "%{file}\n%{index}\n%{lang}", "sans:lang=zh-cn:bold"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    file, index, languages = listed.split("\n", 2)
    return (file, int(index)) if "zh-cn" in languages else None


def _font_by_name() -> tuple[str, int] | None:
    for name in FONTS:
        try:
            return (str(ImageFont.truetype(name).path), 0)
        except OSError:
            continue
    return None
