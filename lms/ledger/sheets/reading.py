"""An office's table as it is read: which column is which, each row by itself, and all that stands
around the rows, so that it can go out again as it came in."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.utils.translation import gettext as _

from lms.ledger.choices import RowVerdict
from lms.ledger.sheets.cells import Kept, keep, kept_value
from lms.ledger.sheets.columns import (
    BY_KEY,
    COLUMNS,
    KEY_OF,
    NUMBER,
    OTHER,
    TASK,
    Fields,
    plain_heading,
)
from lms.rosters.cells import UnclearCell
from lms.rosters.spreadsheets import Formula, Sheet, SheetRow, SpreadsheetRefused, address

ROWS_MOST = 500
HEADING_WITHIN = 20  # rows from the top
LEAST_KNOWN = 2  # columns that a row of headings names
REFERENCES_NAMED = 5
#: How such a line begins that stands under a table and is no row of it.
OF_A_FOOT = re.compile(r"(合计|总计|小计|共计|备注|说明|制表|填表|填报|审核|注[:：])")
ENDS_IN_COLON = re.compile(r"[^:：]{1,10}[:：]")
#: Cells of a line that stands under a table (填表人：…) and is no row of it.
CELLS_OF_A_FOOT = 3
OTHER_MOST = 2_000  # characters of a cell in the office's own columns


@dataclass
class LedgerRow:
    """One row, kept as JSON between preview and confirmation, and afterwards for undoing."""

    line: int
    #: By column, as they came; blank ones are left out.
    cells: dict[str, Kept] = field(default_factory=dict)
    #: What is wrong with it, in words; a row with any is never imported.
    problems: list[str] = field(default_factory=list)

    # What the ledger says of it (matching.match_rows).
    verdict: str = RowVerdict.NEW
    lead_unit: int | None = None
    person: int | None = None
    measure: int | None = None
    version: int | None = None
    #: What would change: the field, what it was, what it becomes, in words.
    changes: list[list[str]] = field(default_factory=list)
    #: The ledger says something else of it than when the preview was shown.
    differs: bool = False
    #: After importing: how the fields that it changed stood before.
    before: dict[str, Any] = field(default_factory=dict)
    cells_before: dict[str, Kept] = field(default_factory=dict)

    def fields(self) -> Fields:
        """What its cells say. Raises UnclearCell."""
        found: Fields = {}
        for key, kept in self.cells.items():
            if key in BY_KEY:
                found |= BY_KEY[key].read(kept_value(kept))
        return found

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


@dataclass
class LedgerTable:
    """`layout` is kept as JSON: the sheet's name, the lines above and below, and the headings in
    their order with the column that each is."""

    rows: list[LedgerRow]
    layout: dict[str, Any]
    notes: list[str]


def read_ledger(sheet: Sheet) -> LedgerTable:
    """Raises SpreadsheetRefused where the table as a whole cannot be read."""
    heading = _heading_row(sheet)
    columns = _columns(heading)
    _refuse_merged(sheet, heading)
    below = [row for row in sheet.rows if row.number > heading.number]
    foot = _foot(below, columns)
    rows = [_row(row, columns) for row in below[: len(below) - len(foot)]]
    if not rows:
        raise SpreadsheetRefused(
            _("标题下面没有内容。请从第%(row)d行起填写，一行一条。") % {"row": heading.number + 1}
        )
    if len(rows) > ROWS_MOST:
        raise SpreadsheetRefused(
            _("表格有%(count)d行，一次最多%(most)d行。请分成几个文件上传。")
            % {"count": len(rows), "most": ROWS_MOST}
        )
    last = below[len(below) - len(foot) - 1].number
    above = [row for row in sheet.rows if row.number < heading.number]
    layout = {
        "sheet": sheet.name,
        "above": _lines(above, first=1, last=heading.number - 1),
        "below": _lines(foot, first=last + 1, last=foot[-1].number if foot else last),
        "headings": [[column, str(heading.values[place] or "")] for place, column in columns],
    }
    return LedgerTable(rows, layout, _notes(sheet, columns, heading))


def _heading_row(sheet: Sheet) -> SheetRow:
    for row in sheet.rows:
        if row.number > HEADING_WITHIN:
            break
        keys = {_key_of(value) for value in row.values} - {None}
        if TASK in keys and len(keys) >= LEAST_KNOWN:
            return row
    raise SpreadsheetRefused(
        _(
            "没有找到标题行。请在表格上面写一行标题，至少有“任务”和另外一列，"
            "例如：序号、政策条款、任务、牵头单位、完成时限。"
        )
    )


def _key_of(value: object) -> str | None:
    return KEY_OF.get(plain_heading(value)) if isinstance(value, str) else None


def _columns(heading: SheetRow) -> list[tuple[int, str]]:
    """Each place from 0 and what stands there: one of ours, or the office's own by its heading. A
    second column of one kind is the office's own."""
    found: list[tuple[int, str]] = []
    taken: set[str] = set()
    for place, value in enumerate(heading.values):
        words = str(value or "")
        key = _key_of(value)
        if key is None or key in taken:
            key = _unlike(f"{OTHER}{words}", taken)
        taken.add(key)
        found.append((place, key))
    return found


