"""The parts of an XLSX package. How large they will be is looked at before they are unpacked."""

import zipfile
from collections.abc import Sequence

from django.utils.translation import gettext as _

from lms.rosters.spreadsheets.sheet import SpreadsheetRefused

MAX_PARTS = 1_000
MAX_UNPACKED_MIB = 40
#: Styles, relations and the like are read whole; only sheets and their strings may be long.
MAX_OTHER_PART_MIB = 4
#: Lists of names are packed to a tenth or a thirtieth; beyond this it is a bomb.
MAX_RATIO = 200
CHUNK_BYTES = 64 * 1024
LONG_PARTS = ("xl/worksheets/", "xl/sharedStrings", "xl/media/")


def check_package(archive: zipfile.ZipFile) -> None:
    """Refuse what is no workbook, and what would be too much to unpack, from what it declares; then
    unpack every part once, counting, since a declared size may lie."""
    parts = archive.infolist()
    _require_workbook(parts)
    declared = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or declared > MAX_UNPACKED_MIB * 2**20:
        raise _bomb()
    for part in parts:
        _require_modest(part)
    _unpack_and_count(archive, parts)


def _require_workbook(parts: Sequence[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise SpreadsheetRefused(_("文件设了密码，打不开。请打开它，去掉密码，再保存上传。"))
    if "xl/workbook.bin" in names:
        raise SpreadsheetRefused(_("这是.xlsb表格。请打开它，选“另存为”，类型选.xlsx，再上传。"))
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise SpreadsheetRefused(
            _("这不是Excel表格，也许是压缩包、文档或别的表格。请另存为.xlsx或.csv，再上传。")
        )


def _require_modest(part: zipfile.ZipInfo) -> None:
    """Of the size that such a part may have, and not packed tighter than lists of names are."""
    is_long = part.filename.startswith(LONG_PARTS)
    most = (MAX_UNPACKED_MIB if is_long else MAX_OTHER_PART_MIB) * 2**20
    ratio = part.file_size / max(1, part.compress_size)
    if part.file_size > most or (ratio > MAX_RATIO and part.file_size > 2**20):
        raise _bomb()


def _unpack_and_count(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> None:
    unpacked = 0
    for part in parts:
        with archive.open(part) as packed:
            while chunk := packed.read(CHUNK_BYTES):
                unpacked += len(chunk)
                if unpacked > MAX_UNPACKED_MIB * 2**20:
                    raise _bomb()


def _bomb() -> SpreadsheetRefused:
    return SpreadsheetRefused(
        _("文件解开以后太大，没有读。请把名单复制到一个新表格，只贴文字，再上传。")
    )
