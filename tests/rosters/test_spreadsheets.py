"""Files that people upload: what is read of them, and what is refused in words."""

import io
import random
import zipfile
from datetime import datetime

import pytest

from lms.rosters.learners.reading import read_roster
from lms.rosters.spreadsheets import Formula, SpreadsheetRefused, read_spreadsheet
from tests.rosters.roster_files import HEADINGS, PEOPLE, csv_file, repacked, xlsx

ROWS = (HEADINGS, *PEOPLE)
GOOD_XLSX = xlsx(ROWS)
GOOD_CSV = csv_file(ROWS)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"


def read(content, name="名单.xlsx"):
    return read_spreadsheet(content, file_name=name)


def texts(content):
    return [[str(value) for value in row.values] for row in read(content).rows]


def refusal(content, name="名单.xlsx"):
    with pytest.raises(SpreadsheetRefused) as refused:
        read_roster(read(content, name))
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
def test_a_csv_is_read_in_whatever_encoding_and_with_whatever_between(encoding, delimiter):
    content = csv_file(ROWS, encoding=encoding, delimiter=delimiter)
    assert texts(content)[1] == ["何秋月", "1948", "13800000001"]


def test_rows_are_numbered_as_a_spreadsheet_program_numbers_them():
    content = '姓名,电话\n\n"何秋月","一\n二"\n梁伯,2\n'.encode()
    assert [row.number for row in read(content).rows] == [1, 3, 4]
    assert read(content).rows[1].values == ("何秋月", "一\n二")


def test_an_xlsx_keeps_the_types_of_its_cells_and_leaves_formulas_alone():
    day = datetime(1950, 3, 2)  # noqa: DTZ001 (a cell has no time zone)
    row = read(xlsx([["姓名", 1950, day, "=1+1", True]])).rows[0]
    assert row.values == ("姓名", 1950, day, Formula("=1+1"), True)


def test_the_first_sheet_that_shows_anything_is_read_and_the_others_are_named():
    def change(workbook):
        workbook.active.title = "名单"
        workbook.create_sheet("空的")
        workbook.create_sheet("去年")["A1"] = "旧"
        hidden = workbook.create_sheet("藏着", 0)
        hidden["A1"] = "不读"
        hidden.sheet_state = "hidden"
        workbook["名单"].row_dimensions[3].hidden = True

    sheet = read(xlsx(ROWS, change=change))
    assert (sheet.name, sheet.other_sheets, sheet.hidden_rows) == ("名单", ["去年"], 1)
    assert len(sheet.rows) == len(ROWS)


def widened(workbook):
    workbook.active.cell(2, 200, "远")


def with_bomb(parts):
    parts["xl/media/bomb.xml"] = b"0" * (30 * 2**20)


def with_huge_styles(parts):
    parts["xl/styles.xml"] = random.Random(1).randbytes(9 * 2**18).hex().encode()


def with_entities(parts):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    for before, name in zip("abcdefg", "bcdefgh", strict=True):
        bomb += f'<!ENTITY {name} "{f"&{before};" * 10}">'.encode()
    body = parts[SHEET].partition(b"?>")[2] or parts[SHEET]
    parts[SHEET] = bomb + b"]>" + body.replace(b"<v>", b"<v>&h;", 1)


def with_far_row(parts):
    parts[SHEET] = parts[SHEET].replace(b'r="4"', b'r="99999999"').replace(b'"A4"', b'"A99999999"')


