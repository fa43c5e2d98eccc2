"""What a list says: headings in any order and by any usual name, and each cell."""

from datetime import date

import pytest
from stdnum import damm

from lms.rosters.cells import birth_year_from, name_from, telephone_from
from lms.rosters.learners.reading import read_roster, template_rows
from lms.rosters.spreadsheets import SpreadsheetRefused, read_spreadsheet
from tests.rosters.roster_files import HEADINGS, PEOPLE, csv_file, xlsx


def roster(rows, **workbook):
    return read_roster(read_spreadsheet(xlsx(rows, **workbook), file_name="名单.xlsx"))


def refusal(rows, **workbook):
    with pytest.raises(SpreadsheetRefused) as refused:
        roster(rows, **workbook)
    return str(refused.value)


@pytest.mark.parametrize(
    ("headings", "read"),
    [
        (("姓名", "出生年份", "电话"), ("name", "birth_year", "telephone")),
        (("联系电话", "出生年月", "姓 名*"), ("telephone", "birth_year", "name")),
        (("名字：", "手机（可不填）", "出生日期"), ("name", "telephone", "birth_year")),
        (("　姓名　", "Ａ", "村（社区）"), ("name", None, "village")),
    ],
)
def test_headings_stand_in_any_order_under_any_usual_name(headings, read):
    values = {"name": "何秋月", "birth_year": "1948", "telephone": "13800000001",
              "village": "翠洲", None: "x"}  # fmt: skip
    row = roster([headings, [values[column] for column in read]]).rows[0]
    for column in filter(None, read):
        assert str(getattr(row, column)) == values[column]


def test_a_title_may_stand_above_and_be_merged():
    def change(workbook):
        workbook.active.merge_cells("A1:C1")

    rows = [["翠洲社区学员名单"], [], HEADINGS, *PEOPLE]
    assert [row.line for row in roster(rows, change=change).rows] == [4, 5, 6]


def test_what_is_not_read_is_named():
    rows = [["序号", "姓名", "年龄", "爱好"], [1, "何秋月", 78, "下棋"]]
    notes = "".join(roster(rows).notes)
    assert "没有读这几列：爱好" in notes
    assert "“年龄”没有读" in notes
    assert "序号" not in notes
    assert roster(rows).rows[0].birth_year is None


def test_a_list_without_a_heading_for_names_is_refused():
    assert "没有找到“姓名”" in refusal([["何秋月", 1948], ["梁伯", 1952]])


def test_two_people_side_by_side_on_one_row_are_refused_rather_than_half_read():
    assert "“姓名”有两列（A1和C1）" in refusal(
        [["姓名", "电话", "姓名", "电话"], ["甲", 1, "乙", 2]]
    )


@pytest.mark.parametrize("heading", ["身份证号", "公民身份号码", "身份证"])
def test_a_heading_that_asks_for_identity_numbers_is_refused_though_nothing_stands_below(heading):
    words = refusal([["姓名", heading], ["何秋月", None]])
    assert "从来不收身份证号" in words
    assert "B1" in words


@pytest.mark.parametrize(
    "number",
    ["44010319480302123X", "440103194803021234", 440103194803021234, 4.40103194803021e17,
     "4401 0319 4803 0212 34", "４４０１０３１９４８０３０２１２３４", "440103480302123",
     "何秋月440103194803021234"],
    ids=repr,
)  # fmt: skip
def test_identity_numbers_are_refused_wherever_they_stand(number):
    rows = [["姓名", "备注"], ["何秋月", None], ["梁伯", number]]
    words = refusal(rows)
    assert "B3像是身份证号" in words
    assert "整列删去" in words


def test_merged_cells_among_the_names_are_named_and_those_elsewhere_do_no_harm():
    rows = [["姓名", "村居", "爱好"], *([name, "翠洲", "棋"] for name, *_rest in PEOPLE)]

    def merge(cells):
        return lambda workbook: workbook.active.merge_cells(cells)

    assert "B2:B4是合并的单元格" in refusal(rows, change=merge("B2:B4"))
    assert len(roster(rows, change=merge("C2:C4")).rows) == 3


