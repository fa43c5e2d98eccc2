"""A PPTX. A slide with a list is a task, one with a picture and a sentence a step."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

from lms.manuals.exchange.originals import layout, signs
from lms.manuals.exchange.originals.items import (
    Contents,
    FileRefused,
    Grid,
    GridCell,
    Item,
    Passage,
    Shot,
)
from lms.manuals.exchange.originals.kinds.pictures import WorkFolder
from lms.manuals.exchange.originals.layout import Area, PlacedGrid, PlacedShot, TextBlock

EMU_A_POINT: Final = 12700
MOST_SLIDES: Final = 200
#: Groups within groups.
DEEPEST: Final = 12
TITLES: Final = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE}
LISTS: Final = {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY}
BORDERS: Final = {PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.SLIDE_NUMBER}


def read_slides(path: Path, folder: WorkFolder) -> Contents:
    try:
        show = Presentation(str(path))
        slides = list(show.slides)
    except Exception as error:  # lxml, zipfile and pptx each have their own
        raise FileRefused("broken") from error
    if len(slides) > MOST_SLIDES:
        raise FileRefused("too_many_pages", pages=len(slides), most=MOST_SLIDES)
    items: list[Item] = []
    for number, slide in enumerate(slides, 1):
        if slide.element.get("show") != "0":
            items += read_slide(slide, number, folder, width=show.slide_width or 1)
    return Contents(items, title=show.core_properties.title or "")


def read_slide(slide: Any, number: int, folder: WorkFolder, *, width: int) -> list[Item]:
    title, blocks, listed = "", [], []
    sheet = layout.Sheet(number, width / EMU_A_POINT, 540)
    for shape, area in shapes_of(slide.shapes):
        kind = placeholder_of(shape)
        if kind in BORDERS:
            continue
        if kind in TITLES:
            title = " ".join(shape.text_frame.text.split())
        elif shape.has_text_frame:
            for text, marked in paragraphs_of(shape, is_list=kind in LISTS):
                blocks.append(TextBlock(text, area, 18, strong=False))
                listed.append(marked)
        elif shape.has_table:
            sheet.grids.append(PlacedGrid(grid_of(shape.table, number), area))
        elif shot := picture_of(shape, number, folder):
            sheet.shots.append(PlacedShot(shot, area))
    order = sorted(
        range(len(blocks)), key=lambda n: (round(blocks[n].area.y0 / 20), blocks[n].area.x0)
    )
    blocks = [blocks[n] for n in order]
    passages = [
        Passage(block.text, number, None, listed[n]) for block, n in zip(blocks, order, strict=True)
    ]
    return headed(title, layout.placed(sheet, blocks, passages), number)


def headed(title: str, items: list[Item], number: int) -> list[Item]:
    """The slide's title as a heading, or as the step that the slide is."""
    marks = [
        item
        for item in items
        if isinstance(item, Passage) and (item.listed or signs.numbering_of(item.text))
    ]
    pictured = any(
        isinstance(item, Shot) or (isinstance(item, Passage) and item.shots) for item in items
    )
    if not title:
        return items
    numbered = signs.numbering_of(title)
    is_other = any(
        pattern.search(title)
        for pattern in (signs.CARE_TITLE, signs.TROUBLE_TITLE, signs.OTHER_TITLE)
    )
    if numbered and pictured and len(marks) < 2:
        return [Passage(title, number), *unlisted(items)]
    if pictured and len(marks) < 2 and not is_other and not signs.HOW_TITLE.match(title):
        return [Passage(title, number, listed="number"), *unlisted(items)]
    return [Passage(title, number, level=1 if not items else 2), *items]


def unlisted(items: list[Item]) -> list[Item]:
    """What stands on a slide that is one step is no step of its own."""
    for item in items:
        if isinstance(item, Passage):
            item.listed = ""
    return items


def shapes_of(shapes: Any, depth: int = 0) -> Iterator[tuple[Any, Area]]:
    """Each with its place on the slide in points, also of what is in a group."""
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            if depth < DEEPEST:
                own, outer = inner_area_of(shape), area_of(shape)
                for inner, place in shapes_of(shape.shapes, depth + 1):
                    yield inner, carried(place, own, outer)
        else:
            yield shape, area_of(shape)


def inner_area_of(group: Any) -> Area:
    """The group's place by the measure in which its own shapes have theirs."""
    told = group.element.xpath("./p:grpSpPr/a:xfrm/a:chOff | ./p:grpSpPr/a:xfrm/a:chExt")
    if len(told) < 2:
        return area_of(group)
    left, top = int(told[0].get("x", 0)), int(told[0].get("y", 0))
    right, bottom = left + int(told[1].get("cx", 0)), top + int(told[1].get("cy", 0))
    return Area(*(value / EMU_A_POINT for value in (left, top, right, bottom)))


def carried(place: Area, own: Area, outer: Area) -> Area:
    """A place in a group, on the slide."""
    across = outer.width / own.width if own.width else 1
    down = outer.height / own.height if own.height else 1
    return Area(
        outer.x0 + (place.x0 - own.x0) * across,
        outer.y0 + (place.y0 - own.y0) * down,
        outer.x0 + (place.x1 - own.x0) * across,
        outer.y0 + (place.y1 - own.y0) * down,
    )


def area_of(shape: Any) -> Area:
    left, top = shape.left or 0, shape.top or 0
    right, bottom = left + (shape.width or 0), top + (shape.height or 0)
    return Area(*(value / EMU_A_POINT for value in (left, top, right, bottom)))


def placeholder_of(shape: Any) -> Any:
    return shape.placeholder_format.type if shape.is_placeholder else None


def paragraphs_of(shape: Any, *, is_list: bool) -> Iterator[tuple[str, str]]:
    """Each paragraph and how it is listed. A placeholder's are bullets unless it says otherwise."""
    elements = shape.element.xpath("./p:txBody/a:p")
    paragraphs = [
        (each, element)
        for each, element in zip(shape.text_frame.paragraphs, elements, strict=True)
        if each.text.strip()
    ]
    for each, element in paragraphs:
        tags = {mark.tag.rpartition("}")[2] for mark in element.xpath("./a:pPr/*")}
        marked = ""
        if "buAutoNum" in tags:
            marked = "number"
        elif "buChar" in tags or (is_list and len(paragraphs) > 1 and "buNone" not in tags):
            marked = "bullet"
        text = " ".join(each.text.replace("\v", " ").split())
        is_typed = signs.numbering_of(text) or signs.warning_in(text) is not None
        yield text, "" if is_typed or signs.EXPECTED.match(text) else marked


def picture_of(shape: Any, number: int, folder: WorkFolder) -> Shot | None:
    """Also one in a placeholder; None for a drawing, a chart, or a linked picture."""
    try:
        image = shape.image
    except (AttributeError, ValueError, KeyError):
        return None
    alt = shape.element.xpath(".//p:cNvPr/@descr")
    return folder.keep(image.blob, page=number, alt=alt[0] if alt else "")


def grid_of(table: Any, number: int) -> Grid:
    rows = [
        [
            GridCell([p.text.strip() for p in cell.text_frame.paragraphs if p.text.strip()])
            for cell in row.cells
        ]
        for row in table.rows
    ]
    return Grid(rows, number)
