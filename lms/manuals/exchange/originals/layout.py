"""Where things stand on a page, and in which order they are read.

Lengths are points from the page's top left corner, as of PDF; slides use the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from lms.manuals.exchange.originals import signs
from lms.manuals.exchange.originals.items import Grid, Item, Passage, Shot

#: Of a line's height: what stands farther away on the same line is another column.
COLUMN_GAP: Final = 0.6
#: Of a line's height: more white than that between two lines ends a paragraph.
PARAGRAPH_GAP: Final = 0.85
#: Points of white between two columns of a page.
GUTTER: Final = 9.0
#: Of a page's width: a wider line stands over all columns.
WIDE: Final = 0.62


@dataclass
class Area:
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def holds(self, other: "Area", slack: float = 2.0) -> bool:
        return (
            self.x0 - slack <= other.x0
            and self.y0 - slack <= other.y0
            and other.x1 <= self.x1 + slack
            and other.y1 <= self.y1 + slack
        )

    def joined(self, other: "Area") -> "Area":
        return Area(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    def overlap_y(self, other: "Area") -> float:
        return min(self.y1, other.y1) - max(self.y0, other.y0)

    def overlap_x(self, other: "Area") -> float:
        return min(self.x1, other.x1) - max(self.x0, other.x0)


@dataclass
class TextLine:
    text: str
    area: Area
    #: Height of its letters.
    size: float
    strong: bool = False
    #: Where each letter begins, by which a line is parted at a table's line.
    starts: list[float] = field(default_factory=list)


@dataclass
class TextBlock:
    """Lines of one paragraph."""

    text: str
    area: Area
    size: float
    strong: bool
    box: int | None = None


@dataclass
class PlacedShot:
    shot: Shot
    area: Area


@dataclass
class PlacedGrid:
    grid: Grid
    area: Area


@dataclass
class Sheet:
    """One page as it lies."""

    number: int
    width: float
    height: float
    lines: list[TextLine] = field(default_factory=list)
    shots: list[PlacedShot] = field(default_factory=list)
    grids: list[PlacedGrid] = field(default_factory=list)
    boxes: list[Area] = field(default_factory=list)
    #: Something is drawn with lines, which cannot be taken along.
    has_drawing: bool = False
    #: How many letters of which size, those in tables too.
    sizes: Counter[float] = field(default_factory=Counter)


Level = Callable[[TextBlock], int | None]


def items_of(sheet: Sheet, *, level: Level) -> list[Item]:
    """In the order of reading, each picture beside its words or between them."""
    lines = with_badges(merged(sheet.lines))
    blocks = in_order(columns(lines, sheet.width), sheet)
    for block in blocks:
        block.box = next((n for n, box in enumerate(sheet.boxes) if box.holds(block.area, 3)), None)
    offset = sheet.number * 1000
    passages = [
        Passage(
            block.text, sheet.number, level(block), "", block.strong,
            None if block.box is None else offset + block.box,
        )
        for block in blocks
    ]  # fmt: skip
    return placed(sheet, blocks, passages)


def merged(lines: list[TextLine]) -> list[TextLine]:
    """Pieces of one line that a program wrote one by one, put together."""
    done: list[TextLine] = []
    for line in sorted(lines, key=lambda each: (each.area.y0, each.area.x0)):
        for other in reversed(done[-12:]):
            near = abs(middle(other.area) - middle(line.area)) < 0.35 * min(other.size, line.size)
            gap = line.area.x0 - other.area.x1
            if near and -0.5 * line.size < gap < 0.5 * line.size:
                space = " " if gap > 0.25 * line.size else ""
                other.text += space + line.text
                other.starts += [line.area.x0] * len(space) + line.starts
                other.area = other.area.joined(line.area)
                other.strong = other.strong and line.strong
                break
        else:
            done.append(line)
    return done


def middle(area: Area) -> float:
    return (area.y0 + area.y1) / 2


def with_badges(lines: list[TextLine]) -> list[TextLine]:
    """A number or a bullet that stands alone (in a circle, a column of its own) before the words
    beside it."""
    badges = [line for line in lines if is_badge(line.text)]
    rest = [line for line in lines if not is_badge(line.text)]
    for badge in badges:
        beside = [
            line
            for line in rest
            if -2 < line.area.x0 - badge.area.x1 < 60
            and badge.area.overlap_y(line.area) > 0.3 * min(badge.area.height, line.area.height)
        ]
        if not beside:
            rest.append(badge)
            continue
        first = min(beside, key=lambda line: (line.area.x0, line.area.y0))
        sign = badge.text.strip()
        first.text = f"{sign}. {first.text}" if sign.isdigit() else f"{sign} {first.text}"
        first.area = Area(badge.area.x0, first.area.y0, first.area.x1, first.area.y1)
    return rest


def is_badge(text: str) -> bool:
    numbered = signs.numbering_of(text.strip())
    bare = text.strip()
    if signs.BARE_BULLET.match(bare):
        return True
    return (bare.isdigit() and len(bare) <= 2) or (numbered is not None and not numbered.rest)


# --- Columns ----------------------------------------------------------------------------------


def columns(lines: list[TextLine], width: float) -> list[list[TextLine]]:
    """Groups of lines, one below the other, in the order of reading: lines over the whole width
    part the page into bands, and a band with a white gutter is read column by column."""
    groups: list[list[TextLine]] = []
    band: list[TextLine] = []
    for line in sorted(lines, key=lambda each: each.area.y0):
        if line.area.width > WIDE * width:
            groups += split(band)
            band = []
            groups.append([line])
        else:
            band.append(line)
    groups += split(band)
    return joined_groups(groups)


def split(lines: list[TextLine]) -> list[list[TextLine]]:
    if not lines:
        return []
    at = gutter(lines)
    if at is None:
        return [sorted(lines, key=lambda each: each.area.y0)]
    left = [line for line in lines if line.area.x1 <= at + 1]
    right = [line for line in lines if line.area.x1 > at + 1]
    return [*split(left), *split(right)]


def gutter(lines: list[TextLine]) -> float | None:
    """Where the widest white strip from top to bottom begins; None without one."""
    spans = sorted((line.area.x0, line.area.x1) for line in lines)
    best, start, end = GUTTER, None, spans[0][1]
    for x0, x1 in spans[1:]:
        if x0 - end > best:
            best, start = x0 - end, end
        end = max(end, x1)
    if start is None:
        return None
    left = [line.area for line in lines if line.area.x1 <= start + 1]
    right = [line.area for line in lines if line.area.x1 > start + 1]
    top, bottom = min(a.y0 for a in right), max(a.y1 for a in right)
    beside = min(max(a.y1 for a in left), bottom) - max(min(a.y0 for a in left), top)
    return start if beside > 0 else None  # one below the other are no columns


def joined_groups(groups: list[list[TextLine]]) -> list[list[TextLine]]:
    """Groups that continue each other at the same left edge are one, so that a paragraph whose last
    line is short stays whole."""
    done: list[list[TextLine]] = []
    for group in groups:
        if done and abs(done[-1][-1].area.x0 - group[0].area.x0) < 30 and follows(done[-1], group):
            done[-1] = done[-1] + group
        else:
            done.append(group)
    return done


def follows(before: list[TextLine], after: list[TextLine]) -> bool:
    bottom = max(line.area.y1 for line in before)
    return after[0].area.y0 >= bottom - 2


def in_order(groups: list[list[TextLine]], sheet: Sheet) -> list[TextBlock]:
    """Column by column, or row by row where the numbers of the steps say so (cards in a grid)."""
    by_column = [block for group in groups for block in blocks_of(group, sheet.boxes)]
    by_row = [block for card in sorted(cards_of(by_column), key=row_of) for block in card]
    return by_row if disorder(by_row) < disorder(by_column) else by_column


def cards_of(blocks: list[TextBlock]) -> list[list[TextBlock]]:
    """Each numbered block with what follows it in its column."""
    cards: list[list[TextBlock]] = []
    for block in blocks:
        follows_number = cards and signs.numbering_of(cards[-1][0].text)
        in_column = cards and abs(cards[-1][0].area.x0 - block.area.x0) < 40
        if follows_number and in_column and not signs.numbering_of(block.text):
            gap = block.area.y0 - cards[-1][-1].area.y1
            if gap < 3 * block.size and block.size < 1.1 * cards[-1][0].size:
                cards[-1].append(block)
                continue
        cards.append([block])
    return cards


def row_of(card: list[TextBlock]) -> tuple[int, float]:
    return round(card[0].area.y0 / 14), card[0].area.x0


def disorder(blocks: Iterable[TextBlock]) -> int:
    """How often the next numbered block does not have the next number, or 1."""
    numbers = [n.number for block in blocks if (n := signs.numbering_of(block.text))]
    return sum(after not in {1, before + 1} for before, after in pairwise(numbers))


def blocks_of(lines: list[TextLine], boxes: list[Area]) -> list[TextBlock]:
    blocks: list[TextBlock] = []
    last: TextLine | None = None
    right = max(line.area.x1 for line in lines)
    for line in lines:
        block = blocks[-1] if blocks else None
        if block is None or last is None or begins(line, last, right, boxes):
            blocks.append(TextBlock(line.text, line.area, line.size, line.strong))
        else:
            block.text = signs.joined(block.text, line.text)
            block.area = block.area.joined(line.area)
            block.strong = block.strong and line.strong
        last = line
    return blocks


def begins(line: TextLine, last: TextLine, right: float, boxes: list[Area]) -> bool:
    """Whether a line begins a paragraph. right: where the column's longest line ends."""
    size = max(line.size, last.size)
    gap = line.area.y0 - last.area.y1
    if signs.starts_something(line.text) or is_badge(line.text):
        return True
    if abs(line.size - last.size) > 0.12 * size or line.strong != last.strong:
        return True
    if gap > PARAGRAPH_GAP * size or gap < -size:
        return True
    if any(box.holds(line.area, 3) != box.holds(last.area, 3) for box in boxes):
        return True
    text = last.text.rstrip()
    ended = (
        text.endswith(("。", "！", "？", "!", "?", ".")) or signs.chapter_words(text) is not None
    )
    return ended and last.area.x1 < right - 3 * size


