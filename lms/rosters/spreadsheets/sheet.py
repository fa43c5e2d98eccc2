"""What is read out of a spreadsheet, whatever kind of file it was."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

MAX_ROWS = 10_000  # the last row that may hold anything, headings counted
MAX_COLUMNS = 60


class SpreadsheetRefused(Exception):
    """The file cannot be read as a whole; the text says why and what to do."""


@dataclass(frozen=True)
class Formula:
    """A cell that would have to be calculated; `text` begins with "="."""

    text: str


Value = str | int | float | bool | date | datetime | time | timedelta | Formula | None


@dataclass(frozen=True)
class SheetRow:
    number: int  # as a spreadsheet program numbers it, from 1
    values: tuple[Value, ...]  # from column A on; what is blank at the end is left out


@dataclass(frozen=True)
class MergedCells:
    address: str  # such as "B3:B9"
    first_row: int
    last_row: int
    first_column: int  # from 0
    last_column: int


@dataclass
class Sheet:
    """The first visible sheet that holds anything; blank rows are left out."""

    name: str = ""  # blank for CSV
    rows: list[SheetRow] = field(default_factory=list)
    merged: list[MergedCells] = field(default_factory=list)
    hidden_rows: int = 0  # of those above
    other_sheets: list[str] = field(default_factory=list)  # visible ones that hold something too


def address(row: int, column: int) -> str:
    """B12, for row 12 and column 1: columns are counted from 0."""
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column + 1)}{row}"


def too_many_rows(last: int) -> SpreadsheetRefused:
    return SpreadsheetRefused(
        _("表格有内容的行到了第%(last)d行，一次最多%(most)d行。请分成几个文件上传。")
        % {"last": last, "most": MAX_ROWS}
    )


def plain(text: str) -> str:
    """Without the control characters that a copy from elsewhere brings, and blanks around."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\ufeff]", "", text).strip()


def without_blank_end(values: list[Value]) -> tuple[Value, ...]:
    end = len(values)
    while end and values[end - 1] in (None, ""):
        end -= 1
    return tuple(values[:end])
