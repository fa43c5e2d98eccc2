"""What a spreadsheet says about staff: its headings, in any order, and each row by itself."""

import re
import unicodedata
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.utils.translation import gettext as _

from lms.accounts.telephones import TelephoneRefused, normalised
from lms.people.choices import Role
from lms.rosters.cells import UnclearCell, as_written, half_width, name_from
from lms.rosters.choices import StaffVerdict
from lms.rosters.learners.reading import (
    COUNTERS,
    EXAMPLE,
    HEADING_WITHIN,
    WHY_NOT,
    refuse_identity_column,
    refuse_identity_numbers,
    refuse_merged,
)
from lms.rosters.spreadsheets import Formula, Sheet, SheetRow, SpreadsheetRefused, Value, address

NAME, TELEPHONE, UNIT, ROLE = STAFF_COLUMNS = ("name", "telephone", "unit", "role")
#: Headings as people write them; the first is the one that we write ourselves. Not for translation,
#: as those of learners (lms.rosters.learners.reading.HEADINGS).
STAFF_HEADINGS: dict[str, tuple[str, ...]] = {
    NAME: ("姓名", "名字", "教师姓名", "人员姓名", "工作人员"),
    TELEPHONE: ("手机号", "手机", "电话", "联系电话", "手机号码", "电话号码", "联系方式"),
    UNIT: (
        "单位", "单位代码", "单位名称", "村居", "社区", "村", "村（社区）", "街镇", "街道",
        "所属单位", "工作单位", "代码", "区划代码",
    ),
    ROLE: ("角色", "职务", "岗位", "身份", "任职"),
}  # fmt: skip
#: Roles as people write them.
ROLE_WORDS = {
    "管理员": Role.OFFICER, "负责人": Role.OFFICER, "干部": Role.OFFICER,
    "教师": Role.TEACHER, "老师": Role.TEACHER, "讲师": Role.TEACHER, "授课教师": Role.TEACHER,
    "志愿者": Role.VOLUNTEER, "义工": Role.VOLUNTEER, "助教": Role.VOLUNTEER,
    "查阅员": Role.AUDITOR,
    "联络民警": Role.LIAISON, "民警": Role.LIAISON, "社区民警": Role.LIAISON,
}  # fmt: skip
SHOWN = 40  # characters of what was written, in a complaint


@dataclass
class StaffRow:
    """One row, kept as JSON between preview and confirmation."""

    line: int
    name: str = ""
    telephone: str = ""  # as accounts keep it
    unit_words: str = ""  # as it was written
    role: str = ""
    #: What is wrong with it, in words; a row with any is never imported.
    problems: list[str] = field(default_factory=list)
    #: As it was written, by column.
    written: dict[str, str] = field(default_factory=dict)

    # What units, accounts and roles say of it (matching.match_staff).
    refusals: list[str] = field(default_factory=list)
    unit: int | None = None
    verdict: str = StaffVerdict.NEW
    person: int | None = None  # whose account it is, if there is one
    twin: int | None = None  # the earlier line that DOUBLE repeats
    #: They say something else of it than when the preview was shown.
    changed: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)

    @property
    def why(self) -> list[str]:
        """All that is wrong with it."""
        return [*self.problems, *self.refusals]

    @property
    def whose(self) -> str:
        """The same for rows of one person: by telephone, else by name and unit."""
        return self.telephone or f"{self.name} {self.unit}"


def _key(value: Value) -> str:
    """A heading without what people put around it: 手 机 号*, 单位（代码或名称）"""
    text = unicodedata.normalize("NFKC", value) if isinstance(value, str) else ""
    return re.sub(r"\([^)]*\)", "", re.sub(r"\s", "", text)).strip("*:")


COLUMN_OF = {_key(word): column for column, words in STAFF_HEADINGS.items() for word in words}


