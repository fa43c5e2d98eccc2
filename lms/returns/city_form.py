"""The city's own form: a workbook whose cells an officer has named, filled in with a return.

The officer's formulas, borders and heads stay; what is written in is figures and words, never a
formula.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from lms.returns.choices import Punctuality, ReturnActKind
from lms.returns.errors import ReturnRefused
from lms.returns.figures import LABELS
from lms.returns.models import Return, ReturnAct, Snapshot
from lms.rosters.spreadsheets import SpreadsheetRefused
from lms.rosters.spreadsheets.package import check_package
from lms.tables import UNWRITABLE, on_the_wall

if TYPE_CHECKING:
    from openpyxl import Workbook

TEMPLATE_MOST_MIB = 2
MOST_CELLS = 20_000

#: Names in a workbook are the same for every site, whatever language its pages are in.
FIGURE_NAMES = {
    "planned": "应上课次",
    "held": "已上课次",
    "cancelled": "取消课次",
    "attendances": "到课人次",
    "excused": "请假人次",
    "absences": "缺课人次",
    "headcount": "讲座人数",
    "learners": "学员人数",
}
#: Without these a form does not say whose it is, of when, and what was reported.
NEEDED = ("单位", "月份", "已上课次", "到课人次", "学员人数", "签报人")
BESIDES = (
    *(name for name in FIGURE_NAMES.values() if name not in NEEDED),
    "区划代码", "应报单位", "按时报送", "迟报", "缺报", "情况说明", "备注", "签报时间", "审核人",
    "审核时间", "校验码",
)  # fmt: skip
NAMES = (*NEEDED, *BESIDES)
assert set(FIGURE_NAMES) == set(LABELS)


def names_in(content: bytes) -> list[str]:
    """The names of ours that the workbook has, in our order. Raises ReturnRefused, which says which
    names it lacks, or which point to no single cell."""
    book = _opened(content)
    places = dict(_cells_named(book))
    lacking = [name for name in NEEDED if name not in places]
    if lacking:
        raise ReturnRefused(
            _(
                "表里缺少这些名称：%(names)s。请在WPS或Excel里点一下要填的格子，"
                "在左上角的名称框里写上名称，按回车，保存后再上传。"
            )
            % {"names": "、".join(lacking)}
        )
    return [name for name in NAMES if name in places]


def _opened(content: bytes) -> "Workbook":
    from openpyxl import load_workbook

    if len(content) > TEMPLATE_MOST_MIB * 2**20:
        raise ReturnRefused(_("文件超过%(most)dMB。") % {"most": TEMPLATE_MOST_MIB})
    unreadable = _("文件打不开。请用WPS或Excel打开，另存为.xlsx，再上传。")
    try:
        check_package(zipfile.ZipFile(io.BytesIO(content)))
        book = load_workbook(io.BytesIO(content), keep_links=False)
    except SpreadsheetRefused as reason:
        raise ReturnRefused(str(reason)) from reason
    except (zipfile.BadZipFile, zlib.error, EOFError) as damage:
        raise ReturnRefused(unreadable) from damage
    except Exception as whatever:  # openpyxl lets through what it stumbles over, of any type
        raise ReturnRefused(unreadable) from whatever
    if sum(sheet.max_row * sheet.max_column for sheet in book.worksheets) > MOST_CELLS:
        raise ReturnRefused(_("表太大了，月报的表一两页就够。请删去多余的行、列和工作表。"))
    return book


def _cells_named(book: "Workbook") -> Iterator[tuple[str, Any]]:
    """Each name of ours, and the one cell that it points to, of merged ones the first. Raises
    ReturnRefused where it points to several, or to none."""
    from openpyxl.utils import range_boundaries

    for name, defined in book.defined_names.items():
        if name not in NAMES:
            continue
        try:
            [(title, reference)] = list(defined.destinations)
            left, top, right, bottom = range_boundaries(reference)
            sheet = book[title]
        except (ValueError, KeyError, TypeError) as error:
            raise _no_cell(name) from error
        merged = {str(each) for each in sheet.merged_cells.ranges}
        is_one = (left, top) == (right, bottom) or reference.replace("$", "") in merged
        if None in (left, top, right, bottom) or not is_one:
            raise _no_cell(name)
        yield name, sheet.cell(row=top, column=left)


def _no_cell(name: str) -> ReturnRefused:
    return ReturnRefused(
        _("名称“%(name)s”要正好指着一个格子。请在“公式 → 名称管理器”里改好，再上传。")
        % {"name": name}
    )


def filled_in(content: bytes, values: Mapping[str, str | int]) -> bytes:
    """The workbook with the values in the cells of their names. Raises ReturnRefused when the file
    is none any more."""
    book = _opened(content)
    for name, cell in _cells_named(book):
        if name not in values:
            continue
        value = values[name]
        cell.value = UNWRITABLE.sub("", value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"  # words, even if they begin like a formula
    return _saved(book)


def _saved(book: "Workbook") -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def sample_form() -> bytes:
    """A plain form with every name, to begin one's own with."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.workbook.defined_name import DefinedName

    book = Workbook()
    sheet = book.active
    sheet.title = "月报"
    line = Side(style="thin")
    box = Border(left=line, right=line, top=line, bottom=line)
    sheet.merge_cells("A1:B1")
    sheet["A1"] = "老年数字教育工作月报表"
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = Alignment(horizontal="center")
    for row, name in enumerate(NAMES, 2):
        head, cell = sheet.cell(row=row, column=1, value=name), sheet.cell(row=row, column=2)
        head.border = cell.border = box
        cell.alignment = Alignment(horizontal="left", wrap_text=True, vertical="center")
        book.defined_names[name] = DefinedName(name, attr_text=f"'{sheet.title}'!$B${row}")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 60
    sheet.cell(row=len(NAMES) + 3, column=2, value="（盖章处）")
    return _saved(book)


# --- What is written in -----------------------------------------------------------------------


@dataclass(frozen=True)
class Approval:
    """Who approved what is signed now, and when; blank: nobody has."""

    name: str = ""
    at: str = ""


def approval_of(snapshot: Snapshot) -> Approval:
    """One query."""
    acts = ReturnAct.objects.filter(snapshot=snapshot, kind=ReturnActKind.APPROVED)
    act = acts.select_related("by").order_by("-at", "-pk").first()
    if act is None:
        return Approval()
    return Approval(act.by.shown_name(), f"{on_the_wall(act.at):%Y-%m-%d %H:%M}")


def values_of(one: Return, snapshot: Snapshot) -> dict[str, str | int]:
    """By the names of NAMES."""
    told = snapshot.told
    approval = approval_of(snapshot)
    figures = {name: told["figures"][key] for key, name in FIGURE_NAMES.items()}
    kept = told["returns"]
    return {
        **figures,
        "单位": one.unit_name,
        "区划代码": told["unit"]["code"],
        "月份": one.period.label,
        "应报单位": kept["expected"],
        "按时报送": kept[Punctuality.ON_TIME],
        "迟报": kept[Punctuality.LATE],
        "缺报": kept[Punctuality.MISSING],
        "情况说明": told["explanation"],
        "备注": told["remarks"],
        "签报人": told["signed_name"],
        "签报时间": f"{on_the_wall(snapshot.made_at):%Y-%m-%d %H:%M}",
        "审核人": approval.name,
        "审核时间": approval.at,
        "校验码": snapshot.digest,
    }