# --- Pictures ---------------------------------------------------------------------------------


def placed(sheet: Sheet, blocks: list[TextBlock], passages: list[Passage]) -> list[Item]:
    """Passages with the pictures beside them; other pictures and tables where they stand."""
    free: list[tuple[Area, Item]] = [(each.area, each.grid) for each in sheet.grids]
    for picture in sorted(sheet.shots, key=lambda each: (each.area.y0, each.area.x0)):
        at = beside(picture.area, blocks)
        if at is None:
            free.append((picture.area, picture.shot))
        else:
            passages[at].shots.append(picture.shot)
    items: list[Item] = list(passages)
    areas = [block.area for block in blocks]
    for area, item in sorted(free, key=lambda each: (each[0].y0, each[0].x0)):
        at = place_of(area, areas)
        items.insert(at, item)
        areas.insert(at, area)
    return items


def beside(area: Area, blocks: list[TextBlock]) -> int | None:
    """The numbered block that stands left or right of a picture, or whose following lines do; None
    for a picture that stands above or below its words."""
    steps = [n for n, block in enumerate(blocks) if signs.numbering_of(block.text)]
    best, chosen = 0.0, None
    if any(blocks[n].area.overlap_x(area) > 0.25 * blocks[n].area.width for n in steps):
        return None  # it stands in a column of steps
    if any(is_column_of(area, block) for block in blocks):
        return None
    for n in steps:
        block = blocks[n].area
        #: The step reaches down to the next one in its column.
        below = [
            blocks[m].area.y0
            for m in steps
            if blocks[m].area.y0 > block.y1 - 2 and abs(blocks[m].area.x0 - block.x0) < 40
        ]
        reach = Area(block.x0, block.y0 - 6, block.x1, min(below, default=max(block.y1, area.y1)))
        shared = reach.overlap_y(area)
        nearer = shared - 0.05 * abs(block.x0 - area.x0)
        if shared > 0.3 * min(area.height, reach.height) and nearer > best:
            best, chosen = nearer, n
    return chosen