def with_many_blanks(parts):
    chance = random.Random(1)
    cells = [b'<c s="%d"/>' % chance.randrange(1000) for _cell in range(601)]
    row = b"".join(b'<row r="%d">%b</row>' % (row, b"".join(cells)) for row in range(10, 1010))
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", row + b"</sheetData>")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "文件是空的"),
        (OLE + b"\0" * 600, "a.xls", "旧格式的.xls"),
        (OLE + b"\0" * 600, "a.et", "WPS的.et"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "设了密码"),
        (OLE + b"\0" * 600, "a.doc", "这不是表格"),
        (repacked(GOOD_XLSX, lambda parts: {"word/document.xml": b""}), "a.xlsx", "不是Excel表格"),
        (repacked(GOOD_XLSX, lambda p: {**p, "xl/workbook.bin": b""}), "a.xlsb", ".xlsb"),
        (b"PK\x03\x04 cut off", "a.xlsx", "文件坏了"),
        (b"%PDF-1.7 \xff\xfe\x00", "a.xlsx", "读不出文字"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.csv", "读不出文字"),
        ("姓名\0,电话".encode(), "a.csv", "读不出文字"),
        (b"<html><table><tr><td>x</td></tr></table>", "a.xls", "其实是网页"),
        ('姓名,电话\n何秋月,1\n"梁伯,2\n苏婆婆,3\n'.encode(), "a.csv", "第3行的双引号没有成对"),
        (b"\n\n , ,\n", "a.csv", "没有内容"),
        (b"x" * (5 * 2**20 + 1), "a.csv", "超过5MB"),
        (xlsx(ROWS, change=widened), "a.xlsx", "200列，最多60列"),
        (csv_file([["姓名"] * 61]), "a.csv", "61列，最多60列"),
        (csv_file([["姓名"], *[["何秋月"]] * 10_000]), "a.csv", "第10001行，一次最多10000行"),
        (with_bomb, "a.xlsx", "解开以后太大"),
        (with_huge_styles, "a.xlsx", "解开以后太大"),
        (with_entities, "a.xlsx", "文件坏了"),
        (with_far_row, "a.xlsx", "第99999999行"),
        (with_many_blanks, "a.xlsx", "表格太大"),
        (xlsx([[]]), "a.xlsx", "没有内容"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(content, name, words):
    if callable(content):  # large: not made by each process that only collects this
        content = repacked(GOOD_XLSX, content)
    assert words in refusal(content, name)


def test_a_part_that_unpacks_to_more_than_it_declares_is_refused():
    """The sizes in the central directory say 10 bytes; there are 30 MiB."""
    file = io.BytesIO(repacked(GOOD_XLSX, with_bomb))
    with zipfile.ZipFile(file, "a") as archive:
        archive.getinfo("xl/media/bomb.xml").file_size = 10
        archive._didModify = True  # so that it is written anew
    assert "文件坏了" in refusal(file.getvalue())


def test_two_sheets_of_one_name_are_refused():
    """One would be measured and the other read."""

    def of_one_name(parts):
        workbook = parts["xl/workbook.xml"]
        parts["xl/workbook.xml"] = workbook.replace(b'name="Other"', b'name="Sheet"')

    two = xlsx(ROWS, change=lambda workbook: workbook.create_sheet("Other").append(["梁伯"]))
    assert len(read(two, "a.xlsx").rows) == len(ROWS)
    assert "文件坏了" in refusal(repacked(two, of_one_name), "a.xlsx")


def test_a_macro_workbook_is_read_like_any_other():
    def to_macro(parts):
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
        parts["xl/vbaProject.bin"] = b"never run"

    assert len(read(repacked(GOOD_XLSX, to_macro), "a.xlsm").rows) == len(ROWS)


def mangled(content, chance):
    """A few bytes changed, dropped, doubled or cut."""
    content = bytearray(content)
    for _time in range(chance.randint(1, 6)):
        place = chance.randrange(len(content) or 1)
        length = chance.randint(1, 30)
        match chance.randrange(4):
            case 0:
                content[place : place + length] = chance.randbytes(length)
            case 1:
                del content[place : place + length]
            case 2:
                content[place:place] = content[place : place + length]
            case _:
                content[place : place + 1] = chance.choice([b'"', b"\0", b"<", b"&", b"9", b"\xff"])
    return bytes(content)


def mangled_part(content, chance):
    """As mangled, inside one part of the package, which is packed anew."""

    def change(parts):
        name = chance.choice([*sorted(parts), SHEET, SHEET, "xl/workbook.xml"])
        parts[name] = mangled(parts[name], chance)

    return repacked(content, change)


def test_nine_hundred_broken_files_are_each_read_or_refused_in_words():
    chance = random.Random(20261121)
    words, were_read = [], 0
    for number in range(900):
        break_it = (mangled, mangled_part, mangled)[number % 3]
        content = break_it(GOOD_CSV if number % 3 == 2 else GOOD_XLSX, chance)
        try:
            read_roster(read(content))
            were_read += 1
        except SpreadsheetRefused as refused:
            words.append(str(refused))
    assert all(each.endswith("。") for each in words)
    assert min(were_read, len(words)) > 100  # else it was no trial
