"""A report's table as a file that spreadsheets open."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from lms.reports.table import Column, Shape, Table, Value, plain

CSV = "csv"
XLSX = "xlsx"
#: By the suffix of a file's name.
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

#: Spreadsheets take a cell of text that begins so for a formula; some the wide letters as well.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What XML, and so a spreadsheet, cannot hold.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

WIDTHS = {
    Shape.WORDS: 24,
    Shape.COUNT: 12,
    Shape.SHARE: 12,
    Shape.MOMENT: 18,
    Shape.REMARK: 36,
}
NUMBER_FORMATS = {Shape.COUNT: "#,##0", Shape.SHARE: "0.0%", Shape.MOMENT: "yyyy-mm-dd hh:mm"}


@dataclass(frozen=True)
class Heading:
    """What a file says of itself above its table."""

    title: str
    unit: str
    period: str
    words: Sequence[str]
    made_at: datetime

    @property
    def lines(self) -> list[str]:
        made = f"{timezone.localtime(self.made_at):%Y-%m-%d %H:%M}"
        return [
            self.title,
            " · ".join([self.unit, self.period, *self.words]),
            _("%(made)s制表") % {"made": made},
        ]

    @property
    def file_name(self) -> str:
        """Without its suffix; no sign that a disk or an archive refuses."""
        return re.sub(r'[\s\\/:*?"<>|]+', "_", f"{self.title}-{self.unit}-{self.period}")


def write_csv(table: Table) -> bytes:
    """One line of headings, then the rows and what is said of them all. UTF-8 with a mark at its
    beginning, without which a Chinese Excel takes it for GBK."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([escaped(str(column.heading)) for column in table.columns])
    for row in (*table.rows, *table.foot):
        pairs = zip(table.columns, row.values, strict=True)
        writer.writerow([_csv_cell(column, value) for column, value in pairs])
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(column: Column, value: Value) -> str:
    words = plain(column, value)
    return escaped(words) if isinstance(value, str) else words


def escaped(words: str) -> str:
    """With an apostrophe before what a spreadsheet would reckon out."""
    return f"'{words}" if words.startswith(FORMULA_SIGNS) else words


def write_xlsx(table: Table, heading: Heading) -> bytes:
    """Its headings stay in sight and on every sheet of paper; figures are figures."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(UNWRITABLE.sub("", heading.title)[:31])
    _set_up_page(sheet, table, head_row=len(heading.lines) + 1)
    for number, line in enumerate(heading.lines):
        sheet.append([_cell(sheet, line, bold=not number)])
    head = []
    for column in table.columns:
        made = _cell(sheet, str(column.heading), bold=True)
        made.alignment = Alignment(horizontal="right" if column.is_number else "left")
        head.append(made)
    sheet.append(head)
    for rows, bold in ((table.rows, False), (table.foot, True)):
        for row in rows:
            pairs = zip(table.columns, row.values, strict=True)
            sheet.append([_cell(sheet, value, column=each, bold=bold) for each, value in pairs])
    if table.remarks:
        sheet.append([])
    for remark in table.remarks:
        sheet.append([_cell(sheet, remark)])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _set_up_page(sheet: Any, table: Table, *, head_row: int) -> None:
    sheet.freeze_panes = f"B{head_row + 1}"
    sheet.print_title_rows = f"{head_row}:{head_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0  # as many as it takes
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
    for number, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS[column.shape]


def _cell(
    sheet: Any, value: Value, *, column: Column | None = None, bold: bool = False
) -> WriteOnlyCell:
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None)  # spreadsheets know no zones
    elif isinstance(value, str):
        value = UNWRITABLE.sub("", value)
    made = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        made.data_type = "s"  # words, even if they begin like a formula
    elif column is not None and column.shape in NUMBER_FORMATS:
        made.number_format = NUMBER_FORMATS[column.shape]
    if bold:
        made.font = Font(bold=True)
    return made
