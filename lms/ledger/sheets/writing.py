"""The ledger as a table: in the layout of the office's own, or in ours where it sent none."""

from collections.abc import Sequence
from typing import Any

from lms import tables
from lms.ledger.models import Measure
from lms.ledger.sheets.cells import Kept, kept_value
from lms.ledger.sheets.columns import BY_KEY, COLUMNS, Beside, beside, cell_of, other_cell_of
from lms.rosters.spreadsheets import Value
from lms.tables import Column, Shape

SHEET = "工作台账"
SHAPES = {
    "number": Shape.SHORT,
    "task": Shape.REMARK,
    "lead": Shape.SHORT,
    "person": Shape.SHORT,
    "due": Shape.SHORT,
    "closed": Shape.SHORT,
}


def our_layout() -> dict[str, Any]:
    """Headings in the first line, and nothing around."""
    return {
        "sheet": SHEET,
        "above": [],
        "below": [],
        "headings": [[column.key, column.heading] for column in COLUMNS],
    }


def ledger_xlsx(measures: Sequence[Measure], layout: dict[str, Any]) -> bytes:
    """`measures` in the order of the rows, each with who closed it."""
    added = beside(measures)
    headings: list[tuple[str, str]] = [(key, words) for key, words in layout["headings"]]
    rows = [[_cell(measure, key, added[measure.pk]) for key, _words in headings]
            for measure in measures]  # fmt: skip
    sheet = tables.Sheet(
        title=layout["sheet"] or SHEET,
        columns=[
            Column(key, words, _shape(key, [row[place] for row in rows]))
            for place, (key, words) in enumerate(headings)
        ],
        rows=rows,
        above=[_line(line) for line in layout["above"]],
        foot=[_as_wide(_line(line), len(headings)) for line in layout["below"]],
    )
    return tables.write_xlsx(sheet)


def _cell(measure: Measure, key: str, added: Beside) -> Any:
    if key in BY_KEY:
        return cell_of(measure, BY_KEY[key], added)
    return other_cell_of(measure, key)


def _shape(key: str, values: Sequence[Value]) -> Shape:
    """Of progress: shares of a whole where all its figures are."""
    if key != "progress":
        return SHAPES.get(key, Shape.WORDS)
    figures = [value for value in values if isinstance(value, int | float)]
    return Shape.SHARE if figures and all(0 <= each <= 1 for each in figures) else Shape.WORDS


def _line(line: Sequence[Kept | None]) -> list[Any]:
    return [kept_value(kept) for kept in line]


def _as_wide(line: list[Any], width: int) -> list[Any]:
    """A foot may be wider than the table: what stands beyond it goes."""
    return [*line, *[None] * (width - len(line))][:width]
