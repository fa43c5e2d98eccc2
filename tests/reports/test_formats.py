"""Every report answers in every format, and the three say the same."""

import re
from datetime import datetime
from itertools import product

import pytest
from openpyxl import load_workbook

from lms.reports.registry import REPORTS
from lms.tables import escaped
from lms.units.models import Unit
from tests.reports.reading import (
    ABOVE_THE_TABLE,
    as_dicts,
    csv_rows,
    page_rows,
    sheet_of,
    xlsx_rows,
)

pytestmark = pytest.mark.django_db

DISTRICT, VILLAGE = "440103", "440103001001"
QUERIES = ("", "&split=month", "&split=kind", "&split=subject", "&kind=village", "&tree=then")


def same_as_in_files(page, of_csv):
    """The page's rows as files write them. It leaves a column of remarks out when there is none,
    writes a dash where files are blank, and commas in large figures."""
    heads, *lines = page
    missing = [n for n, head in enumerate(of_csv[0]) if head not in heads]
    assert [of_csv[0][n] for n in missing] in ([], ["说明"])
    rows = [heads, *lines]
    for row in rows:
        for n in missing:
            row.insert(n, of_csv[0][n] if row is heads else "")
    return [
        [
            cell.replace(",", "") if cell.replace(",", "").isdigit() else cell.replace("—", "")
            for cell in row
        ]
        for row in rows
    ]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_page_csv_and_xlsx_say_the_same(as_, march, report):
    browser = as_("city_officer")
    queries = QUERIES if report.sieves else ("", "&kind=village")
    for code, more in product((DISTRICT, VILLAGE), queries):
        address, query = f"/reports/{code}/{report.name}", f"?period=2026-03{more}"
        of_csv = csv_rows(browser.get(f"{address}.csv{query}"))
        assert len(of_csv) > 1
        assert xlsx_rows(browser.get(f"{address}.xlsx{query}")) == of_csv
        assert same_as_in_files(page_rows(browser.get(f"{address}/{query}")), of_csv) == of_csv


def test_what_is_not_reported_is_blank_and_says_so(as_, march):
    rows = as_dicts(
        csv_rows(as_("city_officer").get("/reports/4401/attendance.csv?period=2026-03"))
    )
    assert (rows["越秀区"]["应上"], rows["越秀区"]["说明"]) == ("", "没有排课")
    assert (rows["荔湾区"]["请假"], rows["荔湾区"]["说明"]) == ("0", "")


def test_a_csv_opens_in_a_chinese_excel(as_, march):
    answer = as_("city_officer").get("/reports/440103/attendance.csv?period=2026-03")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")


@pytest.mark.parametrize("name", ["=1+1", "\t=1+1"])
def test_a_name_that_looks_like_a_formula_stays_a_name(as_, march, name):
    Unit.objects.filter(code="440103001").update(name=name)
    browser = as_("city_officer")
    query = "/reports/440103/attendance.{}?period=2026-03"
    assert f"'{name}" in [row[0] for row in csv_rows(browser.get(query.format("csv")))]
    cell = sheet_of(browser.get(query.format("xlsx"))).cell(ABOVE_THE_TABLE + 2, 1)
    assert (cell.data_type, cell.value.strip()) == ("s", name.strip())


def test_only_words_that_begin_like_a_formula_are_marked():
    for sign in "=+-@\t\r\n＝＋－＠":
        assert escaped(f"{sign}1") == f"'{sign}1"
    assert (escaped("12"), escaped("a=b"), escaped("")) == ("12", "a=b", "")


def test_a_spreadsheet_says_what_it_is_and_keeps_its_headings_in_sight(as_, march):
    answer = as_("city_officer").get("/reports/440103/attendance.xlsx?period=2026-03&kind=village")
    sheet = sheet_of(answer)
    title, about, made = (sheet.cell(row, 1).value for row in (1, 2, 3))
    assert title == "出勤统计"
    assert about == "荔湾区 · 2026年3月 · 村居班 · 按现在的上下级"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d制表", made)
    assert sheet.freeze_panes == "B5"
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert "按形式或课堂看的时候没有学员人数" in sheet.cell(sheet.max_row, 1).value


def test_figures_in_a_spreadsheet_can_be_reckoned_with(as_, march):
    sheet = sheet_of(
        as_("city_officer").get("/reports/440103001001/attendance.xlsx?period=2026-03")
    )
    heads = [cell.value for cell in sheet[ABOVE_THE_TABLE + 1]]
    first = dict(zip(heads, sheet[ABOVE_THE_TABLE + 2], strict=True))
    assert first["时间"].value == datetime.fromisoformat("2026-03-03T09:30")
    assert first["到课人次"].value == 2
    assert first["出勤率"].value == pytest.approx(2 / 3)
    assert first["出勤率"].number_format == "0.0%"


def test_signs_that_a_spreadsheet_cannot_hold_are_left_out(as_, march, tmp_path):
    Unit.objects.filter(code="440103001").update(name="沙面\x0b街道")
    path = tmp_path / "report.xlsx"
    answer = as_("city_officer").get("/reports/440103001/attendance.xlsx?period=2026-03")
    path.write_bytes(answer.content)
    assert load_workbook(path).worksheets[0].cell(2, 1).value.startswith("沙面街道")


def test_paper_says_on_every_sheet_what_it_shows(as_, march):
    page = as_("city_officer").get("/reports/440103/attendance/?period=2026-03").content.decode()
    head = page[page.index("<thead>") : page.index("</thead>")]
    assert "出勤统计 · 荔湾区 · 2026年3月" in head
    assert "css/reports.css" in page  # which brings its rules for paper
