"""Pages for what has none: Word, slides, HTML and photographs, so that a step has its page of the
original beside it whatever the file was."""

import html
import io
import logging
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image, ImageOps
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from lms.manuals.exchange.originals.items import Contents, Grid, Item, Omission, Passage, Shot
from lms.manuals.exchange.originals.kinds.pdf import JPEG_QUALITY, MOST_PAGES, PAGE_PIXELS, render
from lms.manuals.exchange.originals.kinds.pictures import WorkFolder
from lms.manuals.exchange.originals.progress import tell_page

logger = logging.getLogger(__name__)

#: Pixels of a picture on such a page.
SHOWN_SIDE: Final = 480
STYLE: Final = """
@page { size: 148mm 210mm; margin: 11mm 12mm }
body { font: 10.5pt/1.5 "Noto Sans CJK SC", "Source Han Sans SC", sans-serif; color: #222 }
h1 { font-size: 17pt; margin: 4mm 0 2mm } h2 { font-size: 14pt; margin: 4mm 0 2mm }
h3 { font-size: 12pt; margin: 3mm 0 1mm } p, h1, h2, h3, div { overflow-wrap: anywhere }
p { margin: 1.2mm 0 } .number, .bullet { margin-left: 5mm } .bullet::before { content: "• " }
.box { border: 0.5pt solid #777; padding: 1mm 2mm }
img { max-width: 70mm; max-height: 60mm; display: block; margin: 1.5mm 0 }
table { border-collapse: collapse; width: 100% }
td { border: 0.5pt solid #999; padding: 1mm 1.5mm; vertical-align: top }
td img { max-width: 40mm } .leaf { break-before: page }
"""


def give_pages(contents: Contents, folder: WorkFolder) -> None:
    """Lays the items out, renders the pages, and tells each item its page. Where that fails, there
    are no pages, and it is told."""
    if all(isinstance(i, Passage) and i.shots and not i.text for i in contents.items):
        give_photos(contents.items, folder.path)
        return
    try:
        leaves = lay_out(contents.items, folder.path)
    except Exception:  # whatever WeasyPrint's many parts raise; the words are there without it
        logger.exception("The pages could not be laid out")
        for path in folder.path.glob("page-*.jpg"):
            path.unlink()
        contents.doubts.append(Omission("no_pages"))
        leaves = {}
    for n, item in enumerate(contents.items):
        set_page(item, leaves.get(n, 0))


def give_photos(items: list[Item], folder: Path) -> None:
    for number, item in enumerate(items, 1):
        set_page(item, number)
        assert isinstance(item, Passage)
        image = ImageOps.exif_transpose(Image.open(folder / item.shots[0].file)).convert("RGB")
        image.thumbnail((PAGE_PIXELS, PAGE_PIXELS))
        image.save(folder / f"page-{number:03}.jpg", "JPEG", quality=JPEG_QUALITY)


def set_page(item: Item, page: int) -> None:
    item.page = page
    shots = []
    if isinstance(item, Passage):
        shots = item.shots
    elif isinstance(item, Grid):
        shots = [shot for row in item.rows for cell in row for shot in cell.shots]
    for shot in shots:
        shot.page = page


def lay_out(items: list[Item], folder: Path) -> dict[int, int]:
    """The page of each item, by its place."""
    body, leaf = [], items[0].page if items else 0
    for n, item in enumerate(items):
        begins = "leaf" if item.page != leaf else ""
        leaf = item.page
        body.append(f'<div id="i{n}" class="{begins}">{"".join(parts_of(item, folder))}</div>')
    page = f"<meta charset=utf-8><style>{STYLE}</style><body>{''.join(body)}"
    document = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=("data",))).render()
    found: dict[int, int] = {}
    for number, each in enumerate(document.pages[:MOST_PAGES], 1):
        for anchor in each.anchors:
            found.setdefault(int(anchor[1:]), number)
    made = pypdfium2.PdfDocument(document.copy(document.pages[:MOST_PAGES]).write_pdf())
    for number in range(1, len(made) + 1):
        render(made[number - 1], folder / f"page-{number:03}.jpg", PAGE_PIXELS)
        tell_page(number, len(made))
    return found


def parts_of(item: Item, folder: Path) -> Iterator[str]:
    if isinstance(item, Shot):
        yield picture(item, folder)
    elif isinstance(item, Grid):
        rows = "".join(
            "<tr>"
            + "".join(
                f"<td>{'<br>'.join(map(html.escape, cell.passages))}"
                f"{''.join(picture(shot, folder) for shot in cell.shots)}</td>"
                for cell in row
            )
            + "</tr>"
            for row in item.rows
        )
        yield f"<table>{rows}</table>"
    else:
        tag = f"h{min(item.level, 3)}" if item.level else "p"
        kind = f"{item.listed}{' box' if item.box is not None else ''}"
        words = html.escape(item.text)
        yield f'<{tag} class="{kind}">{f"<b>{words}</b>" if item.strong else words}</{tag}>'
        for shot in item.shots:
            yield picture(shot, folder)


def picture(shot: Shot, folder: Path) -> str:
    image = ImageOps.exif_transpose(Image.open(folder / shot.file))
    image = image.convert("RGBA") if image.has_transparency_data else image.convert("RGB")
    image.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    shown = Image.new("RGB", image.size, "white")
    shown.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    file = io.BytesIO()
    shown.save(file, "JPEG", quality=JPEG_QUALITY)
    return f'<img src="data:image/jpeg;base64,{b64encode(file.getvalue()).decode()}">'
