"""Rows out of a spreadsheet that somebody uploads, XLSX or CSV. The file is not believed: how large
it will be is looked at before it is unpacked, and what is wrong with it is said in words.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

MAX_FILE_MIB = 5
MAX_ROWS = 10_000  # the last row that may hold anything, headings counted
MAX_COLUMNS = 60
MAX_CELLS = 600_000  # blank ones that only have a colour are counted as well
MAX_MERGED = 10_000
MAX_PARTS = 1_000
MAX_UNPACKED_MIB = 40
#: Styles, relations and the like are read whole; only sheets and their strings may be long.
MAX_OTHER_PART_MIB = 4
#: Lists of names are packed to a tenth or a thirtieth; beyond this it is a bomb.
MAX_RATIO = 200
CHUNK_BYTES = 64 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",\t;，"
LINES_LOOKED_AT = 20  # to tell the delimiter
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
LONG_PARTS = ("xl/worksheets/", "xl/sharedStrings", "xl/media/")


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
    return f"{get_column_letter(column + 1)}{row}"


def read_spreadsheet(content: bytes, *, file_name: str) -> Sheet:
    """Read XLSX (or XLSM, whose macros never run) or CSV, whatever the name says; the name only
    helps to tell what to do. Raises SpreadsheetRefused."""
    if len(content) > MAX_FILE_MIB * 2**20:
        raise too_big()
    if not content.strip():
        raise SpreadsheetRefused(_("文件是空的。"))
    if content.startswith(OLD_OFFICE):
        raise SpreadsheetRefused(_what_old_file(content, file_name))
    if content.startswith(b"PK"):
        return _read_xlsx(content)
    return _read_csv(content)


def too_big() -> SpreadsheetRefused:
    return SpreadsheetRefused(
        _("文件超过%(most)dMB。请只留名单，删去图片和别的工作表，或者分成几个文件。")
        % {"most": MAX_FILE_MIB}
    )


def _what_old_file(content: bytes, file_name: str) -> str:
    if ENCRYPTED in content:
        return _("文件设了密码，打不开。请打开它，去掉密码，再保存上传。")
    if file_name.lower().endswith((".et", ".ett")):
        return _("这是WPS的.et表格。请用WPS打开，选“另存为”，类型选.xlsx，再上传。")
    if file_name.lower().endswith((".doc", ".wps", ".ppt", ".dps")):
        return _("这不是表格。请上传.xlsx或.csv。")
    return _("这是旧格式的.xls表格。请打开它，选“另存为”，类型选.xlsx，再上传。")


# --- XLSX -------------------------------------------------------------------------------------


def _read_xlsx(content: bytes) -> Sheet:
    unreadable = SpreadsheetRefused(
        _("文件坏了，或者不是.xlsx表格。请用WPS或Excel打开，另存为.xlsx，再上传。")
    )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        _check_package(archive)
        return _first_sheet(content, archive)
    except SpreadsheetRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError) as damage:
        raise unreadable from damage
    except Exception as whatever:  # openpyxl lets through what it stumbles over, of any type
        raise unreadable from whatever


def _check_package(archive: zipfile.ZipFile) -> None:
    """Refuse what would be too much to unpack, from what it declares; then unpack every part once,
    counting, since a declared size may lie."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise SpreadsheetRefused(_("文件设了密码，打不开。请打开它，去掉密码，再保存上传。"))
    if "xl/workbook.bin" in names:
        raise SpreadsheetRefused(_("这是.xlsb表格。请打开它，选“另存为”，类型选.xlsx，再上传。"))
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise SpreadsheetRefused(
            _("这不是Excel表格，也许是压缩包、文档或别的表格。请另存为.xlsx或.csv，再上传。")
        )
    bomb = SpreadsheetRefused(
        _("文件解开以后太大，没有读。请把名单复制到一个新表格，只贴文字，再上传。")
    )
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_MIB * 2**20:
        raise bomb
    for part in parts:
        is_long = part.filename.startswith(LONG_PARTS)
        most = (MAX_UNPACKED_MIB if is_long else MAX_OTHER_PART_MIB) * 2**20
        ratio = part.file_size / max(1, part.compress_size)
        if part.file_size > most or (ratio > MAX_RATIO and part.file_size > 2**20):
            raise bomb
    unpacked = 0
    for part in parts:
        with archive.open(part) as packed:
            while chunk := packed.read(CHUNK_BYTES):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED_MIB * 2**20:
                    raise bomb


