"""The process in which a maker's file is read, so that a hard or a hostile one costs its own time
and memory only.

    python -m lms.manuals.exchange.originals.child FOLDER

The folder holds source-01.*, source-02.* …; the process adds pictures, page-001.jpg … and
draft.json, or refusal.json. It needs neither Django's settings nor a database, opens no address,
and starts with limits on its time, its memory and the files that it writes.
"""

import json
import os
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

from lms.manuals.exchange.originals.items import FileRefused
from lms.manuals.exchange.originals.kinds.pictures import WorkFolder
from lms.manuals.exchange.originals.limits import (
    CPU_SECONDS,
    FILE_BYTES,
    MEMORY_BYTES,
    NICENESS,
    OPEN_FILES,
)
from lms.manuals.exchange.originals.reading import read_sources
from lms.manuals.exchange.originals.structure import draft_of

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PHOTO_STARTS: Final = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8", b"BM", b"II*\0", b"MM\0*")


def limit_itself() -> None:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def kind_of(data: bytes) -> str:
    """By the content, whatever the name says. Raises FileRefused for what cannot be read."""
    if not data.strip():
        raise FileRefused("empty")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data.startswith(OLE):
        raise FileRefused(which_ole(data))
    if data.startswith(b"{\\rtf"):
        raise FileRefused("old_office")
    if data.startswith(PHOTO_STARTS) or data[4:8] == b"ftyp":
        return "photo"
    start = data[:8192].replace(b"\0", b"").lower()  # also of UTF-16
    if b"<html" in start or b"<!doctype html" in start or b"<body" in start:
        return "html"
    raise FileRefused("unknown")


def which_ole(data: bytes) -> str:
    """Office's old container also holds today's files where they have a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "password"
    return "old_office"


def read_files(folder: Path) -> None:
    """Writes draft.json. Raises FileRefused."""
    sources = sorted(folder.glob("source-*"))
    kinds = [kind_of(path.read_bytes()) for path in sources]
    work = WorkFolder(folder)
    contents = read_sources(sources, kinds, work)
    draft = draft_of(contents)
    if not draft.tasks and not draft.troubles and not draft.warnings:
        raise FileRefused("nothing_in_it")
    draft.pages = len(list(folder.glob("page-*.jpg")))
    (folder / "draft.json").write_text(json.dumps(asdict(draft), ensure_ascii=False))


def main() -> None:
    folder = Path(sys.argv[1])
    limit_itself()
    try:
        read_files(folder)
    except FileRefused as refused:
        told = {"name": refused.name, "said": refused.said}
        (folder / "refusal.json").write_text(json.dumps(told))
    except MemoryError:
        (folder / "refusal.json").write_text(json.dumps({"name": "too_hard", "said": {}}))


if __name__ == "__main__":
    main()
