"""The first sheet of an XLSX workbook that holds anything."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from lms.rosters.spreadsheets.package import CHUNK_BYTES, check_package
from lms.rosters.spreadsheets.sheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    Formula,
    MergedCells,
    Sheet,
    SheetRow,
    SpreadsheetRefused,
    Value,
    plain,
    too_many_rows,
    without_blank_end,
)

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
    from openpyxl.reader.excel import ExcelReader

MAX_CELLS = 600_000  # blank ones that only have a colour are counted as well
MAX_MERGED = 10_000


def read_xlsx(content: bytes) -> Sheet:
    unreadable = SpreadsheetRefused(
        _("文件坏了，或者不是.xlsx表格。请用WPS或Excel打开，另存为.xlsx，再上传。")
    )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        check_package(archive)
        return _first_sheet(content, archive)
    except SpreadsheetRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError) as damage:
        raise unreadable from damage
    except Exception as whatever:  # openpyxl lets through what it stumbles over, of any type
        raise unreadable from whatever


def _first_sheet(content: bytes, archive: zipfile.ZipFile) -> Sheet:
    from openpyxl.reader.excel import ExcelReader

    reader = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
    reader.read()
    chosen: Sheet | None = None
    for worksheet, part in _worksheets(reader):
        if worksheet.sheet_state != "visible":
            continue
        outline = _outline(archive, part, look_only=chosen is not None)
        if outline.last_row == 0:
            continue
        if chosen is None:
            chosen = _sheet(worksheet, outline)
        else:
            chosen.other_sheets.append(worksheet.title)
    if chosen is None:
        raise SpreadsheetRefused(_("表格里没有内容。"))
    return chosen


def _worksheets(reader: "ExcelReader") -> Iterator[tuple[Any, str]]:
    """Each of them and the part of the package that holds it, which openpyxl's own list of sheets
    does not tell. Raises ValueError when two have one name: one would be measured, another read."""
    parts = [(sheet.name, rel.target) for sheet, rel in reader.parser.find_sheets()]
    if len(dict(parts)) < len(parts):
        raise ValueError(parts)
    for worksheet in reader.wb.worksheets:
        yield worksheet, dict(parts)[worksheet.title]


def _sheet(worksheet: Any, outline: "_Outline") -> Sheet:
    from openpyxl.utils import range_boundaries

    if outline.last_column > MAX_COLUMNS:
        raise SpreadsheetRefused(
            _("表格有%(count)d列，最多%(most)d列。请把名单复制到一个新表格，只留要用的几列。")
            % {"count": outline.last_column, "most": MAX_COLUMNS}
        )
    if outline.last_row > MAX_ROWS:
        raise too_many_rows(outline.last_row)
    sheet = Sheet(name=worksheet.title)
    for reference in outline.merged:
        left, top, right, bottom = range_boundaries(reference)
        sheet.merged.append(MergedCells(reference, top, bottom, left - 1, right - 1))
    cells = worksheet.iter_rows(
        min_row=1, max_row=outline.last_row, min_col=1, max_col=outline.last_column
    )
    for number, row in enumerate(cells, start=1):
        values = without_blank_end([_value(cell) for cell in row])
        if values:
            sheet.rows.append(SheetRow(number, values))
            sheet.hidden_rows += number in outline.hidden
    return sheet


def _value(cell: "ReadOnlyCell | EmptyCell") -> Value:
    if cell.data_type == "f":
        return Formula(cell.value if isinstance(cell.value, str) else "=")
    value: Value = cell.value
    return plain(value) if isinstance(value, str) else value


def _too_much() -> SpreadsheetRefused:
    return SpreadsheetRefused(_("表格太大，没有读。请把名单复制到一个新表格，只贴文字，再上传。"))


def _outline(archive: zipfile.ZipFile, part: str, *, look_only: bool) -> "_Outline":
    """What stands where on a sheet. With `look_only`, only whether anything does."""
    outline = _Outline()
    parser = DefusedXMLParser(target=outline, forbid_dtd=True)
    with archive.open(part) as sheet:
        while chunk := sheet.read(CHUNK_BYTES):
            parser.feed(chunk)
            if look_only and outline.last_row:
                return outline
    parser.close()
    return outline


class _Outline:
    """Takes what the XML parser finds, without building a tree of it."""

    def __init__(self) -> None:
        self.last_row = 0  # that holds anything; 0: none does
        self.last_column = 0
        self.merged: list[str] = []
        self.hidden: set[int] = set()
        self._row = self._column = self._cells = 0
        self._in_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition("}")[2]
        if tag == "c":
            self._cells += 1
            if self._cells > MAX_CELLS:
                raise _too_much()
            reference = attributes.get("r")
            self._column = _column_of(reference) if reference else self._column + 1
        elif tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.hidden.add(self._row)
        elif tag == "mergeCell":
            self.merged.append(attributes["ref"])
            if len(self.merged) > MAX_MERGED:
                raise _too_much()
        self._in_value = tag in ("v", "t", "f")

    def data(self, text: str) -> None:
        if self._in_value and self._row and not text.isspace():
            self.last_row = max(self.last_row, self._row)
            self.last_column = max(self.last_column, self._column)

    def end(self, tag: str) -> None:
        self._in_value = False

    def close(self) -> None:
        pass


def _column_of(reference: str) -> int:
    """2 for B12."""
    match = re.match(r"[A-Z]{1,3}(?=\d)", reference)
    if match is None:
        raise ValueError(reference)
    column = 0
    for letter in match[0]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
