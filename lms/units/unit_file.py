"""Reading a file of units in the national division format: `code,name`, one a line."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from lms.units.models import level_of, parent_code

ENCODINGS = ("utf-8-sig", "gb18030")
NAME_MAX = 60


@dataclass(frozen=True)
class BadRow:
    line: int  # as an editor counts them, the heading being line 1
    reason: str

    def __str__(self) -> str:
        return _("第%(line)d行：%(reason)s") % {"line": self.line, "reason": self.reason}


class UnusableFile(Exception):
    """The file cannot be imported; `bad_rows` says why, row by row, in words."""

    def __init__(self, bad_rows: list[BadRow]) -> None:
        super().__init__("\n".join(str(row) for row in bad_rows))
        self.bad_rows = bad_rows


@dataclass
class UnitFile:
    """Names by code. Every code's parent is in the file, or was known before."""

    names: dict[str, str] = field(default_factory=dict)


def read_unit_file(content: bytes, *, known_codes: frozenset[str] | None) -> UnitFile:
    """Read and check the whole file before anything is written.

    `known_codes` are units that may be parents without standing in the file; None: that is looked
    at later. A city (4 digits) may stand at the top. Raises UnusableFile with every bad row.
    """
    bad_rows: list[BadRow] = []
    lines: dict[str, int] = {}
    names: dict[str, str] = {}
    for line, code, name in _rows(_decoded(content)):
        if reason := _reason_against(code, name):
            bad_rows.append(BadRow(line, reason))
        elif code in names:
            first = lines[code]
            bad_rows.append(
                BadRow(
                    line, _("代码%(code)s和第%(first)d行重复。") % {"code": code, "first": first}
                )
            )
        else:
            names[code] = name
            lines[code] = line
    for code in names if known_codes is not None else ():
        above = parent_code(code)
        if above is None or above in names or above in (known_codes or ()):
            continue
        if len(code) == len("4401"):
            continue  # a city may stand at the top
        reason = _("代码%(code)s的上级%(above)s不在文件里，系统里也没有。")
        bad_rows.append(BadRow(lines[code], reason % {"code": code, "above": above}))
    if not names and not bad_rows:
        bad_rows.append(BadRow(1, _("文件里没有单位。")))
    if bad_rows:
        raise UnusableFile(sorted(bad_rows, key=lambda row: row.line))
    return UnitFile(names)


def _decoded(content: bytes) -> str:
    line = 1
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
    raise UnusableFile([BadRow(line, _("文字读不出来，请把文件另存为UTF-8格式的CSV。"))])


def _rows(text: str) -> Iterator[tuple[int, str, str]]:
    """Line number, code and name of each row; blank lines and the heading are passed over."""
    reader = csv.reader(io.StringIO(text))
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells) or (reader.line_num == 1 and not cells[0][:1].isdigit()):
            continue
        yield reader.line_num, cells[0], cells[1] if len(cells) == 2 else ""


def _reason_against(code: str, name: str) -> str | None:
    if not (code.isascii() and code.isdigit()):
        return _("代码“%(code)s”不是数字。") % {"code": code}
    if level_of(code) is None:
        return _("代码%(code)s有%(length)d位，应该是2、4、6、9或12位。") % {
            "code": code,
            "length": len(code),
        }
    if not name:
        return _("缺少名称，或者这一行不是“代码,名称”两栏。")
    if len(name) > NAME_MAX:
        return _("名称超过%(max)d个字。") % {"max": NAME_MAX}
    return None
