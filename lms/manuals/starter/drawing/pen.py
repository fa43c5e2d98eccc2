"""A few strokes from which every picture is made. Places and sizes are pixels of 800 by 600."""

from html import escape
from io import BytesIO

import pypdfium2
from PIL import Image
from weasyprint import HTML

WIDTH, HEIGHT = 800, 600
#: Flat colours, few of them: the files stay small, and what matters stands out.
PAPER, INK, WHITE, GREY, DARK = "#fffbf2", "#1f1a14", "#ffffff", "#d9d0bf", "#4a4238"
TEAL, MIST, BLUE, SKY = "#0a5550", "#d3e6e1", "#17498a", "#d5e2f3"
RED, GREEN, YELLOW, SKIN, WOOD = "#b3261e", "#1c6b34", "#ffd23f", "#f2cda9", "#e6cfa5"
COLOURS = 32
FONT = "Noto Sans CJK SC"


def box(
    x: float,
    y: float,
    w: float,
    h: float,
    fill: str = WHITE,
    *,
    line: str = INK,
    width: float = 5,
    r: float = 16,
) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}" fill="{fill}" '
        f'stroke="{line}" stroke-width="{width}"/>'
    )


def disc(
    x: float, y: float, r: float, fill: str = WHITE, *, line: str = INK, width: float = 5
) -> str:
    return (
        f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}" stroke="{line}" stroke-width="{width}"/>'
    )


def path(d: str, fill: str = "none", *, line: str = INK, width: float = 5) -> str:
    return (
        f'<path d="{d}" fill="{fill}" stroke="{line}" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def text(words: str, x: float, y: float, size: float = 36, fill: str = INK) -> str:
    """Centred on x; y is where the letters stand."""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" text-anchor="middle" '
        f'font-weight="700" font-family="{FONT}">{escape(words)}</text>'
    )


def arrow(x: float, y: float, to_x: float, to_y: float, colour: str = RED) -> str:
    """From x, y, its point at to_x, to_y; level or upright."""
    back_x, back_y = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
    left = f"{to_x - 34 * back_x - 26 * back_y},{to_y - 34 * back_y - 26 * back_x}"
    right = f"{to_x - 34 * back_x + 26 * back_y},{to_y - 34 * back_y + 26 * back_x}"
    return path(f"M{x},{y} L{to_x},{to_y} M{left} L{to_x},{to_y} L{right}", line=colour, width=12)


def finger(x: float, y: float) -> str:
    """A finger from below on the right, its tip at x, y."""
    skin = f"M{x - 27},{y + 300} L{x - 27},{y + 27} a27,27 0 0 1 54,0 L{x + 27},{y + 300}"
    nail = f"M{x - 13},{y + 34} L{x - 13},{y + 20} a13,13 0 0 1 26,0 L{x + 13},{y + 34} z"
    turned = path(skin, SKIN) + path(nail, PAPER, width=3)
    return f'<g transform="rotate(-24 {x} {y})">{turned}</g>'


def waves(x: float, y: float, colour: str = BLUE, *, turned: bool = False) -> str:
    """Sound that goes to the right, or to the left when turned."""
    side, sweep = (-1, 0) if turned else (1, 1)
    return "".join(
        path(
            f"M{x + side * step},{y - 14 - step} A{30 + step},{30 + step} 0 0 {sweep} "
            f"{x + side * step},{y + 14 + step}",
            line=colour,
            width=9,
        )
        for step in (0, 28, 56)
    )


def table(y: float = 520) -> str:
    return box(-10, y, 820, 100, WOOD, r=0)


def bubble(words: str, x: float, y: float, w: float) -> str:
    """What somebody says; x, y: its top left corner, its tail below on the left."""
    return (
        path(f"M{x + 60},{y + 96} L{x + 30},{y + 146} L{x + 120},{y + 96}", WHITE)
        + box(x, y, w, 100, WHITE, r=44)
        + path(f"M{x + 64},{y + 98} L{x + 114},{y + 98}", line=WHITE, width=9)
        + text(words, x + w / 2, y + 65, 42)
    )


def head(x: float, y: float, r: float = 62) -> str:
    """An old face, grey hair, content."""
    return (
        disc(x, y - r * 0.18, r * 1.08, GREY)
        + disc(x, y, r * 0.94, SKIN)
        + disc(x - r * 0.33, y - r * 0.1, r * 0.06, INK, width=1)
        + disc(x + r * 0.33, y - r * 0.1, r * 0.06, INK, width=1)
        + path(f"M{x - r * 0.32},{y + r * 0.35} q{r * 0.32},{r * 0.26} {r * 0.64},0", width=4)
    )


def drawn(shapes: str) -> bytes:
    """The PNG of a picture."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}px" height="{HEIGHT}px">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>{shapes}</svg>'
    )
    sheet = f"@page{{size:{WIDTH}px {HEIGHT}px;margin:0}}body{{margin:0}}svg{{display:block}}"
    pdf = pypdfium2.PdfDocument(HTML(string=f"<style>{sheet}</style>{svg}").write_pdf())
    bitmap = pdf[0].render(scale=96 / 72).to_pil().convert("RGB").resize((WIDTH, HEIGHT))
    small = bitmap.quantize(
        colors=COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    file = BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()
