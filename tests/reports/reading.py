"""What each format says, read back as rows of text: headings first."""

import csv
import io
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from openpyxl import load_workbook

ABOVE_THE_TABLE = 3  # lines of a spreadsheet that say what it is


class Tables(HTMLParser):
    """The tables of a page by their id, without what is only for paper."""

    def __init__(self):
        super().__init__()
        self.tables = {}
        self.links = {}
        self.rows: Any = None  # of the table that is open
        self.in_cell = False

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "table":
            self.rows = self.tables[said.get("id")] = []
            self.links[said.get("id")] = self.hrefs = {}
        elif self.rows is not None and tag == "tr":
            self.rows.append(None if said.get("aria-hidden") else [])
        elif self.rows and self.rows[-1] is not None and tag in ("td", "th"):
            self.rows[-1].append("")
            self.in_cell = True
        elif tag == "a" and self.in_cell:
            self.href = said["href"]
            self.rows[-1][-1] += "\0"

    def handle_endtag(self, tag):
        if tag == "table":
            self.rows[:] = [row for row in self.rows if row is not None]
            self.rows = None
        elif tag in ("td", "th"):
            self.in_cell = False
        elif tag == "a" and self.in_cell:
            words = self.rows[-1][-1] = self.rows[-1][-1].replace("\0", "")
            self.hrefs[words] = self.href

    def handle_data(self, data):
        if self.in_cell:
            self.rows[-1][-1] += data


def tables(response):
    parser = Tables()
    parser.feed(response.content.decode())
    return parser


def page_rows(response, table="report"):
    return tables(response).tables[table]


def csv_rows(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def sheet_of(response):
    return load_workbook(io.BytesIO(response.content)).worksheets[0]


def xlsx_rows(response):
    sheet = sheet_of(response)
    rows = [[_words(cell) for cell in row] for row in sheet.iter_rows(min_row=ABOVE_THE_TABLE + 1)]
    blank = [number for number, row in enumerate(rows) if not any(row)]
    return rows[: blank[0]] if blank else rows


def _words(cell):
    if cell.value is None:
        return ""
    if isinstance(cell.value, datetime):
        return f"{cell.value:%Y-%m-%d %H:%M}"
    return f"{cell.value:.1%}" if cell.number_format == "0.0%" else str(cell.value)


def as_dicts(rows):
    """By the first cell, then by heading."""
    heads, *lines = rows
    return {line[0]: dict(zip(heads, line, strict=True)) for line in lines}
