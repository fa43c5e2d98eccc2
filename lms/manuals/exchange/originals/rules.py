"""Lines and frames drawn on a page: which of them are tables, which are frames around words."""

from dataclasses import dataclass, replace
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
    with_badges,
)

#: Points: a drawn shape thinner than this is a line.
THIN: Final = 3.0
#: Points within which two lines touch or lie on each other.
NEAR: Final = 3.0
#: So many boxes around a few words each are a drawing.
FLOW_CHART: Final = 6
#: A page with more is a drawing, not a table.
MOST_RULES: Final = 700


@dataclass(frozen=True)
class DrawnLine:
    """A line at `at` from `start` to `end`, across (along x) or down."""

    across: bool
    at: float
    start: float
    end: float


@dataclass
class Lattice:
    """Lines that touch each other."""

    across: list[DrawnLine]
    down: list[DrawnLine]

    @property
    def ys(self) -> list[float]:
        return clustered([rule.at for rule in self.across])

    @property
    def xs(self) -> list[float]:
        return clustered([rule.at for rule in self.down])


def take_frames(sheet: Sheet, shapes: list[Area]) -> None:
    """Moves what lies in a table from the page's lines and pictures into a table; adds frames."""
    rules = rules_of(shapes, sheet)
    if len(rules) > MOST_RULES:
        return
    for lattice in lattices(rules):
        ys, xs = lattice.ys, lattice.xs
        if len(ys) < 2 or len(xs) < 2:
            continue
        area = Area(xs[0], ys[0], xs[-1], ys[-1])
        if len(ys) == 2 and len(xs) == 2:
            sheet.boxes.append(area)
        else:
            take_grid(sheet, lattice, area)
    drop_flow_chart(sheet)
    sheet.boxes.sort(key=lambda box: box.width * box.height)


def drop_flow_chart(sheet: Sheet) -> None:
    """Without the boxes of a drawing and their words: many that hold neither a number nor a
    warning nor a picture."""
    bare = [box for box in sheet.boxes if not holds_step(box, sheet)]
    if len(bare) < FLOW_CHART:
        return
    sheet.boxes = [box for box in sheet.boxes if box not in bare]
    sheet.lines = [line for line in sheet.lines if not any(b.holds(line.area, 3) for b in bare)]
    sheet.has_drawing = True


def holds_step(box: Area, sheet: Sheet) -> bool:
    """Or a warning, or a picture."""
    return any(box.holds(each.area, 4) for each in sheet.shots) or any(
        signs.numbering_of(line.text) or signs.warning_in(line.text) is not None
        for line in sheet.lines
        if box.holds(line.area, 3)
    )


def rules_of(shapes: list[Area], sheet: Sheet) -> list[DrawnLine]:
    found: set[DrawnLine] = set()
    for shape in shapes:
        if shape.width > 0.93 * sheet.width and shape.height > 0.85 * sheet.height:
            continue  # the page's ground
        if shape.height <= THIN and shape.width >= 15:
            found.add(rule(True, (shape.y0 + shape.y1) / 2, shape.x0, shape.x1))
        elif shape.width <= THIN and shape.height >= 8:
            found.add(rule(False, (shape.x0 + shape.x1) / 2, shape.y0, shape.y1))
        elif shape.width >= 15 and shape.height >= 8:
            found |= {
                rule(True, shape.y0, shape.x0, shape.x1),
                rule(True, shape.y1, shape.x0, shape.x1),
                rule(False, shape.x0, shape.y0, shape.y1),
                rule(False, shape.x1, shape.y0, shape.y1),
            }
    return list(found)


def rule(across: bool, at: float, start: float, end: float) -> DrawnLine:
    return DrawnLine(across, round(at, 1), round(start, 1), round(end, 1))


