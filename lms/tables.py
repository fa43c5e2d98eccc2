"""Tables as files that spreadsheets open: the one writer of CSV and XLSX.

Words stay words, whatever they begin with; figures are figures, and moments those of the clock on
the wall.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, auto
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

CSV = "csv"
XLSX = "xlsx"
#: By the suffix of a file's name.
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

#: None: there is nothing to tell, which is not 0.
Value = str | int | float | Decimal | datetime | date | time | None

#: Spreadsheets take a cell of text that begins so for a formula; some the wide letters as well.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What XML, and so a spreadsheet, cannot hold.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TITLE_MOST = 31  # characters of a sheet's title, and none of these:
NOT_IN_TITLES = re.compile(r"[\\/*?:\[\]]")


class Shape(Enum):
    WORDS = auto()
    COUNT = auto()
    DECIMAL = auto()  # to a tenth, as hours are
    SHARE = auto()  # 0 to 1, shown in percent
    MOMENT = auto()  # aware; shown by the clock on the wall
    REMARK = auto()  # words that are mostly absent
    DIGITS = auto()  # words that look like a number, as a telephone, which keeps its zero
    SHORT = auto()  # a word, a day or a year, in as little room as that takes
    MIXED = auto()  # whatever Wagtail's lists hold


#: What stands on the right of its cell.
NUMBERS = (Shape.COUNT, Shape.DECIMAL, Shape.SHARE)
#: In letters.
WIDTHS = {
    Shape.WORDS: 24,
    Shape.COUNT: 12,
    Shape.DECIMAL: 12,
    Shape.SHARE: 12,
    Shape.MOMENT: 18,
    Shape.REMARK: 36,
    Shape.DIGITS: 18,
    Shape.SHORT: 12,
    Shape.MIXED: 24,
}
NUMBER_FORMATS = {
    Shape.COUNT: "#,##0",
    Shape.DECIMAL: "#,##0.0",
    Shape.SHARE: "0.0%",
    Shape.MOMENT: "yyyy-mm-dd hh:mm",
    Shape.DIGITS: "@",
}


@dataclass(frozen=True)
class Column:
    key: str
    heading: str | Promise
    shape: Shape = Shape.COUNT

    @property
    def is_number(self) -> bool:
        return self.shape in NUMBERS


@dataclass(frozen=True)
class Sheet:
    """What an XLSX holds, from the top down."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    #: Lines above the headings, the first in bold; each its words, or its cells.
    above: Sequence[str | Sequence[Value]] = ()
    #: Rows that show how to fill it in, in grey.
    examples: Iterable[Sequence[Value]] = ()
    #: Rows of sums, in bold.
    foot: Iterable[Sequence[Value]] = ()
    remarks: Sequence[str] = ()


# --- CSV --------------------------------------------------------------------------------------


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """One line of headings, then the rows. UTF-8 with a mark at its beginning, without which a
    Chinese Excel takes it for GBK."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([escaped(str(column.heading)) for column in columns])
    for row in rows:
        pairs = zip(columns, row, strict=True)
        writer.writerow([_csv_cell(column, value) for column, value in pairs])
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(column: Column, value: Value) -> str:
    words = plain(column, value)
    return escaped(words) if isinstance(value, str) else words


def escaped(words: str) -> str:
    """With an apostrophe before what a spreadsheet would reckon out."""
    return f"'{words}" if words.startswith(FORMULA_SIGNS) else words


def plain(column: Column, value: Value) -> str:
    """As a file of plain text has it: figures without commas, dates as ISO 8601 writes them."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{on_the_wall(value):%Y-%m-%d %H:%M}"
    if column.shape == Shape.SHARE:
        return f"{value:.1%}"
    if column.shape == Shape.DECIMAL:
        return str(value).removesuffix(".0")
    return str(value)


def on_the_wall(moment: datetime) -> datetime:
    """By the clock of this place and naive, since spreadsheets know no zones."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


# --- XLSX -------------------------------------------------------------------------------------


def write_xlsx(sheet: Sheet) -> bytes:
    """Its headings stay in sight and on every sheet of paper."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    bold, grey = Font(bold=True), Font(italic=True, color="808080")
    book = Workbook(write_only=True)
    made = book.create_sheet(NOT_IN_TITLES.sub("", UNWRITABLE.sub("", sheet.title))[:TITLE_MOST])
    _set_up_page(made, sheet.columns, head_row=len(sheet.above) + 1)
    for number, line in enumerate(sheet.above):
        cells = [line] if isinstance(line, str) else line
        made.append([_cell(made, cell, font=None if number else bold) for cell in cells])
    made.append([_heading(made, column, bold) for column in sheet.columns])
    for rows, font in ((sheet.examples, grey), (sheet.rows, None), (sheet.foot, bold)):
        for row in rows:
            pairs = zip(sheet.columns, row, strict=True)
            made.append([_cell(made, value, column=each, font=font) for each, value in pairs])
    if sheet.remarks:
        made.append([])
    for remark in sheet.remarks:
        made.append([_cell(made, remark)])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _set_up_page(made: Any, columns: Sequence[Column], *, head_row: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.worksheet import Worksheet

    made.freeze_panes = f"B{head_row + 1}"
    made.print_title_rows = f"{head_row}:{head_row}"
    made.page_setup.orientation = "landscape"
    made.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    made.page_setup.fitToHeight = 0  # as many as it takes
    made.sheet_properties.pageSetUpPr.fitToPage = True
    made.oddFooter.center.text = "&P / &N"
    for number, column in enumerate(columns, 1):
        dimension = made.column_dimensions[get_column_letter(number)]
        dimension.width = WIDTHS[column.shape]
        if column.shape == Shape.DIGITS:  # of what is typed below as well
            dimension.number_format = NUMBER_FORMATS[column.shape]


def _heading(made: Any, column: Column, bold: "Font") -> "WriteOnlyCell":
    from openpyxl.styles import Alignment

    cell = _cell(made, str(column.heading), font=bold)
    cell.alignment = Alignment(horizontal="right" if column.is_number else "left")
    return cell


def _cell(
    made: Any, value: Value, *, column: Column | None = None, font: "Font | None" = None
) -> "WriteOnlyCell":
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, datetime):
        value = on_the_wall(value)
    elif isinstance(value, str):
        value = UNWRITABLE.sub("", value)
    cell = WriteOnlyCell(made, value)
    if isinstance(value, str):
        cell.data_type = "s"  # words, even if they begin like a formula
    shape = column.shape if column else Shape.WORDS
    if shape in NUMBER_FORMATS and (shape == Shape.DIGITS or not isinstance(value, str)):
        cell.number_format = NUMBER_FORMATS[shape]
    if font is not None:
        cell.font = font
    return cell


# --- Sending it -------------------------------------------------------------------------------


def as_download(content: bytes, *, file_name: str) -> HttpResponse:
    """The file, under that name, which ends in .csv or .xlsx."""
    answer = HttpResponse(content, content_type=CONTENT_TYPES[file_name.rpartition(".")[2]])
    answer["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file_name
    )
    return answer
