"""An office's ledger as a file, for tests. Everybody in it is invented."""

import io
from datetime import date

from openpyxl import Workbook, load_workbook

HEADINGS = (
    "序号", "政策依据", "工作任务", "目标", "牵头单位", "配合单位", "负责人", "完成时限",
    "进展情况", "佐证材料", "存在问题", "督办情况", "是否办结", "备注",
)  # fmt: skip
ABOVE = (
    ("智慧助老工作台账",),
    ("填报单位：广州市", None, None, "填报时间：2026年11月"),
    (),
)
ROWS = (
    (1, "穗甲〔2026〕1号 第1条", "开无码通道", "各区都有", "市甲局", "各区政府", "何秋月",
     "2026年底前", 0.8, "见附件3", None, "市里问过两次", "否", "先做市区"),
    ("2-1", "穗甲〔2026〕1号 第2条", "四个进课堂\n每月四次", "一年600次", "荔湾区", None, "梁伯",
     date(2026, 12, 31), "推进中", None, "老师不够\n场地也不够", None, None, None),
    (3, None, "培训志愿者", 200, "市乙局", "团市委、妇联", None, "长期坚持", "100%，都培训了", None,
     None, None, "是", 12),
)  # fmt: skip
BELOW = ((), ("填表人：何秋月", None, "审核人：梁伯"))


def office_table(rows=ROWS, *, headings=HEADINGS, above=ABOVE, below=BELOW, change=None):
    """`change` is given the workbook before it is saved."""
    book = Workbook()
    book.active.title = "台账"
    for row in (*above, headings, *rows, *below):
        book.active.append(list(row))
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cells_of(content):
    """Every cell that holds anything, by its address."""
    sheet = load_workbook(io.BytesIO(content)).active
    return {cell.coordinate: cell.value for row in sheet for cell in row if cell.value is not None}
