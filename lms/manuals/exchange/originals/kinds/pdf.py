"""A PDF, by PDFium: letters with their places, pictures, lines, and the pages as pictures."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium_c

from lms.manuals.exchange.originals import layout, signs
from lms.manuals.exchange.originals.items import (
    Contents,
    FileRefused,
    Grid,
    Item,
    Omission,
    Passage,
    Shot,
)
from lms.manuals.exchange.originals.kinds.pictures import LEAST_SIDE, WorkFolder
from lms.manuals.exchange.originals.kinds.turned import Placing, turn_to_its_words, upright
from lms.manuals.exchange.originals.layout import Area, PlacedShot, Sheet, TextBlock, TextLine
from lms.manuals.exchange.originals.lineless import take_lineless
from lms.manuals.exchange.originals.progress import tell_page
from lms.manuals.exchange.originals.rules import take_frames

MOST_PAGES: Final = 200
#: Pixels of a page's width beside its step, and of a scanned one that becomes the step's picture.
PAGE_PIXELS: Final = 900
SCAN_PIXELS: Final = 1500
JPEG_QUALITY: Final = 78
#: Letters of a page that has words; of a scan at most a stamp's.
LEAST_LETTERS: Final = 15
#: Of a page's height, above and below, where headers and page numbers stand.
BORDER: Final = 0.1
#: Points of a picture's longer side on paper; what is smaller is a sign.
LEAST_POINTS: Final = 36
#: Drawn shapes of a page beyond lines and frames that make a drawing.
DRAWING_SHAPES: Final = 150
MOST_SHAPES: Final = 6000
#: Of a line's height: the widest white between two Latin words of a line with straight edges.
JUSTIFIED_GAP: Final = 1.6
#: Of the body's letters; larger ones are a heading's.
HEADING_SIZE: Final = 1.12


def read_pdf(path: Path, folder: WorkFolder) -> Contents:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD
        raise FileRefused("password" if is_locked else "broken") from error
    count = len(document)
    if count > MOST_PAGES:
        raise FileRefused("too_many_pages", pages=count, most=MOST_PAGES)
    if count == 0:
        raise FileRefused("empty")
    sheets: list[Sheet] = []
    wordless: set[int] = set()
    for number in range(1, count + 1):
        page = document[number - 1]
        turn_to_its_words(page)
        render(page, folder.path / f"page-{number:03}.jpg", PAGE_PIXELS)
        sheet = read_page(page, number, folder)
        sheets.append(sheet)
        if is_wordless(sheet):
            wordless.add(number)
        tell_page(number, count)
        page.close()
    if len(wordless) * 5 >= count * 4:
        return scanned(document, folder)
    folder.doubts += [Omission("wordless_page", number) for number in sorted(wordless)]
    drop_borders(sheets)
    level = levels_of(sheets)
    items: list[Item] = []
    for sheet in sheets:
        items += layout.items_of(sheet, level=level)
    meta = document.get_metadata_dict().get("Title", "")
    return Contents(joined_over_pages(items), title=meta)


def render(page: Any, path: Path, pixels: int) -> None:
    """As a JPEG so many pixels wide, or high where it is higher than three times its width."""
    width, height = page.get_size()
    scale = pixels / max(width, height / 3, 1)
    page.render(scale=scale).to_pil().convert("RGB").save(path, "JPEG", quality=JPEG_QUALITY)


def scanned(document: Any, folder: WorkFolder) -> Contents:
    """Each page is a step's picture without words, which a person types."""
    items: list[Item] = []
    for number in range(1, len(document) + 1):
        path = folder.path / "scan.jpg"
        page = document[number - 1]
        render(page, path, SCAN_PIXELS)
        page.close()
        shot = folder.keep(path.read_bytes(), page=number)
        path.unlink()
        items.append(Passage("", number, listed="number", shots=[shot] if shot else []))
    return Contents(items, doubts=[Omission("scanned")])


# --- One page ---------------------------------------------------------------------------------


def read_page(page: Any, number: int, folder: WorkFolder) -> Sheet:
    width, height = page.get_size()
    placing = Placing.of(page)
    sheet = Sheet(number, width, height)
    sheet.lines = lines_of(page, placing)
    for line in sheet.lines:
        sheet.sizes[round(line.size, 1)] += len(line.text)
    shapes: list[Area] = []
    kinds = (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_PATH)
    for count, thing in enumerate(page.get_objects(filter=kinds, max_depth=6)):
        if count > MOST_SHAPES:
            break
        area = area_of(thing, placing)
        if area is None:
            continue
        if thing.type == pdfium_c.FPDF_PAGEOBJ_PATH:
            shapes.append(area)
        else:
            take_picture(thing, area, sheet, folder, turned=placing.turned)
    small = [shape for shape in shapes if shape.width < 60 and shape.height < 60]
    take_frames(sheet, shapes)
    if sheet.has_drawing or len(small) > DRAWING_SHAPES:
        folder.tell("drawn_picture", number)
    take_lineless(sheet)
    return sheet


