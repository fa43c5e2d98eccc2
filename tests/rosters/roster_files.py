"""Lists of learners as files, for tests. Everybody in them is invented."""

import io
import zipfile

from openpyxl import Workbook

HEADINGS = ("姓名", "出生年份", "电话")
PEOPLE = (
    ("何秋月", 1948, "13800000001"),
    ("梁伯", 1952, "13800000002"),
    ("苏婆婆", 1945, ""),
)


def xlsx(rows, *, change=None):
    """`change` is given the workbook before it is saved."""
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    if change:
        change(workbook)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def csv_file(rows, *, encoding="utf-8", delimiter=","):
    lines = [delimiter.join(str(cell) for cell in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)


def repacked(content, change):
    """The same package with its parts changed: `change` is given them by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts = change(parts) or parts
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def in_class(group, state="enrolled"):
    return set(group.enrolments.filter(state=state).values_list("learner__name", flat=True))
