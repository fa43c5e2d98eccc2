"""What a spreadsheet says about learners: its headings, in any order, and each row by itself. Who
is known already is for roster_queries to say.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.utils.translation import gettext as _

from lms.rosters.cells import (
    UnclearCell,
    as_written,
    birth_year_from,
    holds_identity_number,
    name_from,
    number_from,
    telephone_from,
)
from lms.rosters.choices import RosterVerdict
from lms.rosters.spreadsheets import Formula, Sheet, SheetRow, SpreadsheetRefused, Value, address

NAME, BIRTH_YEAR, TELEPHONE, NUMBER, VILLAGE = COLUMNS = (
    "name", "birth_year", "telephone", "number", "village",
)  # fmt: skip
#: Headings as people write them, without blanks; the first is the one that we write ourselves.
#: Not for translation: a list is written in Chinese, whatever language its reader's pages have.
HEADINGS: dict[str, tuple[str, ...]] = {
    NAME: ("姓名", "名字", "学员姓名", "学员", "老人姓名"),
    BIRTH_YEAR: (
        "出生年份", "出生年", "年份", "生年", "出生年月", "出生年月日", "出生日期", "出生", "生日",
    ),
    TELEPHONE: (
        "电话", "手机", "联系电话", "手机号", "手机号码", "电话号码", "联系方式", "联系手机",
        "本人电话", "固定电话",
    ),
    NUMBER: ("学员号", "学员编号", "学员卡号", "学号"),
    VILLAGE: ("村居", "社区", "村", "村（社区）", "村社区", "村/社区", "村居名称", "所属村居",
              "所属社区", "村居代码"),
}  # fmt: skip
WHY_NOT = "哪里不对"  # the column that we add to rows that are handed back
AGE = ("年龄", "岁数", "周岁", "虚岁")
COUNTERS = ("序号", "编号", "行号")  # of no use to anybody, and not worth a word
IDENTITY_WORDS = ("身份证", "公民身份", "身份号", "证件号")
HEADING_WITHIN = 20  # rows from the top
EXAMPLE = "例："  # begins the name in the row of the template that shows how
REFERENCES_NAMED = 5
SAME, OTHER = "same:", "other"  # answers; a learner's key follows the first


@dataclass
class RosterRow:
    """One row, kept as JSON between preview and confirmation."""

    line: int
    name: str = ""
    birth_year: int | None = None
    telephone: str = ""
    number: str = ""
    village: str = ""  # as it was written
    #: What is wrong with it, in words; a row with any is never imported.
    problems: list[str] = field(default_factory=list)
    #: As it was written, by column: for rows that are handed back to be mended.
    written: dict[str, str] = field(default_factory=dict)
    #: It had a whole date, of which only the year was kept.
    was_date: bool = False

    # What the register says of it (matching.match_rows).
    unit: int | None = None
    verdict: str = RosterVerdict.NEW
    candidates: list[int] = field(default_factory=list)  # learners, who is meant by KNOWN first
    twin: int | None = None  # the earlier line that DOUBLE repeats

    #: A person's answer to MAYBE or DOUBLE: "", "other", or "same:" and a learner's key.
    choice: str = ""
    #: The register says something else of it than when the preview was shown.
    changed: bool = False

    def as_written(self) -> dict[str, str]:
        """By column: for a row that could be read."""
        year = str(self.birth_year or "")
        return dict(
            zip(COLUMNS, (self.name, year, self.telephone, self.number, self.village), strict=True)
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


def allowed_choices(row: RosterRow) -> list[str]:
    """What a person may answer to the row beside nothing."""
    if row.verdict == RosterVerdict.MAYBE:
        return [*(f"{SAME}{pk}" for pk in row.candidates), OTHER]
    return [OTHER] if row.verdict == RosterVerdict.DOUBLE else []


@dataclass
class Roster:
    """A list as read. `notes` tell what was done with it that nobody asked for."""

    rows: list[RosterRow]
    notes: list[str]


def read_roster(sheet: Sheet) -> Roster:
    """Raises SpreadsheetRefused where the list as a whole cannot be read: no heading 姓名, merged
    cells where names stand, an identity-card number anywhere."""
    refuse_identity_numbers(sheet)
    heading = _heading_row(sheet)
    columns, notes = _columns(heading)
    refuse_merged(sheet, heading, columns)
    rows, examples = _rows_below(sheet, heading, columns)
    if not rows:
        raise SpreadsheetRefused(
            _("标题下面没有学员。请从第%(row)d行起填写，一行一位。") % {"row": heading.number + 1}
        )
    return Roster(rows, [*notes, *_notes_of(sheet, rows, examples=examples)])


def _rows_below(
    sheet: Sheet, heading: SheetRow, columns: dict[str, int]
) -> tuple[list[RosterRow], int]:
    """The rows that hold something, and how many examples of the template were passed over."""
    rows = []
    examples = 0
    for sheet_row in sheet.rows:
        values = {
            column: sheet_row.values[place] if place < len(sheet_row.values) else None
            for column, place in columns.items()
        }
        if sheet_row.number <= heading.number or set(values.values()) <= {None, ""}:
            continue
        if str(values[NAME] or "").startswith(EXAMPLE):
            examples += 1
            continue
        rows.append(_row(sheet_row.number, values, columns))
    return rows, examples


def _notes_of(sheet: Sheet, rows: list[RosterRow], *, examples: int) -> Iterator[str]:
    """What was done with the list that nobody asked for."""
    dates = sum(row.was_date for row in rows)
    if dates:
        yield _("有%(count)d行写了完整的出生日期，只留下年份，日期没有保存。") % {"count": dates}
    if examples:
        yield _("模板里的“例”那一行没有读。")
    if sheet.hidden_rows:
        yield _("表格里有%(count)d行是隐藏的，也读了。") % {"count": sheet.hidden_rows}
    if sheet.other_sheets:
        yield (
            _("只读了工作表“%(read)s”，没有读：%(others)s。")
            % {"read": sheet.name, "others": "、".join(sheet.other_sheets)}
        )


# --- Headings ---------------------------------------------------------------------------------


def _heading_key(value: Value) -> str:
    """A heading without what people put around it: 姓 名*, 电话（可不填）, 出生年份:"""
    text = unicodedata.normalize("NFKC", value) if isinstance(value, str) else ""
    text = re.sub(r"\s", "", text).strip("*:")
    known = {unicodedata.normalize("NFKC", word) for words in HEADINGS.values() for word in words}
    return text if text in known else re.sub(r"\([^)]*\)", "", text).strip("*:")


COLUMN_OF = {
    unicodedata.normalize("NFKC", word): column
    for column, words in HEADINGS.items()
    for word in words
}


def _heading_row(sheet: Sheet) -> SheetRow:
    """The first that names a column of names; titles may stand above it."""
    for row in sheet.rows:
        if row.number > HEADING_WITHIN:
            break
        if any(COLUMN_OF.get(_heading_key(value)) == NAME for value in row.values):
            return row
    where = _("工作表“%(name)s”里") % {"name": sheet.name} if sheet.name else _("文件里")
    raise SpreadsheetRefused(
        _(
            "%(where)s没有找到“姓名”这一列。请在名单上面写一行标题：姓名、出生年份、电话；也可以下载模板来填。"
        )
        % {"where": where}
    )


def _columns(heading: SheetRow) -> tuple[dict[str, int], list[str]]:
    """Where each column stands, from 0, and what was not read."""
    columns: dict[str, int] = {}
    named: dict[str, str] = {}
    unread, aged = [], []
    for place, value in enumerate(heading.values):
        words = value if isinstance(value, str) else ""
        key = _heading_key(value)
        column = COLUMN_OF.get(key)
        refuse_identity_column(words, address(heading.number, place))
        if column is None:
            if key in AGE:
                aged.append(words)
            elif words and key not in (*COUNTERS, WHY_NOT):
                unread.append(words)
        elif column not in columns:
            columns[column], named[column] = place, key
        elif column == NAME or key == named[column]:
            first = address(heading.number, columns[column])
            raise _two_columns(words, first, address(heading.number, place))
        else:
            unread.append(words)
    return columns, list(_notes_of_columns(unread, aged))


def refuse_identity_column(words: str, cell: str) -> None:
    if any(word in words for word in IDENTITY_WORDS):
        raise SpreadsheetRefused(
            _(
                "有一列“%(heading)s”（%(cell)s）。银龄学堂从来不收身份证号。请把这一列整列删去，"
                "保存，再上传；刚才的文件没有留下。"
            )
            % {"heading": words, "cell": cell}
        )


def _two_columns(words: str, first: str, second: str) -> SpreadsheetRefused:
    return SpreadsheetRefused(
        _("“%(heading)s”有两列（%(first)s和%(second)s）。请排成一列，一行一位，再上传。")
        % {"heading": words, "first": first, "second": second}
    )


def _notes_of_columns(unread: list[str], aged: list[str]) -> Iterator[str]:
    if unread:
        yield _("没有读这几列：%(headings)s。") % {"headings": "、".join(unread)}
    if aged:
        yield (
            _("“%(heading)s”没有读：周岁、虚岁推出来的出生年份会差一两年。请改成“出生年份”一列。")
            % {"heading": "、".join(aged)}
        )


# --- What is refused as a whole ---------------------------------------------------------------


def refuse_identity_numbers(sheet: Sheet) -> None:
    """Wherever it stands: it is neither read nor kept, and its owner should not send it about."""
    for row in sheet.rows:
        for place, value in enumerate(row.values):
            if holds_identity_number(value):
                raise SpreadsheetRefused(
                    _(
                        "%(cell)s像是身份证号。银龄学堂从来不收身份证号。请把这一列整列删去，"
                        "保存，再上传；刚才的文件没有留下。"
                    )
                    % {"cell": address(row.number, place)}
                )


def refuse_merged(sheet: Sheet, heading: SheetRow, columns: dict[str, int]) -> None:
    """Of merged cells only the first holds the value; whose the others are is a guess."""
    lines = [row.number for row in sheet.rows]
    touching = [
        merged.address
        for merged in sheet.merged
        if merged.last_row > heading.number
        and any(merged.first_column <= place <= merged.last_column for place in columns.values())
        and bisect_left(lines, merged.first_row) < bisect_right(lines, merged.last_row)
    ]
    if touching:
        more = _("等%(count)d处") % {"count": len(touching)}
        named = "、".join(touching[:REFERENCES_NAMED])
        raise SpreadsheetRefused(
            _("%(cells)s是合并的单元格，看不出下面几行是谁的。请取消合并，每一行都填上，再上传。")
            % {"cells": named + (more if len(touching) > REFERENCES_NAMED else "")}
        )


# --- One row ----------------------------------------------------------------------------------


def _row(line: int, values: dict[str, Value], columns: dict[str, int]) -> RosterRow:
    row = RosterRow(line=line)
    unclear = []
    for column, value in values.items():
        try:
            _take(row, column, value)
        except UnclearCell as reason:
            unclear.append(column)
            row.problems.append(
                _("%(cell)s %(heading)s：%(what)s")
                % {
                    "cell": address(line, columns[column]),
                    "heading": HEADINGS[column][0],
                    "what": reason,
                }
            )
    if row.problems:
        row.written = row.as_written() | {column: as_written(values[column]) for column in unclear}
    return row


def _take(row: RosterRow, column: str, value: Value) -> None:
    if isinstance(value, Formula):
        raise UnclearCell(_("是公式，没有算。请选中这一列，复制，再“选择性粘贴”成“数值”。"))
    if column == NAME:
        row.name = name_from(value)
    elif column == BIRTH_YEAR:
        row.birth_year, row.was_date = birth_year_from(value)
    elif column == TELEPHONE:
        row.telephone = telephone_from(value)
    elif column == NUMBER:
        row.number = number_from(value)
    else:
        row.village = as_written(value)


def template_rows() -> list[list[str]]:
    """The headings that everybody needs, and a row that shows how, which is never imported."""
    example = {NAME: EXAMPLE + "陈秀英", BIRTH_YEAR: "1950", TELEPHONE: "13800000000"}
    return [[HEADINGS[column][0] for column in example], list(example.values())]