def area_of(thing: Any, placing: Placing) -> Area | None:
    """On the page, from its top left corner; also of what stands in a form."""
    try:
        x0, y0, x1, y1 = thing.get_bounds()
    except pypdfium2.PdfiumError:
        return None
    corners = [(x0, y0), (x1, y1)]
    holder = thing.container
    while holder is not None:
        matrix = holder.get_matrix()
        corners = [matrix.on_point(x, y) for x, y in corners]
        holder = holder.container
    return placing.area(corners)


def take_picture(thing: Any, area: Area, sheet: Sheet, folder: WorkFolder, *, turned: int) -> None:
    """Not what is small on paper, nor the ground under a page's words."""
    if max(area.width, area.height) < LEAST_POINTS or min(area.width, area.height) < 12:
        return
    pixels = thing.get_px_size()
    if max(pixels) < LEAST_SIDE:
        return
    covers = area.width * area.height > 0.85 * sheet.width * sheet.height
    if covers and letters(sheet) >= LEAST_LETTERS:
        return
    if pixels[0] * pixels[1] > 60_000_000:
        folder.tell("huge_picture", sheet.number)
        return
    shot = extracted(thing, sheet.number, folder, turned=turned)
    if shot is not None:
        sheet.shots.append(PlacedShot(shot, area))


def extracted(thing: Any, number: int, folder: WorkFolder, *, turned: int) -> Shot | None:
    """turned: quarters clockwise by which the page is shown turned."""
    matrix = thing.get_matrix()
    is_upright = matrix.a > 0 and matrix.d > 0 and abs(matrix.b) + abs(matrix.c) < 0.01
    try:
        if is_upright and not turned and thing.get_filters() == ["DCTDecode"]:
            return folder.keep(bytes(thing.get_data(decode_simple=False)), page=number)
        image = upright(thing.get_bitmap(render=True).to_pil(), turned)
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        folder.tell("broken_picture", number)
        return None
    return folder.keep_image(image, page=number)


def letters(sheet: Sheet) -> int:
    return sum(len(line.text) for line in sheet.lines)


