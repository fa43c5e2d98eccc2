"""The one writer of CSV and XLSX: words stay words, and figures figures."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from lms.tables import (
    CONTENT_TYPES,
    FORMULA_SIGNS,
    Column,
    Shape,
    Sheet,
    as_download,
    escaped,
    write_csv,
    write_xlsx,
)
from tests.architecture.house import our_files

WORDS, COUNT = Column("name", "姓名", Shape.WORDS), Column("times", "次数")
MIXED = Column("any", "=什么", Shape.MIXED)


def csv_rows(columns, *rows):
    return list(csv.reader(io.StringIO(write_csv(columns, rows).decode("utf-8-sig"))))


def sheet_of(columns, *rows, **more):
    content = write_xlsx(Sheet(title="表", columns=columns, rows=rows, **more))
    return load_workbook(io.BytesIO(content)).worksheets[0]


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_words_that_begin_like_a_formula_stay_words(sign):
    assert csv_rows([WORDS], [f"{sign}1+1"])[1] == [f"'{sign}1+1"]
    cell = sheet_of([WORDS], [f"{sign}1+1"])["A2"]
    assert (cell.data_type, cell.value.strip()) == ("s", f"{sign}1+1".strip())


def test_a_heading_is_words_as_well():
    assert csv_rows([MIXED]) == [["'=什么"]]
    assert sheet_of([MIXED])["A1"].data_type == "s"


def test_only_words_that_begin_like_a_formula_are_marked():
    for sign in "=+-@\t\r\n＝＋－＠":
        assert escaped(f"{sign}1") == f"'{sign}1"
    assert (escaped("12"), escaped("a=b"), escaped("")) == ("12", "a=b", "")


def test_a_figure_below_nothing_is_a_figure():
    assert csv_rows([COUNT], [-3])[1] == ["-3"]
    cell = sheet_of([COUNT], [-3])["A2"]
    assert (cell.data_type, cell.value, cell.number_format) == ("n", -3, "#,##0")


def test_values_of_every_kind_are_written():
    moment = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)  # half past nine here
    row = [moment, date(2026, 3, 3), Decimal("1.5"), None, True]
    columns = [MIXED] * len(row)
    assert csv_rows(columns, row)[1] == ["2026-03-03 09:30", "2026-03-03", "1.5", "", "True"]
    moment_there, day, *others = [cell.value for cell in sheet_of(columns, row)[2]]
    assert (str(moment_there), str(day)) == ("2026-03-03 09:30:00", "2026-03-03 00:00:00")
    assert others == [1.5, None, True]


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_a_sign_that_a_spreadsheet_cannot_hold_is_left_out(sign):
    assert sheet_of([WORDS], [f"沙面{sign}街道"])["A2"].value == "沙面街道"


def test_a_csv_opens_in_a_chinese_excel():
    assert write_csv([WORDS], []).startswith(b"\xef\xbb\xbf")


def test_a_telephone_keeps_its_zero_and_so_does_one_typed_below():
    sheet = sheet_of([Column("telephone", "电话", Shape.DIGITS)], ["02012345678"])
    assert (sheet["A2"].value, sheet["A2"].number_format) == ("02012345678", "@")
    assert sheet.column_dimensions["A"].number_format == "@"


def test_headings_stay_in_sight_below_what_is_said_above_them():
    sheet = sheet_of(
        [WORDS, COUNT], ["一", 1], above=["题目"], examples=[["例", 0]], foot=[["合计", 1]]
    )
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["题目", None], ["姓名", "次数"], ["例", 0], ["一", 1], ["合计", 1],
    ]  # fmt: skip
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B3", "$2:$2")
    looks = [(cell.font.bold, cell.font.italic) for cell in (sheet["A3"], sheet["A4"], sheet["A5"])]
    assert looks == [(False, True), (False, False), (True, False)]


def test_a_download_has_its_name_and_kind():
    answer = as_download(b"", file_name="名单.xlsx")
    assert answer["Content-Type"] == CONTENT_TYPES["xlsx"]
    assert "%E5%90%8D%E5%8D%95.xlsx" in answer["Content-Disposition"]


def test_nobody_else_writes_tables(checkout):
    writers = {
        str(path.relative_to(checkout))
        for package in ("lms", "courses", "media", "subtitles")
        for path in our_files(checkout / package, "*.py")
        if any(word in path.read_text() for word in ("csv.writer", "csv.DictWriter", "Workbook("))
    }
    # A city's own form is filled in where its officer has named cells.
    assert writers == {"lms/tables.py", "lms/returns/city_form.py"}