def _unlike(name: str, taken: set[str]) -> str:
    unlike, number = name, 2
    while unlike in taken:
        unlike, number = f"{name} {number}", number + 1
    return unlike


def _refuse_merged(sheet: Sheet, heading: SheetRow) -> None:
    """Of merged cells only the first holds the value, and the others could not go out again."""
    lines = [row.number for row in sheet.rows]
    touching = [
        merged.address
        for merged in sheet.merged
        if merged.last_row > heading.number
        and bisect_left(lines, merged.first_row) < bisect_right(lines, merged.last_row)
    ]
    if touching:
        more = _("等%(count)d处") % {"count": len(touching)}
        named = "、".join(touching[:REFERENCES_NAMED])
        raise SpreadsheetRefused(
            _(
                "%(cells)s是合并的单元格，看不出下面几行写的是什么。请取消合并，每一行都填上，再上传。"
            )
            % {"cells": named + (more if len(touching) > REFERENCES_NAMED else "")}
        )


def _foot(below: list[SheetRow], columns: list[tuple[int, str]]) -> list[SheetRow]:
    """The lines at the end that are no rows: 填表人：…, a number with nothing behind it."""
    named = {key: place for place, key in columns if key in BY_KEY and key != NUMBER}
    start = len(below)
    while start and _is_foot(below[start - 1], named):
        start -= 1
    return below[start:]


def _is_foot(row: SheetRow, named: dict[str, int]) -> bool:
    filled = [place for place, value in enumerate(row.values) if value not in (None, "")]
    if not filled or len(filled) > CELLS_OF_A_FOOT:
        return False
    first = str(row.values[filled[0]])
    if not set(named.values()) & set(filled) or OF_A_FOOT.match(first):
        return True
    return filled[0] != named[TASK] and ENDS_IN_COLON.match(first) is not None


def _lines(rows: list[SheetRow], *, first: int, last: int) -> list[list[Kept | None]]:
    """Every line of that stretch, blank ones too."""
    by_number = {row.number: row for row in rows}
    lines: list[list[Kept | None]] = []
    for number in range(first, last + 1):
        row = by_number.get(number)
        lines.append([_kept_or_words(value) for value in row.values] if row else [])
    return lines


def _kept_or_words(value: Any) -> Kept | None:
    """Around the table a formula or an hour stays as the words that it is."""
    try:
        return keep(value)
    except UnclearCell:
        return ["s", value.text if isinstance(value, Formula) else str(value)]


def _notes(sheet: Sheet, columns: list[tuple[int, str]], heading: SheetRow) -> list[str]:
    notes = []
    own = [str(heading.values[place]) for place, key in columns if key.startswith(OTHER)]
    own = [words for words in own if words and words != "None"]
    if own:
        notes.append(
            _("这几列是你们自己的，照样留着，下载时还在：%(headings)s。")
            % {"headings": "、".join(own)}
        )
    there = {key for _place, key in columns}
    lacking = [column.heading for column in COLUMNS if column.key not in there]
    if lacking:
        notes.append(
            _("表格里没有这几列，先空着：%(headings)s。") % {"headings": "、".join(lacking)}
        )
    if sheet.hidden_rows:
        notes.append(_("表格里有%(count)d行是隐藏的，也读了。") % {"count": sheet.hidden_rows})
    if sheet.other_sheets:
        notes.append(
            _("只读了工作表“%(read)s”，没有读：%(others)s。")
            % {"read": sheet.name, "others": "、".join(sheet.other_sheets)}
        )
    return notes


def _row(row: SheetRow, columns: list[tuple[int, str]]) -> LedgerRow:
    made = LedgerRow(line=row.number)
    for place, key in columns:
        value = row.values[place] if place < len(row.values) else None
        try:
            kept = keep(value)
            if kept is None:
                continue
            if key in BY_KEY:
                BY_KEY[key].read(value)
            elif isinstance(value, str) and len(value) > OTHER_MOST:
                raise UnclearCell(_("字太多，最多%(most)d个。") % {"most": OTHER_MOST})
            made.cells[key] = kept
        except UnclearCell as reason:
            heading = BY_KEY[key].heading if key in BY_KEY else key.removeprefix(OTHER)
            made.problems.append(
                _("%(cell)s %(heading)s：%(what)s")
                % {"cell": address(row.number, place), "heading": heading, "what": reason}
            )
    if TASK not in made.cells and not made.problems:
        made.problems.append(_("没有写“任务”。请补上；不是任务的行，请删去。"))
    if len(row.values) > len(columns) and any(row.values[len(columns) :]):
        made.problems.append(_("右边有一列没有标题。请给它写上标题，或者删去。"))
    return made
