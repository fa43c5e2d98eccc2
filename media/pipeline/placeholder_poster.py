"""The poster until a film's own is there, or for good where none can be had: a drawn television.

It has no letters, so no font is needed.
"""

from pathlib import Path

from PIL import Image, ImageDraw

from media.ffmpeg.poster import HEIGHT, WIDTH

#: From lms/static/css/tokens.css: paper, raised, ink, smart-tech.
PAPER, RAISED, INK, GREEN = "#fffbf2", "#f5ecd9", "#1f1a14", "#0a5550"
#: Drawn so large, in steps of LARGER, and then scaled down, which smooths the edges.
DRAWN_WIDTH, DRAWN_HEIGHT, LARGER = 1280, 720, 2


def draw_placeholder_poster(target: Path) -> None:
    """Write it to `target` as JPEG, in a poster's size."""
    picture = Image.new("RGB", (DRAWN_WIDTH * LARGER, DRAWN_HEIGHT * LARGER), PAPER)
    drawing = ImageDraw.Draw(picture)

    def at(*places: int) -> list[int]:
        return [place * LARGER for place in places]

    drawing.rectangle(at(0, 590, 1280, 720), fill=RAISED)  # what it stands on
    for left in (440, 760):
        drawing.rounded_rectangle(at(left, 560, left + 80, 620), LARGER * 12, fill=INK)
    drawing.rounded_rectangle(at(260, 110, 1020, 580), LARGER * 44, fill=INK)
    drawing.rounded_rectangle(at(290, 140, 990, 550), LARGER * 24, fill=GREEN)
    drawing.ellipse(at(520, 225, 760, 465), fill=PAPER)
    drawing.polygon(at(600, 280, 600, 410, 705, 345), fill=GREEN)
    picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(target, quality=85)