def is_wordless(sheet: Sheet) -> bool:
    """A scan; or letters that only the file's own fonts can read."""
    if (
        letters(sheet) + sum(len(c.text) for g in sheet.grids for r in g.grid.rows for c in r)
        < LEAST_LETTERS
    ):
        return any(
            each.area.width * each.area.height > 0.5 * sheet.width * sheet.height
            for each in sheet.shots
        )
    text = "".join(line.text for line in sheet.lines)
    unread = sum(sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" for sign in text)
    return unread * 3 > len(text) > 0


def lines_of(page: Any, placing: Placing) -> list[TextLine]:
    """In the order of the file, which goes along a line nearly always."""
    done: list[TextLine] = []
    for line in pieces(page.get_textpage(), placing):
        line.text = line.text.rstrip()
        del line.starts[len(line.text) :]
        if line.text:
            done.append(line)
    return done


def pieces(textpage: Any, placing: Placing) -> Iterator[TextLine]:
    """Runs of letters on one line, parted where the white between two is a column's."""
    box = pdfium_c.FS_RECTF()
    line: TextLine | None = None
    bold = count = spaces = 0
    for n in range(textpage.count_chars()):
        sign = chr(pdfium_c.FPDFText_GetUnicode(textpage, n))
        is_made = pdfium_c.FPDFText_IsGenerated(textpage, n)
        if is_made or sign.isspace():
            spaces += not is_made
            if line and not line.text.endswith(" ") and sign not in "\r\n":
                line.text += " "
                line.starts.append(line.area.x1)
            continue
        if not pdfium_c.FPDFText_GetLooseCharBox(textpage, n, ctypes.byref(box)):
            continue
        here = placing.area([(box.left, box.bottom), (box.right, box.top)])
        if line is None or parts_from(here, line, is_justified=spaces == 1 and sign.isascii()):
            if line is not None:
                line.strong = bold * 2 > count
                yield line
            line, bold, count = TextLine("", here, size_of(textpage, n)), 0, 0
        line.text += sign
        line.starts.append(here.x0)
        line.area = line.area.joined(here)
        bold += pdfium_c.FPDFText_GetFontWeight(textpage, n) >= 600
        count, spaces = count + 1, 0
    if line is not None:
        line.strong = bold * 2 > count
        yield line


def parts_from(here: Area, line: TextLine, *, is_justified: bool) -> bool:
    """Whether a letter is on another line than those before it, or in another column.

    is_justified: one space of the file's own lies between Latin words, which is drawn wide where
    both edges of a paragraph are straight.
    """
    height = max(min(here.height, line.area.height), 1)
    if line.area.overlap_y(here) < 0.4 * height:
        return True
    is_latin = is_justified and line.text[:-1].rstrip()[-1:].isascii()
    gap = JUSTIFIED_GAP if is_latin else layout.COLUMN_GAP
    return here.x0 - line.area.x1 > gap * height or here.x1 < line.area.x1 - 3 * height


def size_of(textpage: Any, n: int) -> float:
    """Points: the font's size times the scale of the letter."""
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(textpage, n, ctypes.byref(matrix))
    scale = (matrix.c**2 + matrix.d**2) ** 0.5
    return float(pdfium_c.FPDFText_GetFontSize(textpage, n) * (scale or 1))


# --- All pages --------------------------------------------------------------------------------


def drop_borders(sheets: list[Sheet]) -> None:
    """Headers, footers, page numbers and logos, which stand on many pages."""
    seen: Counter[str] = Counter()
    shown: Counter[tuple[str, int, int]] = Counter()
    for sheet in sheets:
        seen.update({bare(line.text) for line in sheet.lines if in_border(line.area, sheet)})
        shown.update({placing(each) for each in sheet.shots})
    often = max(2, min(3, len(sheets) - 1))
    for sheet in sheets:
        sheet.lines = [
            line
            for line in sheet.lines
            if not (
                in_border(line.area, sheet)
                and (seen[bare(line.text)] >= often or signs.PAGE_NUMBER.match(line.text))
            )
        ]
        sheet.shots = [
            each
            for each in sheet.shots
            if shown[placing(each)] < often
            or not (in_border(each.area, sheet) or shown[placing(each)] * 2 > len(sheets) > 3)
        ]


def placing(each: PlacedShot) -> tuple[str, int, int]:
    """The same for a picture that stands in the same place of many pages."""
    return each.shot.file, round(each.area.x0 / 6), round(each.area.y0 / 6)


def in_border(area: Area, sheet: Sheet) -> bool:
    return area.y1 < BORDER * sheet.height or area.y0 > (1 - BORDER) * sheet.height


def bare(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def levels_of(sheets: list[Sheet]) -> layout.Level:
    """By the size of letters: what is larger than most is a heading, the largest the highest."""
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        sizes.update(sheet.sizes)
    body = max(sizes, key=lambda size: (sizes[size], -size), default=10.0)
    larger: list[float] = []
    for size in sorted((size for size in sizes if size > HEADING_SIZE * body), reverse=True):
        if not larger or size < 0.94 * larger[-1]:
            larger.append(size)

    def level(block: TextBlock) -> int | None:
        if block.size <= HEADING_SIZE * body:
            return None
        return next((n for n, size in enumerate(larger, 1) if block.size >= 0.95 * size), None)

    return level


def joined_over_pages(items: list[Item]) -> list[Item]:
    """A paragraph or a table that a page's end broke off is one again."""
    done: list[Item] = []
    for item in items:
        before = done[-1] if done else None
        if isinstance(item, Grid) and isinstance(before, Grid) and goes_on(before, item):
            head = [cell.text for cell in before.rows[0]]
            again = [cell.text for cell in item.rows[0]] == head
            before.rows += item.rows[1:] if again else item.rows
        elif (
            isinstance(item, Passage)
            and isinstance(before, Passage)
            and item.page == before.page + 1
            and item.level is None
            and before.level is None
            and item.box is None
            and before.text
            and not before.text.endswith(("。", "！", "？", ".", "!", "?", "：", ":"))
            and len(before.text) > 12
            and not signs.starts_something(item.text)
        ):
            before.text = signs.joined(before.text, item.text)
            before.shots += item.shots
        else:
            done.append(item)
    return done


def goes_on(before: Grid, after: Grid) -> bool:
    """Whether a table is the rest of the one on the page before."""
    last = next((cell.page for row in before.rows[::-1] for cell in row), before.page)
    return after.page == last + 1 and len(before.rows[-1]) == len(after.rows[0])
