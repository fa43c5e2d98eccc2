"""A manual as a ZIP: manual.json and its pictures, for people who keep manuals elsewhere.

See docs/features/manual-exchange.md. An incoming ZIP is checked before any of it is unpacked, and
nothing is written to disk here. Reading raises PackageRefused and nothing else, whatever the file
holds.
"""

import re
import zipfile
import zlib
from collections.abc import Container, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from lms.manuals.exchange.documents import (
    PICTURE_NAME,
    Document,
    PackageRefused,
    document_of,
    pictures_by_name,
    printable,
    read_document,
)
from lms.manuals.models import ManualVersion

DOCUMENT_NAME: Final = "manual.json"
MOST_MIB: Final = 60  # of the ZIP
MOST_PICTURES: Final = 200
MOST_DOCUMENT_BYTES: Final = 2**20
MOST_PICTURE_BYTES: Final = 20 * 2**20
MOST_UNPACKED_BYTES: Final = 120 * 2**20
#: Unpacked to packed size. Pictures hardly shrink, and no text shrinks to a fiftieth.
MOST_RATIO: Final = 50
SMALL_BYTES: Final = 64 * 2**10  # below this the ratio does not matter

#: What computers put into an archive by themselves: macOS, Windows.
BY_COMPUTERS: Final = re.compile(
    r"(^|/)(__MACOSX(/.*)?|\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini)$", re.IGNORECASE
)

#: What zipfile raises for broken archives, as the tests with fuzzed ones showed.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    MemoryError,
)


@dataclass(frozen=True)
class Package:
    document: Document
    #: Files as they came, checked only for their size, by their names in the document.
    pictures: dict[str, bytes]
    #: Pictures that it names and that did not come along.
    left_out: int = 0


def read_package(file: BinaryIO) -> Package:
    """The content of a ZIP. Raises PackageRefused and nothing else."""
    data = file.read(MOST_MIB * 2**20 + 1)
    if len(data) > MOST_MIB * 2**20:
        raise PackageRefused(_("压缩包太大了，最多%(most)d MB。") % {"most": MOST_MIB})
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = checked_entries(archive)
            document = read_document(unpacked(archive, entries[DOCUMENT_NAME]))
            refuse_other_pictures(document, set(entries) - {DOCUMENT_NAME})
            pictures = {
                name: unpacked(archive, entry)
                for name, entry in entries.items()
                if name != DOCUMENT_NAME
            }
    except BROKEN as error:
        raise PackageRefused(_("这个压缩包坏了，或者不是ZIP。请重新打包，别设密码。")) from error
    return Package(document, pictures)


def checked_entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """By name, from the archive's directory; nothing is unpacked yet. All that is wrong with names
    and files is said at once."""
    entries: dict[str, zipfile.ZipInfo] = {}
    wrong: list[str] = []
    for name, entry in told_entries(archive):
        if name == "pictures/" and entry.file_size == 0:
            continue
        try:
            refuse_name(name, taken=entries)
            refuse_strange(
                entry, most=MOST_DOCUMENT_BYTES if name == DOCUMENT_NAME else MOST_PICTURE_BYTES
            )
        except PackageRefused as reason:
            wrong.append(str(reason))
        entries[name] = entry
    if DOCUMENT_NAME not in entries:
        wrong.append(_("压缩包里没有manual.json。它要放在最外面一层，或者只套一个文件夹。"))
    if len(entries) > MOST_PICTURES + 1:
        wrong.append(_("图片太多了，最多%(most)d张。") % {"most": MOST_PICTURES})
    refuse_all(wrong)
    if sum(entry.file_size for entry in entries.values()) > MOST_UNPACKED_BYTES:
        raise too_big()
    return entries


def told_entries(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """Each with its name, out of the one folder that is around them all; without what computers
    put in by themselves."""
    # entry.filename is cut at a zero byte
    told = [(entry.orig_filename, entry) for entry in archive.infolist()]
    told = [(name, entry) for name, entry in told if not BY_COMPUTERS.search(name)]
    folder, slash, _rest = told[0][0].partition("/") if told else ("", "", "")
    around = f"{folder}/"
    if not slash or folder in {"pictures", ".", ".."} or not folder.isprintable():
        return told
    if any(not name.startswith(around) for name, _entry in told):
        return told
    return [(name.removeprefix(around), entry) for name, entry in told if name != around]


def refuse_name(name: str, *, taken: Container[str]) -> None:
    if name != DOCUMENT_NAME and not re.fullmatch(PICTURE_NAME, name):
        raise PackageRefused(
            _("压缩包里只能有manual.json和pictures里的图片，不能有“%(name)s”。")
            % {"name": printable(name)}
        )
    if name in taken:
        raise PackageRefused(_("压缩包里有两个“%(name)s”。") % {"name": name})


def refuse_all(wrong: Sequence[str]) -> None:
    """Raises PackageRefused with a line for each different reason, unless there is none."""
    if wrong:
        raise PackageRefused("\n".join(dict.fromkeys(wrong)))


def refuse_strange(entry: zipfile.ZipInfo, *, most: int) -> None:
    """Links, passwords, uncommon compression, and files that unpack to too much (most: bytes)."""
    mode = entry.external_attr >> 16
    if mode and (mode & 0o170000) not in {0, 0o100000}:
        raise PackageRefused(_("压缩包里只能放文件，不能放快捷方式。"))
    if entry.flag_bits & 0x1:
        raise PackageRefused(_("压缩包设了密码，打不开。请去掉密码。"))
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise PackageRefused(_("压缩的办法不常见，打不开。请用电脑自带的压缩。"))
    if entry.file_size > most:
        raise too_big()
    if entry.file_size > max(SMALL_BYTES, MOST_RATIO * entry.compress_size):
        raise too_big()


def too_big() -> PackageRefused:
    return PackageRefused(_("压缩包里的文件打开以后太大了。请把图片缩小一点。"))


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Never more than the directory says that it holds."""
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise too_big()
    return content


def refuse_other_pictures(document: Document, brought: set[str]) -> None:
    missing, unused = document.picture_names - brought, brought - document.picture_names
    refuse_all(
        [_("压缩包里没有图片“%(name)s”。") % {"name": name} for name in sorted(missing)]
        + [_("图片“%(name)s”没有哪一步用到。") % {"name": name} for name in sorted(unused)]
    )


def package_of(version: ManualVersion) -> bytes:
    """The ZIP. Pictures are stored uncompressed, since they would not shrink."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        text = document_of(version).model_dump_json(indent=2)
        archive.writestr(DOCUMENT_NAME, text, zipfile.ZIP_DEFLATED)
        for name, picture in pictures_by_name(version).items():
            with picture.file.open("rb") as content:
                archive.writestr(name, content.read())
    return file.getvalue()