def _first_sheet(content: bytes, archive: zipfile.ZipFile) -> Sheet:
    workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    chosen: Sheet | None = None
    for worksheet in workbook.worksheets:
        if worksheet.sheet_state != "visible":
            continue
        # openpyxl does not tell the part's name; requirements.txt holds its version still.
        outline = _outline(archive, worksheet._worksheet_path, look_only=chosen is not None)
        if outline.last_row == 0:
            continue
        if chosen is None:
            chosen = _sheet(worksheet, outline)
        else:
            chosen.other_sheets.append(worksheet.title)
    if chosen is None:
        raise SpreadsheetRefused(_("表格里没有内容。"))
    return chosen


def _sheet(worksheet: Any, outline: "_Outline") -> Sheet:
    if outline.last_column > MAX_COLUMNS:
        raise SpreadsheetRefused(
            _("表格有%(count)d列，最多%(most)d列。请把名单复制到一个新表格，只留要用的几列。")
            % {"count": outline.last_column, "most": MAX_COLUMNS}
        )
    if outline.last_row > MAX_ROWS:
        raise _too_many_rows(outline.last_row)
    sheet = Sheet(name=worksheet.title)
    for reference in outline.merged:
        left, top, right, bottom = range_boundaries(reference)
        sheet.merged.append(MergedCells(reference, top, bottom, left - 1, right - 1))
    cells = worksheet.iter_rows(
        min_row=1, max_row=outline.last_row, min_col=1, max_col=outline.last_column
    )
    for number, row in enumerate(cells, start=1):
        values = _without_blank_end([_value(cell) for cell in row])
        if values:
            sheet.rows.append(SheetRow(number, values))
            sheet.hidden_rows += number in outline.hidden
    return sheet


def _value(cell: Any) -> Value:
    if cell.data_type == "f":
        return Formula(cell.value if isinstance(cell.value, str) else "=")
    value: Value = cell.value
    return _plain(value) if isinstance(value, str) else value


def _too_many_rows(last: int) -> SpreadsheetRefused:
    return SpreadsheetRefused(
        _("表格有内容的行到了第%(last)d行，一次最多%(most)d行。请分成几个文件上传。")
        % {"last": last, "most": MAX_ROWS}
    )


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


# --- CSV --------------------------------------------------------------------------------------


def _read_csv(content: bytes) -> Sheet:
    text = _decoded(content)
    if "\0" in text:
        raise _not_a_table()
    start = text[:1000].lstrip().lower()
    if start.startswith(("<html", "<!doctype", "<table", "<?xml", "<meta")):
        raise SpreadsheetRefused(
            _("这个文件其实是网页，不是表格。请用WPS或Excel打开它，另存为.xlsx，再上传。")
        )
    if start.startswith(("%pdf", "{\\rtf")):
        raise _not_a_table()
    sheet = Sheet()
    for number, cells in _records(text):
        values = _without_blank_end(
            [Formula(cell) if cell.startswith("=") else cell for cell in map(_plain, cells)]
        )
        if len(values) > MAX_COLUMNS:
            raise SpreadsheetRefused(
                _("第%(row)d行有%(count)d列，最多%(most)d列。请只留要用的几列。")
                % {"row": number, "count": len(values), "most": MAX_COLUMNS}
            )
        if values and number > MAX_ROWS:
            raise _too_many_rows(number)
        if values:
            sheet.rows.append(SheetRow(number, values))
    if not sheet.rows:
        raise SpreadsheetRefused(_("表格里没有内容。"))
    return sheet


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _not_a_table()


def _not_a_table() -> SpreadsheetRefused:
    return SpreadsheetRefused(
        _("文件读不出文字，不像表格。请用WPS或Excel打开，另存为.xlsx，再上传。")
    )


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with its number, blank ones too, as a spreadsheet program counts them."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=_delimiter(text), strict=True)
    number = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SpreadsheetRefused(
                _("第%(row)d行的双引号没有成对，后面的行分不开。请改好，或者另存为.xlsx，再上传。")
                % {"row": number + 1}
            ) from error
        number += 1
        yield number, record


def _delimiter(text: str) -> str:
    """The one that stands in most of the first lines; of several, the one that stands there more
    often; a comma where there is none, for a list of one column."""
    lines = [line for line in text.splitlines()[:LINES_LOOKED_AT] if line.strip()]

    def weight(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        return sum(count > 0 for count in counts), sum(counts)

    return max(DELIMITERS, key=weight)


# --- Cells ------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """Without the control characters that a copy from elsewhere brings, and blanks around."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\ufeff]", "", text).strip()


def _without_blank_end(values: list[Value]) -> tuple[Value, ...]:
    end = len(values)
    while end and values[end - 1] in (None, ""):
        end -= 1
    return tuple(values[:end])