def test_a_formula_is_named_with_its_cell_and_stops_only_its_own_row():
    rows = roster([HEADINGS, ["何秋月", "=1900+48", None], *PEOPLE[1:]]).rows
    assert [bool(row.problems) for row in rows] == [True, False, False]
    assert "B2 出生年份：是公式" in rows[0].problems[0]
    assert rows[0].written["birth_year"] == "=1900+48"
    csv_rows = csv_file([HEADINGS, ["=cmd|x", 1948, ""]])
    assert read_roster(read_spreadsheet(csv_rows, file_name="a.csv")).rows[0].problems


def test_whole_dates_leave_only_their_year_and_that_is_said():
    result = roster([HEADINGS, ["何秋月", date(1948, 3, 2), ""], ["梁伯", "1952-3-2", ""]])
    assert [row.birth_year for row in result.rows] == [1948, 1952]
    assert "有2行写了完整的出生日期，只留下年份" in result.notes[0]
    assert "1948-03" not in str([row.as_json() for row in result.rows])


def test_the_templates_example_is_passed_over():
    result = roster([*template_rows(), ["何秋月", "1948", ""]])
    assert [row.name for row in result.rows] == ["何秋月"]


@pytest.mark.parametrize(
    ("written", "year"),
    [
        (1950, 1950), (1950.0, 1950), ("1950", 1950), ("１９５０", 1950), ("1950年", 1950),
        ("1950年生", 1950), ("1950.3", 1950), (1950.11, 1950), ("1950/3/2", 1950),
        ("1950年3月2日", 1950), ("19500302", 1950), ("195003", 1950), ("一九五〇年", 1950),
        (" 1950 ", 1950), (date(1950, 3, 2), 1950), (None, None), ("", None),
    ],
    ids=repr,
)  # fmt: skip
def test_years_are_understood_as_people_write_them(written, year):
    assert birth_year_from(written)[0] == year


@pytest.mark.parametrize(
    "written",
    ["五零年", "50", 50, "1850", 2999, "七十多", True, "1950-1951", "农历1950", "#REF!"],
    ids=repr,
)
def test_a_year_that_is_not_clear_is_asked_for_again(written):
    rows = roster([HEADINGS, ["何秋月", written, ""]]).rows
    assert rows[0].problems[0].startswith(f"B2 出生年份：“{written}”")


@pytest.mark.parametrize(
    ("written", "telephone"),
    [
        (13800000001, "13800000001"), (13800000001.0, "13800000001"),
        ("138 0000 0001", "13800000001"), ("138-0000-0001", "13800000001"),
        ("+86 13800000001", "13800000001"), ("１３８００００００００１"[:11], "13800000000"),
        ("020-81234567", "020-81234567"), ("(020)81234567", "020-81234567"), (None, ""),
        ("86-138 0000 0001", "13800000001"), ("（020）8123–4567", "020-8123-4567"),
    ],
    ids=repr,
)  # fmt: skip
def test_telephones_are_put_right(written, telephone):
    assert telephone_from(written) == telephone


@pytest.mark.parametrize(
    "written", ["1.38E+10", "138/139", "没有", "12", "٠١٢٣٤٥٦٧٨", "138.5", 13800000000.5]
)
def test_a_telephone_that_is_none_is_named(written):
    assert "C2 电话" in roster([HEADINGS, ["何秋月", 1948, written]]).rows[0].problems[0]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("陈　伯", "陈伯"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("𠮷野", "𠮷野"),
        ("Li Ming", "Li Ming"),
    ],
)
def test_names_keep_their_characters(written, name):
    assert name_from(written) == name


@pytest.mark.parametrize(
    "written",
    ["合计", "制表人：何", "#REF!", "123", "何秋月1948", 12, "长" * 41],
    ids=repr,
)
def test_what_is_no_name_is_not_registered(written):
    assert "A2 姓名" in roster([HEADINGS, [written, 1948, ""]]).rows[0].problems[0]


def test_a_learners_number_gets_back_the_zeros_that_a_spreadsheet_dropped():
    number = "00123456" + damm.calc_check_digit("00123456")
    row = roster([["姓名", "学员号"], ["何秋月", int(number)]]).rows[0]
    assert row.number == number


def test_every_cell_that_is_wrong_is_named_at_once():
    row = roster([["姓名", "出生年份", "电话", "学员号"], [None, "50", "没有", "12"]]).rows[0]
    assert [problem[:2] for problem in row.problems] == ["A2", "B2", "C2", "D2"]
