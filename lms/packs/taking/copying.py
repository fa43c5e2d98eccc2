"""A pack's files, copied from a folder that nobody here trusts into one of our own.

Each file is read once, and is what is copied; so nothing is checked that could be another thing
afterwards. A copy that was cut goes on where it was.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from lms.packs.disk import in_words, refuse_without_room
from lms.packs.manifest import MANIFEST, SIGNATURE, Manifest, PackFile, is_whole, size_of
from lms.packs.paths import open_inside
from lms.packs.refusals import PackError
from media.files import half_made

PIECE = 2**20  # bytes


def refuse_wrong_sizes(folder: Path, manifest: Manifest) -> None:
    """Before a byte is copied: raise PackError where a file is missing, or has another size."""
    for file in manifest.files:
        size = size_of(folder, file.path)
        if size is None:
            raise PackError(
                _("少了“%(path)s”：课程盘没有做完，或者拷漏了。请重新做一次，或者重新拷一次。")
                % {"path": file.path}
            )
        if size != file.size:
            raise PackError(_wrong(file))


def copy_pack(
    source: Path,
    target: Path,
    manifest: Manifest,
    *,
    content: bytes,
    signature: bytes,
    earlier: Path | None,
    on_bytes: Callable[[int], None],
) -> None:
    """Have the pack in ``target``, of which a part may be there from before. ``earlier``: the
    folder of an edition that was taken, from which equal files come. Raises PackError."""
    half = target.with_name(f"{target.name}.half")
    try:
        half.mkdir(parents=True, exist_ok=True)
        missing = [file for file in manifest.files if not is_whole(half, file)]
        refuse_without_room(half, sum(file.size for file in missing))
        for file in missing:
            path = half / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            if not (earlier and _linked(earlier, path, file)):
                _copy(source, path, file)
            on_bytes(file.size)
        (half / SIGNATURE).write_bytes(signature)
        (half / MANIFEST).write_bytes(content)
        half.replace(target)
    except OSError as error:
        raise PackError(in_words(error)) from error


def _linked(earlier: Path, path: Path, file: PackFile) -> bool:
    """Out of our own copy of before; both are never written again."""
    if not is_whole(earlier, file):
        return False
    path.unlink(missing_ok=True)
    os.link(earlier / file.path, path)
    return True


def _copy(source: Path, path: Path, file: PackFile) -> None:
    """A new file, whatever link the source is. Raises PackError for another content."""
    with open_inside(source, file.path) as reading, half_made(path) as [half]:
        with half.open("xb") as writing:
            found = _copied(reading, writing, most=file.size)
        if found != (file.sha256, file.size):
            raise PackError(_wrong(file))


def _copied(reading: BinaryIO, writing: BinaryIO, *, most: int) -> tuple[str, int]:
    """SHA-256 and size of what was copied; one byte more than ``most`` at most."""
    digest, size = sha256(), 0
    while size <= most and (piece := reading.read(min(PIECE, most + 1 - size))):
        digest.update(piece)
        writing.write(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _wrong(file: PackFile) -> str:
    return _("“%(path)s”坏了，或者被人换过，课程盘没有收。请重新做一次，或者换一个U盘。") % {
        "path": file.path
    }
