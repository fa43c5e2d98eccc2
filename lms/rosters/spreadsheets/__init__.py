"""Rows out of a spreadsheet that somebody uploads, XLSX or CSV. The file is not believed: how large
it will be is looked at before it is unpacked, and what is wrong with it is said in words."""

from django.utils.translation import gettext as _

from lms.rosters.spreadsheets.csv_text import read_csv
from lms.rosters.spreadsheets.sheet import (
    Formula,
    Sheet,
    SheetRow,
    SpreadsheetRefused,
    Value,
    address,
)
from lms.rosters.spreadsheets.workbook import read_xlsx

MAX_FILE_MIB = 5
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_spreadsheet(content: bytes, *, file_name: str) -> Sheet:
    """Read XLSX (or XLSM, whose macros never run) or CSV, whatever the name says; the name only
    helps to tell what to do. Raises SpreadsheetRefused."""
    if len(content) > MAX_FILE_MIB * 2**20:
        raise too_big()
    if not content.strip():
        raise SpreadsheetRefused(_("文件是空的。"))
    if content.startswith(OLD_OFFICE):
        raise SpreadsheetRefused(_what_old_file(content, file_name))
    if content.startswith(b"PK"):
        return read_xlsx(content)
    return read_csv(content)


def too_big() -> SpreadsheetRefused:
    return SpreadsheetRefused(
        _("文件超过%(most)dMB。请只留名单，删去图片和别的工作表，或者分成几个文件。")
        % {"most": MAX_FILE_MIB}
    )


def _what_old_file(content: bytes, file_name: str) -> str:
    if ENCRYPTED in content:
        return _("文件设了密码，打不开。请打开它，去掉密码，再保存上传。")
    if file_name.lower().endswith((".et", ".ett")):
        return _("这是WPS的.et表格。请用WPS打开，选“另存为”，类型选.xlsx，再上传。")
    if file_name.lower().endswith((".doc", ".wps", ".ppt", ".dps")):
        return _("这不是表格。请上传.xlsx或.csv。")
    return _("这是旧格式的.xls表格。请打开它，选“另存为”，类型选.xlsx，再上传。")


__all__ = [
    "MAX_FILE_MIB",
    "Formula",
    "Sheet",
    "SheetRow",
    "SpreadsheetRefused",
    "Value",
    "address",
    "read_spreadsheet",
    "too_big",
]
