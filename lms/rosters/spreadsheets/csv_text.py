"""Rows out of CSV, in whatever encoding and with whatever between the cells."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from lms.rosters.spreadsheets.sheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    Formula,
    Sheet,
    SheetRow,
    SpreadsheetRefused,
    plain,
    too_many_rows,
    without_blank_end,
)

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",\t;，"
LINES_LOOKED_AT = 20  # to tell the delimiter


def read_csv(content: bytes) -> Sheet:
    text = _decoded(content)
    if "\0" in text:
        raise not_a_table()
    start = text[:1000].lstrip().lower()
    if start.startswith(("<html", "<!doctype", "<table", "<?xml", "<meta")):
        raise SpreadsheetRefused(
            _("这个文件其实是网页，不是表格。请用WPS或Excel打开它，另存为.xlsx，再上传。")
        )
    if start.startswith(("%pdf", "{\\rtf")):
        raise not_a_table()
    sheet = Sheet()
    for number, cells in _records(text):
        values = without_blank_end(
            [Formula(cell) if cell.startswith("=") else cell for cell in map(plain, cells)]
        )
        if len(values) > MAX_COLUMNS:
            raise SpreadsheetRefused(
                _("第%(row)d行有%(count)d列，最多%(most)d列。请只留要用的几列。")
                % {"row": number, "count": len(values), "most": MAX_COLUMNS}
            )
        if values and number > MAX_ROWS:
            raise too_many_rows(number)
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
    raise not_a_table()


def not_a_table() -> SpreadsheetRefused:
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