def lattices(rules: list[DrawnLine]) -> list[Lattice]:
    """Lines that touch, directly or by way of others."""
    parent = list(range(len(rules)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for n, one in enumerate(rules):
        for m in range(n):
            if touch(one, rules[m]):
                parent[root(n)] = root(m)
    groups: dict[int, Lattice] = {}
    for n, one in enumerate(rules):
        lattice = groups.setdefault(root(n), Lattice([], []))
        (lattice.across if one.across else lattice.down).append(one)
    return list(groups.values())


def touch(one: DrawnLine, other: DrawnLine) -> bool:
    if one.across == other.across:
        return (
            abs(one.at - other.at) <= NEAR
            and one.start - NEAR <= other.end
            and other.start - NEAR <= one.end
        )
    return (
        one.start - NEAR <= other.at <= one.end + NEAR
        and other.start - NEAR <= one.at <= other.end + NEAR
    )


def clustered(values: list[float]) -> list[float]:
    """Sorted, with those near each other as one."""
    done: list[float] = []
    for value in sorted(values):
        if not done or value - done[-1] > NEAR:
            done.append(value)
    return done


def covered(rules: list[DrawnLine], at: float, where: float) -> bool:
    """Whether one of the lines at `at` runs through `where`."""
    return any(abs(r.at - at) <= NEAR and r.start - 1 <= where <= r.end + 1 for r in rules)


def take_grid(sheet: Sheet, lattice: Lattice, area: Area) -> None:
    ys, xs = lattice.ys, lattice.xs
    rows: list[list[Area]] = []
    for top, bottom in pairwise(ys):
        cells: list[Area] = []
        for left, right in pairwise(xs):
            if cells and not covered(lattice.down, left, (top + bottom) / 2):
                cells[-1].x1 = right  # a cell over two columns
            else:
                cells.append(Area(left, top, right, bottom))
        rows.append(cells)
    grow_down(rows, lattice)
    sheet.lines = [
        part
        for line in sheet.lines
        for part in (parted(line, xs[1:-1]) if area.holds(line.area, 4) else [line])
    ]
    grid = Grid([[cell_of(cell, sheet) for cell in row] for row in rows], sheet.number)
    filled = [cell for row in grid.rows for cell in row if cell.passages or cell.shots]
    if not filled:
        return
    sheet.grids.append(PlacedGrid(grid, area))
    sheet.lines = [line for line in sheet.lines if not area.holds(line.area, 4)]
    sheet.shots = [shot for shot in sheet.shots if not area.holds(shot.area, 4)]


def grow_down(rows: list[list[Area]], lattice: Lattice) -> None:
    """A cell below which no line is drawn reaches into the next row, whose own cell is empty."""
    for upper, lower in pairwise(rows):
        for below in lower:
            above = next((c for c in upper if abs(c.x0 - below.x0) < NEAR), None)
            if above and not covered(lattice.across, below.y0, (below.x0 + below.x1) / 2):
                above.y1 = below.y1
                below.y0, below.y1 = above.y1, above.y1  # nothing lies in it


def parted(line: TextLine, borders: list[float]) -> list[TextLine]:
    """A line of letters cut where a table's line runs through it."""
    through = [x for x in borders if line.area.x0 + 2 < x < line.area.x1 - 2]
    after = [next((n for n, x in enumerate(line.starts) if x >= at - 1), 0) for at in through]
    cuts = sorted({0, *after, len(line.text)})
    if len(cuts) == 2 or len(line.starts) != len(line.text):
        return [line]
    parts = []
    for start, end in pairwise(cuts):
        text = line.text[start:end].strip()
        x1 = line.starts[end] if end < len(line.starts) else line.area.x1
        area = replace(line.area, x0=line.starts[start], x1=min(x1, line.area.x1))
        parts.append(TextLine(text, area, line.size, line.strong))
    return [part for part in parts if part.text]


def cell_of(area: Area, sheet: Sheet) -> GridCell:
    if area.height <= 0:
        return GridCell(page=sheet.number)
    inside = [line for line in sheet.lines if is_in(line.area, area)]
    shots = [each.shot for each in sheet.shots if is_in(each.area, area)]
    if not inside:
        return GridCell([], shots, sheet.number)
    lines = sorted(with_badges(merged(inside)), key=lambda line: (line.area.y0, line.area.x0))
    return GridCell([block.text for block in blocks_of(lines, [])], shots, sheet.number)


def is_in(inner: Area, outer: Area) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1
