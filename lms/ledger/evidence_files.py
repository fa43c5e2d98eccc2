"""Files handed in as evidence, judged by what is in them and not by their names.

A photograph is decoded and encoded anew: nothing of it but its pixels is kept, and so not the
place where it was taken. A document is a PDF, or a Word or Excel file without macros; it is only
ever sent as a download.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lms.ledger.choices import EvidenceKind
from lms.manuals.editor.picture_files import PictureRefused, clean_picture

MOST_MIB = 20
#: What a browser is told of a document; it is a download all the same.
DOCUMENTS = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")
#: Of what an office file declares that it unpacks to: beyond this it is a bomb.
UNPACKED_MIB, MAX_RATIO, MAX_PARTS = 200, 200, 5_000
OFFICE_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}


class EvidenceRefused(Exception):
    """A file that is not kept; the text says why and what to send instead."""


@dataclass(frozen=True)
class CheckedFile:
    kind: EvidenceKind
    content: bytes
    #: What it is, whatever it was called.
    suffix: str


def check_file(file: UploadedFile) -> CheckedFile:
    """As it is kept. Raises EvidenceRefused."""
    content = file.read(MOST_MIB * 2**20 + 1)
    if len(content) > MOST_MIB * 2**20:
        raise EvidenceRefused(
            _("文件超过%(most)dMB。照片请缩小一点，文件请分成几个。") % {"most": MOST_MIB}
        )
    if content.startswith(b"%PDF-"):
        return CheckedFile(EvidenceKind.FILE, content, _of_a_pdf(content))
    if content.startswith(b"PK\x03\x04"):
        return CheckedFile(EvidenceKind.FILE, content, _of_an_office_file(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise EvidenceRefused(_("这是旧格式的文件。请打开它，另存为.docx、.xlsx或PDF，再传。"))
    try:
        picture = clean_picture(io.BytesIO(content))
    except PictureRefused as reason:
        name = PurePath(file.name or "").suffix.lower()
        if name in PICTURES:
            raise EvidenceRefused(str(reason)) from reason
        raise EvidenceRefused(
            _("只收照片（JPG、PNG、WebP、HEIC）、PDF、Word（.docx）和Excel（.xlsx）。")
        ) from reason
    return CheckedFile(EvidenceKind.PHOTO, picture.content, picture.suffix)


def _of_a_pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-2048:]:
        raise EvidenceRefused(_("这个PDF没有传完整，或者坏了。请重新存一次再传。"))
    return ".pdf"


def _of_an_office_file(content: bytes) -> str:
    """Raises EvidenceRefused for any other archive, for macros, and for what would be too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as damage:
        raise EvidenceRefused(_("这个文件坏了。请重新存一次再传。")) from damage
    names = {part.filename for part in parts}
    suffix = next((each for each, part in OFFICE_PARTS.items() if part in names), "")
    if not suffix or "[Content_Types].xml" not in names:
        raise EvidenceRefused(_("压缩包不能当佐证。请把里面的文件一个一个地传，或者存成PDF。"))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise EvidenceRefused(_("文件里有宏，不能收。请另存为不带宏的.docx或.xlsx，再传。"))
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MAX_PARTS
        or unpacked > UNPACKED_MIB * 2**20
        or unpacked > MAX_RATIO * len(content)
    ):
        raise EvidenceRefused(_("文件解开以后太大，不能收。请存成PDF再传。"))
    return suffix
