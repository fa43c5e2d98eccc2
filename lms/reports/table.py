"""A report's table: from its columns come the page, the CSV, the XLSX and the print alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lms.tables import Column, Shape, Value, plain

NOTHING = "—"
#: Large figures are read by the thousand.
GROUPED = (Shape.COUNT, Shape.DECIMAL)


@dataclass(frozen=True)
class Cell:
    column: Column
    value: Value
    href: str = ""
    #: It stands above as well and leads to the same: the first of several rows about one unit.
    again: bool = False

    @property
    def words(self) -> str:
        """As a person reads it, on the page."""
        if self.value is None:
            return "" if self.column.shape == Shape.REMARK else NOTHING
        if self.column.shape in GROUPED and not isinstance(self.value, str):
            return f"{self.value:,}".removesuffix(".0")
        return plain(self.column, self.value)


@dataclass(frozen=True)
class Row:
    values: Sequence[Value]
    #: Where its first cell leads on the page; nowhere when blank.
    href: str = ""


@dataclass(frozen=True)
class Table:
    columns: Sequence[Column]
    rows: Sequence[Row]
    #: What is said of all rows together: never their sum where people are counted.
    foot: Sequence[Row] = ()
    #: Sentences beneath it, on the page and in the spreadsheet.
    remarks: Sequence[str] = ()
    #: What it comes to, in a sentence above it; blank: nothing is said.
    sentence: str = ""

    @property
    def columns_on_page(self) -> list[Column]:
        """Without a column of remarks in which there is none; files have it always."""
        return [column for column in self.columns if column not in self._left_out]

    @property
    def lines(self) -> Iterator[list[Cell]]:
        return self._lines(self.rows)

    @property
    def foot_lines(self) -> Iterator[list[Cell]]:
        return self._lines(self.foot)

    @cached_property
    def _left_out(self) -> set[Column]:
        return {
            column
            for number, column in enumerate(self.columns)
            if column.shape == Shape.REMARK
            and all(row.values[number] is None for row in (*self.rows, *self.foot))
        }

    def _lines(self, rows: Sequence[Row]) -> Iterator[list[Cell]]:
        above: tuple[Value, str] | None = None
        for row in rows:
            first, *others = zip(self.columns, row.values, strict=True)
            said = (first[1], row.href)
            cells = [Cell(*first, href=row.href, again=said == above)]
            cells += [Cell(*each) for each in others if each[0] not in self._left_out]
            above = said
            yield cells