def read_staff(sheet: Sheet) -> tuple[list[StaffRow], list[str]]:
    """The rows, and notes on what was not read. Raises SpreadsheetRefused where the list as a whole
    cannot be read."""
    refuse_identity_numbers(sheet)
    heading = _heading_row(sheet)
    columns, unread = _columns(heading)
    refuse_merged(sheet, heading, columns)
    rows = [
        _row(sheet_row.number, values, columns)
        for sheet_row in sheet.rows
        if sheet_row.number > heading.number
        and set((values := _values(sheet_row, columns)).values()) - {None, ""}
        and not str(values[NAME] or "").startswith(EXAMPLE)
    ]
    if not rows:
        raise SpreadsheetRefused(
            _("标题下面没有人。请从第%(row)d行起填写，一行一位。") % {"row": heading.number + 1}
        )
    notes = [_("没有读这几列：%(headings)s。") % {"headings": "、".join(unread)}] if unread else []
    if sheet.other_sheets:
        notes.append(
            _("只读了工作表“%(read)s”，没有读：%(others)s。")
            % {"read": sheet.name, "others": "、".join(sheet.other_sheets)}
        )
    return rows, notes


def _heading_row(sheet: Sheet) -> SheetRow:
    """The first that names all that is needed; titles may stand above it."""
    for row in sheet.rows:
        named = {COLUMN_OF.get(_key(value)) for value in row.values}
        if row.number <= HEADING_WITHIN and {NAME, UNIT, ROLE} <= named:
            return row
    raise SpreadsheetRefused(
        _("没有找到标题。请在名单上面写一行标题：姓名、手机号、单位、角色；也可以下载模板来填。")
    )


def _columns(heading: SheetRow) -> tuple[dict[str, int], list[str]]:
    """Where each column stands, from 0, and the headings that were not read."""
    columns: dict[str, int] = {}
    unread = []
    for place, value in enumerate(heading.values):
        words = value if isinstance(value, str) else ""
        refuse_identity_column(words, address(heading.number, place))
        column = COLUMN_OF.get(_key(value))
        if column is not None and column not in columns:
            columns[column] = place
        elif words and _key(value) not in (*COUNTERS, WHY_NOT):
            unread.append(words)
    return columns, unread


def _values(row: SheetRow, columns: dict[str, int]) -> dict[str, Value]:
    return {
        column: row.values[place] if place < len(row.values) else None
        for column, place in columns.items()
    }


def _row(line: int, values: dict[str, Value], columns: dict[str, int]) -> StaffRow:
    row = StaffRow(line=line)
    row.written = {column: as_written(value) for column, value in values.items()}
    for column, value in values.items():
        try:
            _take(row, column, value)
        except (UnclearCell, TelephoneRefused) as reason:
            row.problems.append(
                _("%(cell)s %(heading)s：%(what)s")
                % {
                    "cell": address(line, columns[column]),
                    "heading": STAFF_HEADINGS[column][0],
                    "what": reason,
                }
            )
    return row


def _take(row: StaffRow, column: str, value: Value) -> None:
    if isinstance(value, Formula):
        raise UnclearCell(_("是公式，没有算。请选中这一列，复制，再“选择性粘贴”成“数值”。"))
    words = re.sub(r"\s", "", half_width(as_written(value)))
    if column == NAME:
        row.name = name_from(value)
    elif column == TELEPHONE:
        row.telephone = normalised(words) if words else ""
    elif not words:
        raise UnclearCell(_("没有写。"))
    elif column == UNIT:
        row.unit_words = words
    elif words in ROLE_WORDS:
        row.role = ROLE_WORDS[words]
    else:
        raise UnclearCell(
            _("“%(written)s”不是角色，请写：%(roles)s。")
            % {"written": words[:SHOWN], "roles": "、".join(str(label) for label in Role.labels)}
        )


def staff_template_rows() -> list[list[str]]:
    """The headings, and a row that shows how, which is never imported."""
    example = [EXAMPLE + "陈老师", "13800000000", "440103001101", "教师"]
    return [[words[0] for words in STAFF_HEADINGS.values()], example]
