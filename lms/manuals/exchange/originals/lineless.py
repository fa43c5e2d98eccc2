"""Tables of troubles without lines: a row of heads (现象 原因 处理), and columns of words below."""

from itertools import pairwise
from typing import Final

from lms.manuals.exchange.originals import signs
from lms.manuals.exchange.originals.items import Grid, GridCell
from lms.manuals.exchange.originals.layout import (
    Area,
    PlacedGrid,
    Sheet,
    TextLine,
    blocks_of,
    merged,
    middle,
)

#: Characters of a head.
LONGEST_HEAD: Final = 10
#: Of a line's height: so much white below a row ends the table.
END_GAP: Final = 4.0
#: Of a line's height: rows have so much more white between them than lines of one cell.
ROW_GAP: Final = 0.25


def take_lineless(sheet: Sheet) -> None:
    """Moves what lies below such a row of heads from the page's lines into a table."""
    lines = merged(sheet.lines)
    for heads in rows_of_heads(lines):
        body = below(heads, lines)
        borders = borders_of(heads, body)
        if not borders:
            continue
        body = until_end(heads, body, borders)
        rows = [heads, *rows_of(body, borders)]
        if len(rows) < 2:
            continue
        taken = [line for row in rows for line in row]
        cells = [
            [cell_of(row, n, borders, sheet.number) for n in range(len(heads))] for row in rows
        ]
        area = taken[0].area
        for line in taken[1:]:
            area = area.joined(line.area)
        sheet.grids.append(PlacedGrid(Grid(cells, sheet.number), area))
        gone = {id(line) for line in taken}
        lines = [line for line in lines if id(line) not in gone]
    sheet.lines = lines


def rows_of_heads(lines: list[TextLine]) -> list[list[TextLine]]:
    """Two to five short pieces side by side, one of which names what is wrong, a later one what to
    do about it."""
    found: list[list[TextLine]] = []
    for line in lines:
        if not signs.TROUBLE_HEAD.search(line.text) or len(line.text) > LONGEST_HEAD:
            continue
        row = sorted(
            (
                each
                for each in lines
                if abs(middle(each.area) - middle(line.area)) < 0.5 * line.size
            ),
            key=lambda each: each.area.x0,
        )
        ends = [n for n, each in enumerate(row) if signs.REMEDY_HEAD.search(each.text)]
        is_head = 2 <= len(row) <= 5 and all(len(each.text) <= LONGEST_HEAD for each in row)
        if is_head and ends and ends[-1] > row.index(line) and row not in found:
            found.append(row)
    return found


def below(heads: list[TextLine], lines: list[TextLine]) -> list[TextLine]:
    bottom = max(head.area.y1 for head in heads)
    return sorted(
        (line for line in lines if middle(line.area) > bottom), key=lambda line: line.area.y0
    )


def borders_of(heads: list[TextLine], body: list[TextLine]) -> list[float]:
    """Where a column ends and the next begins; empty where the words have no such columns."""
    borders: list[float] = []
    for left, right in pairwise(heads):
        start, end = middle_of(left), middle_of(right)
        near = body[: 3 * len(heads)]
        edges = [line.area.x0 for line in near if start < line.area.x0 <= end + 1]
        border = min([*edges, right.area.x0]) - 1
        if border <= left.area.x1:
            return []
        borders.append(border)
    return borders


def middle_of(line: TextLine) -> float:
    return (line.area.x0 + line.area.x1) / 2


def until_end(heads: list[TextLine], body: list[TextLine], borders: list[float]) -> list[TextLine]:
    """Until a line runs through a column's border, a heading, or much white."""
    bottom, kept = max(head.area.y1 for head in heads), []
    for line in body:
        crosses = any(line.area.x0 < border - 2 < line.area.x1 - 4 for border in borders)
        is_heading = line.size > 1.12 * max(each.size for each in heads) or (
            signs.chapter_words(line.text) is not None
        )
        if crosses or is_heading or line.area.y0 - bottom > END_GAP * line.size:
            break
        kept.append(line)
        bottom = max(bottom, line.area.y1)
    return kept


def rows_of(body: list[TextLine], borders: list[float]) -> list[list[TextLine]]:
    """Parted where there is more white than between the lines of a cell; where all lines are
    equally far, where every column begins anew."""
    bands: list[list[TextLine]] = []
    for line in body:
        if bands and line.area.y0 < max(each.area.y1 for each in bands[-1]) - 0.4 * line.size:
            bands[-1].append(line)
        else:
            bands.append([line])
    gaps = [gap(upper, lower) for upper, lower in pairwise(bands)]
    widest = min(gaps, default=0) + ROW_GAP * (body[0].size if body else 0)
    by_white = len(bands) > 1 and max(gaps) > widest
    rows: list[list[TextLine]] = []
    for n, band in enumerate(bands):
        columns = {column_of(line.area, borders) for line in band}
        begins = gaps[n - 1] > widest if by_white and n else len(columns) == len(borders) + 1
        if rows and not begins:
            rows[-1] += band
        else:
            rows.append(list(band))
    return rows


def gap(upper: list[TextLine], lower: list[TextLine]) -> float:
    return min(line.area.y0 for line in lower) - max(line.area.y1 for line in upper)


def column_of(area: Area, borders: list[float]) -> int:
    return sum(area.x0 >= border for border in borders)


def cell_of(row: list[TextLine], column: int, borders: list[float], page: int) -> GridCell:
    lines = [line for line in row if column_of(line.area, borders) == column]
    lines.sort(key=lambda line: (line.area.y0, line.area.x0))
    return GridCell([block.text for block in blocks_of(lines, [])] if lines else [], page=page)
