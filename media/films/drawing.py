"""Scene to picture: HTML with the site's own styles, laid out by WeasyPrint, drawn by PDFium.

Pure function of the scene (and of the styles): a picture's name is its fingerprint, so a scene that
was drawn is never drawn again. All that are missing of a film are drawn in one child process.
"""

import json
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from PIL import Image

from media.errors import ExplainedError
from media.films import layout
from media.films.layout import Rect, figure_rect, type_size
from media.films.storyboard import Figure, Scene

#: Raise it to have everything drawn anew; a change of the styles does so by itself.
RECIPE = 2
#: All scenes of a film, drawn one after the other.
LIMIT_SECONDS = 600
STATIC = Path("lms/static")
STYLES = (
    "css/tokens.css",
    "css/reset.css",
    "css/components/place.css",
    "css/blocks/practice-screen.css",
)
SPRITE = "vendor/phosphor-icons-2.1.1/icons.svg"
#: Of JPEG: a figure is drawn in its own pixels, so this is all that it loses.
FIGURE_QUALITY = 92
COLOURS = ("ink", "science", "smart-tech", "anti-fraud", "digital-life")

_WIDGET_OR_USE = re.compile(
    r'<svg class="icon"[^>]*><use href="[^"]*#(?P<name>[\w-]+)"></use></svg>'
    r'|<(?:button|div) class="(?P<classes>widget [^"]*)"'
)
_COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")
_SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="([^"]+)">(.*?)</symbol>', re.DOTALL)


class NotDrawn(ExplainedError):
    """The pictures could not be drawn; trying again may help."""


def picture_name(scene: Scene) -> str:
    """Name of the picture's file: the same scene has the same one, whatever film it is in."""
    return f"{sha256((scene.fingerprint + looks()).encode()).hexdigest()[:24]}.png"


def draw_scenes(scenes: Iterable[Scene], *, folder: Path) -> list[Path]:
    """Each scene's picture in `folder`, which keeps them: 1920 by 1080, PNG. Draws what is missing.

    Raises NotDrawn.
    """
    wanted = [(scene, folder / picture_name(scene)) for scene in scenes]
    missing = {path: scene for scene, path in wanted if not path.exists()}
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        draw_pages(page_of(list(missing.values())), list(missing))
    return [path for _scene, path in wanted]


def draw_pages(html: str, targets: Sequence[Path]) -> None:
    """A document with a page for each target, as PNGs of its size in pixels. Raises NotDrawn."""
    asked = json.dumps({"html": html, "targets": [str(target) for target in targets]})
    try:
        subprocess.run(
            [sys.executable, "-m", "media.films.drawing_child"],
            check=True,
            input=asked.encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=LIMIT_SECONDS,
        )
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or b""
        raise NotDrawn(
            _("画面没有画出来，请告诉管理员：服务器上的排版程序（WeasyPrint）没有装好。"),
            detail=said.decode(errors="replace")[-2000:] or str(error),
        ) from error


def page_of(scenes: Sequence[Scene]) -> str:
    """One HTML document, a page a scene, that holds all it needs."""
    return render_to_string(
        "media/films/scenes.html",
        {"scenes": [_html_of(scene) for scene in scenes], "styles": mark_safe(styles())},  # noqa: S308 - our own files
    )


def _html_of(scene: Scene) -> SafeString:
    context = {"scene": scene, "size": type_size(scene), "lines": scene.words.split("\n")}
    if scene.figure:
        place = figure_rect(scene.figure)
        context |= {"place": place, "figure": _figure(scene.figure, place)}
    return _with_icons(render_to_string("media/films/scene.html", context), scene.colour)


def _figure(figure: Figure, place: Rect) -> str:
    """Its data: address, in as many pixels as it is shown with. Raises OSError."""
    file = BytesIO()
    with default_storage.open(figure.file) as kept, Image.open(kept) as opened:
        shown = opened.convert("RGB").resize((place.width, place.height), Image.Resampling.LANCZOS)
        shown.save(file, "JPEG", quality=FIGURE_QUALITY, subsampling=0)
    return f"data:image/jpeg;base64,{b64encode(file.getvalue()).decode()}"


def _with_icons(html: str, colour: str) -> SafeString:
    """Each reference to the sprite replaced by the drawing: the child opens no file, and its
    drawings do not take their colour from the style sheet."""
    ink = colours()["on-accent"]
    drawn: list[str] = []
    end = 0
    for found in _WIDGET_OR_USE.finditer(html):
        drawn.append(html[end : found.start()])
        end = found.end()
        if found["name"] is None:
            ink = _ink_on(found["classes"].split(), colour)
            drawn.append(found[0])
            continue
        box, inside = symbols().get(found["name"], ("0 0 256 256", ""))
        fill = colours()[colour] if 'class="widget__more"' in drawn[-1][-30:] else ink
        drawn.append(f'<svg class="icon" viewBox="{box}"><g fill="{fill}">{inside}</g></svg>')
    return mark_safe("".join([*drawn, html[end:]]))  # noqa: S308 - rendered by templates


def _ink_on(classes: Sequence[str], colour: str) -> str:
    """The colour of a drawing on a thing of the phone, as practice-screen.css has it."""
    if {"widget--blue", "widget--red", "widget--green", "widget--bar"} & {*classes}:
        return colours()["on-accent"]
    if {"widget--yellow", "widget--orange"} & {*classes}:
        return colours()["ring-edge"]
    if "widget--button" in classes:
        return colours()["on-accent"]
    return colours()[colour]


@cache
def colours() -> dict[str, str]:
    """Those of the light theme in tokens.css, by their names."""
    tokens = (Path(settings.BASE_DIR) / STATIC / STYLES[0]).read_text()
    found: dict[str, str] = {}
    for name, value in _COLOUR.findall(tokens):
        found.setdefault(name, value)
    return found


@cache
def symbols() -> dict[str, tuple[str, str]]:
    """The drawings of the sprite by name: their view box, and what is in it."""
    sprite = (Path(settings.BASE_DIR) / STATIC / SPRITE).read_text()
    return {name: (box, inside) for name, box, inside in _SYMBOL.findall(sprite)}


@cache
def styles() -> str:
    """The site's style sheets, then where things stand in a scene."""
    own = render_to_string(
        "media/films/scene.css",
        {
            "layout": layout,
            "colours": COLOURS,
            "reading_height": layout.SUBTITLES_FROM - layout.SAFE_Y,
            "beside_phone": layout.PHONE.left - 128 - 72,
            "beside_figure": layout.FIGURE.left - 128 - 56,
            "pictured_width": layout.PICTURE.left - 128 - 56,
            "screen_top": layout.PHONE_EDGE + layout.PHONE_STATUS,
        },
    )
    root = Path(settings.BASE_DIR) / STATIC
    return "\n".join([*((root / name).read_text() for name in STYLES), own])


@cache
def looks() -> str:
    """Digest of all that decides how a scene is drawn, beside the scene."""
    templates = Path(settings.BASE_DIR) / "templates/media/films"
    parts = (RECIPE, styles(), (templates / "scene.html").read_text(), sorted(symbols().items()))
    return sha256(repr(parts).encode()).hexdigest()
