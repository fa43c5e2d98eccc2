"""Writes a pack to a stick: only what is missing there or changed, the manifest last.

While it is written the manifest of before has another name, so that a stick that was pulled out
has none. A making reads what is on a stick and mends what is not whole: reading is the quick side
of a stick.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from lms.packs.disk import flush_folder, in_words, refuse_without_room
from lms.packs.manifest import (
    MANIFEST,
    NOT_DONE,
    SIGNATURE,
    Manifest,
    PackFile,
    file_digest,
    is_whole,
    parsed,
    pieces,
    size_of,
)
from lms.packs.refusals import PackError
from media.files import HALF_MADE, half_made


@dataclass(frozen=True)
class Written:
    written: int  # files
    bytes_written: int
    removed: int


def files_of(folder: Path) -> tuple[PackFile, ...]:
    """All files of a pack that is laid out there, in the order of their paths."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                sha256, size = file_digest(file)
            found.append(PackFile(path.relative_to(folder).as_posix(), size, sha256))
    return tuple(found)


def before(folder: Path) -> tuple[Manifest | None, bool]:
    """The manifest of what lies there, and whether it was finished. None: no pack, or one that
    cannot be read."""
    for name in (MANIFEST, NOT_DONE):
        try:
            return parsed((folder / name).read_bytes()), name == MANIFEST
        except FileNotFoundError:
            continue
        except (OSError, PackError):
            return None, False
    return None, False


def lay_down(
    source: Path,
    target: Path,
    manifest: Manifest,
    *,
    content: bytes,
    signature: bytes,
    links: bool,
    on_bytes: Callable[[int], None],
) -> Written:
    """Have the files of ``manifest`` in ``target`` as they are in ``source``, and nothing that an
    earlier one left. ``links``: link them where the disk is the same, for folders of our own.
    Raises PackError."""
    earlier, was_finished = before(target)
    try:
        believed = earlier if links and was_finished else None
        changed = [f for f in manifest.files if not _is_there(target, f, believed)]
        gone = _gone(earlier, manifest)
        if not changed and not gone and was_finished and _same(target, content, signature):
            return Written(0, 0, 0)
        if not (links and _same_disk(source, target)):
            refuse_without_room(target, sum(file.size for file in changed))
        _forget_halves(target)
        _mark_not_done(target)
        for path in gone:
            _remove(target, path)
        for file in changed:
            _write(source, target, file, links=links, on_bytes=on_bytes)
        _finish(target, content, signature)
    except OSError as error:
        raise PackError(in_words(error)) from error
    return Written(len(changed), sum(file.size for file in changed), len(gone))


def _is_there(target: Path, file: PackFile, believed: Manifest | None) -> bool:
    """By what the file holds; in a folder of our own by its size and what was written."""
    if size_of(target, file.path) != file.size:
        return False
    if believed is not None:
        return believed.by_path.get(file.path) == file
    return is_whole(target, file)


def _gone(earlier: Manifest | None, now: Manifest) -> list[str]:
    """What we wrote before and is no part of it any more; what else lies there is not ours."""
    if earlier is None:
        return []
    return sorted(earlier.by_path.keys() - now.by_path.keys())


def _same(target: Path, content: bytes, signature: bytes) -> bool:
    signed = target / SIGNATURE
    return (target / MANIFEST).read_bytes() == content and (
        signed.is_file() and signed.read_bytes() == signature
    )


def _same_disk(source: Path, target: Path) -> bool:
    return source.stat().st_dev == target.stat().st_dev


def _forget_halves(target: Path) -> None:
    """What a stick that was pulled out still has of files that were being written."""
    for left in target.rglob(f"{HALF_MADE}*"):
        left.unlink(missing_ok=True)


def _mark_not_done(target: Path) -> None:
    if (target / MANIFEST).exists():
        (target / MANIFEST).replace(target / NOT_DONE)
    (target / SIGNATURE).unlink(missing_ok=True)
    flush_folder(target)


def _remove(target: Path, path: str) -> None:
    (target / path).unlink(missing_ok=True)
    for above in (target / path).relative_to(target).parents:
        if above == Path() or any((target / above).iterdir()):
            return
        (target / above).rmdir()


def _write(
    source: Path, target: Path, file: PackFile, *, links: bool, on_bytes: Callable[[int], None]
) -> None:
    path = target / file.path
    _make_folders(target, path.parent)
    with half_made(path) as [half]:
        origin = (source / file.path).resolve()
        if not (links and _linked(origin, half)):
            with origin.open("rb") as reading, half.open("xb") as writing:
                for piece in pieces(reading):
                    writing.write(piece)
                    on_bytes(len(piece))
        else:
            on_bytes(file.size)


def _linked(origin: Path, half: Path) -> bool:
    try:
        os.link(origin, half)
    except OSError:  # another disk, or one without links
        return False
    return True


def _make_folders(target: Path, folder: Path) -> None:
    """Real ones: a symbolic link would lead out of the pack."""
    for above in [*reversed(folder.relative_to(target).parents), folder.relative_to(target)]:
        here = target / above
        if here != target and here.is_symlink():
            raise PackError(
                _("“%(path)s”是一个链接，不能往里写。请删掉它，再做一次。") % {"path": here}
            )
    folder.mkdir(parents=True, exist_ok=True)


def _finish(target: Path, content: bytes, signature: bytes) -> None:
    with half_made(target / SIGNATURE) as [half]:
        half.write_bytes(signature)
    with half_made(target / MANIFEST) as [half]:
        half.write_bytes(content)
    (target / NOT_DONE).unlink(missing_ok=True)
    flush_folder(target)
