"""A cover's scene to its two files: SVG laid out by the films' renderer, or a photograph cut."""

import os
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageOps

from media.covers.scenes import MOST_DRAWINGS, CoverScene
from media.films.drawing import colours, draw_pages
from media.pipeline.scratch import scratch_folder

WIDTH, HEIGHT, BAND = 640, 360, 20  # pixels
#: The side of one drawing alone, and of each of two or three.
ALONE, TOGETHER, GAP = 288, 164, 12
MOST_BYTES = 20_000
QUALITIES = (82, 74, 66, 58, 50, 40)
#: By how much the picture is made smaller and larger again.
COARSER = (1, 2, 4, 8)


def draw_covers(scenes: Sequence[CoverScene]) -> list[Image.Image]:
    """Their pictures, in order; all drawings in one process. Raises media.films.drawing.NotDrawn,
    and OSError where a photograph cannot be read."""
    drawn = [scene for scene in scenes if not scene.photo]
    with scratch_folder(f"covers-{os.getpid()}") as folder:
        targets = [folder / f"{number}.png" for number, _scene in enumerate(drawn)]
        if drawn:
            draw_pages(html_of(drawn), targets)
        pictures = iter([_read(target) for target in targets])
    return [_photograph(scene) if scene.photo else next(pictures) for scene in scenes]


def packed(picture: Image.Image, *, kind: str) -> bytes:
    """As a file of at most MOST_BYTES; `kind` is WEBP or JPEG. A photograph that is full of grain
    loses it before it loses more."""
    options: dict[str, int] = {"method": 6} if kind == "WEBP" else {}
    file = BytesIO()
    for coarser in COARSER:
        small = picture.resize((WIDTH // coarser, HEIGHT // coarser), Image.Resampling.LANCZOS)
        smooth = small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        for quality in QUALITIES:
            file = BytesIO()
            smooth.save(file, kind, quality=quality, **options)
            if file.tell() <= MOST_BYTES:
                return file.getvalue()
    return file.getvalue()


def html_of(scenes: Iterable[CoverScene]) -> str:
    """One document, a page a scene."""
    size = f"@page {{ size: {WIDTH}px {HEIGHT}px; margin: 0 }}"
    pages = "".join(f"<div>{_svg_of(scene)}</div>" for scene in scenes)
    return (
        f"<style>{size} body {{ margin: 0 }} div {{ break-after: page }} svg {{ display: block }}"
        f"</style>{pages}"
    )


def _svg_of(scene: CoverScene) -> str:
    shown = scene.drawings[:MOST_DRAWINGS]
    side = ALONE if len(shown) < 2 else TOGETHER
    left = (WIDTH - len(shown) * side - (len(shown) - 1) * GAP) / 2
    top = (HEIGHT - BAND - side) / 2
    paper, raised = colours()["paper"], colours()["raised"]
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{paper}"/>',
        f'<ellipse cx="{WIDTH / 2}" cy="{HEIGHT - BAND}" rx="300" ry="112" fill="{raised}"/>',
        f'<rect y="{HEIGHT - BAND}" width="{WIDTH}" height="{BAND}" fill="{_band(scene)}"/>',
    ]
    for number, drawing in enumerate(shown):
        place = f'x="{left + number * (side + GAP)}" y="{top}" width="{side}" height="{side}"'
        parts.append(drawing.replace("<svg ", f"<svg {place} ", 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    )


def _band(scene: CoverScene) -> str:
    return colours().get(scene.colour, colours()["ink"])


def _read(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGB")


def _photograph(scene: CoverScene) -> Image.Image:
    with default_storage.open(scene.photo) as file, Image.open(file) as whole:
        upright = ImageOps.exif_transpose(whole).convert("RGB")
    picture = Image.new("RGB", (WIDTH, HEIGHT), colours()["paper"])
    if scene.whole:
        picture.paste(ImageOps.pad(upright, (WIDTH, HEIGHT - BAND), color=colours()["paper"]))
    else:  # a face is rather above the middle than below
        picture.paste(ImageOps.fit(upright, (WIDTH, HEIGHT), centering=(0.5, 0.35)))
    band = (0, HEIGHT - BAND, WIDTH, HEIGHT)
    ImageDraw.Draw(picture).rectangle(band, fill=_band(scene))
    return picture
