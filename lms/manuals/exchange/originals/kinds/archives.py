"""ZIPs, which DOCX and PPTX are too: looked at before anything is unpacked."""

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from lms.manuals.exchange.originals.items import FileRefused

MOST_ENTRIES: Final = 5000
MOST_BYTES: Final = 400 * 2**20
#: Of a part in XML, which takes many times that in memory.
MOST_XML_BYTES: Final = 24 * 2**20
#: Unpacked to packed size; what is small does not matter.
MOST_RATIO: Final = 150
SMALL_BYTES: Final = 2**20
_ENTITY: Final = re.compile(
    rb"<!DOCTYPE|<!ENTITY|<\x00!\x00D\x00O\x00C|<\x00!\x00E\x00N", re.IGNORECASE
)

BROKEN: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, OSError,
    OverflowError, RuntimeError, ValueError,
)  # fmt: skip


def names_in(path: Path) -> list[str]:
    """Raises FileRefused for a bomb, a password, and what is no ZIP."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 0x1 for entry in entries):
                raise FileRefused("password")
            if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_BYTES:
                raise FileRefused("unpacks_too_large")
            for entry in entries:
                check_entry(archive, entry)
            return [entry.filename for entry in entries]
    except BROKEN as error:
        raise FileRefused("broken") from error


def check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.file_size > max(SMALL_BYTES, MOST_RATIO * entry.compress_size):
        raise FileRefused("unpacks_too_large")
    if not entry.filename.endswith((".xml", ".rels")):
        return
    if entry.file_size > MOST_XML_BYTES:
        raise FileRefused("unpacks_too_large")
    with archive.open(entry) as file:
        if _ENTITY.search(file.read()):  # no part of Office's has one
            raise FileRefused("broken")


def content_of(path: Path, name: str) -> bytes | None:
    """None where there is no such file. names_in has looked at the archive before."""
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(name)
            with archive.open(entry) as file:
                return file.read(entry.file_size + 1)[: entry.file_size]
    except (KeyError, *BROKEN):
        return None


def page_in(names: list[str]) -> str | None:
    """The HTML of a ZIP: the one nearest the outside, index.html before others."""
    pages = [
        name
        for name in names
        if name.lower().endswith((".html", ".htm")) and "__MACOSX" not in name
    ]
    return min(
        pages,
        key=lambda name: (
            name.count("/"),
            not PurePosixPath(name).stem.lower().startswith("index"),
            name,
        ),
        default=None,
    )