def is_column_of(area: Area, block: TextBlock) -> bool:
    """Whether words above or below a picture stand under it alone: it is in a column of words, and
    not beside one. What is written into it or under it as its name does not count."""
    return (
        block.area.overlap_x(area) > 0.8 * block.area.width
        and block.area.overlap_y(area) < 0.5 * block.area.height
        and block.area.width < 1.6 * area.width
        and not signs.CAPTION.match(block.text)
    )


def place_of(area: Area, areas: list[Area]) -> int:
    """The place among blocks of something that stands between them: behind the block above it in
    its own column or before the one below, whichever is nearer."""
    above = [
        n
        for n, other in enumerate(areas)
        if other.y1 <= area.y0 + 0.3 * area.height + 4 and other.overlap_x(area) > 0
    ]
    below = [
        n
        for n, other in enumerate(areas)
        if other.y0 >= area.y1 - 0.3 * area.height and other.overlap_x(area) > 0 and n not in above
    ]
    upper = max(above, key=lambda n: (areas[n].y1, n), default=None)
    lower = min(below, key=lambda n: (areas[n].y0, n), default=None)
    if lower is None:
        return len(areas) if upper is None else upper + 1
    if upper is None or areas[lower].y0 - area.y1 < area.y0 - areas[upper].y1:
        return lower
    return upper + 1
