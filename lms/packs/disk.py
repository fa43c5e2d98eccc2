"""Folders that one writes at a time, and what a disk says when it does not."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from lms.packs.refusals import PackError
from media.errors import is_full_disk

SIZES = ("B", "KB", "MB", "GB", "TB")
#: What is left free besides: folders and the ends of clusters.
RESERVE_BYTES = 8 * 2**20


@contextmanager
def alone_at(folder: Path) -> Iterator[None]:
    """Nobody else writes there meanwhile; the folder is made. Raises PackError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise PackError(
            _("文件夹“%(folder)s”打不开（%(why)s）。请看看U盘插好了没有。")
            % {"folder": folder, "why": error.strerror}
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PackError(_("正在往这个文件夹里写课程盘。请等它做完再试。")) from error
        yield
    finally:
        os.close(handle)


def refuse_without_room(folder: Path, needed: int) -> None:
    """``needed``: bytes. Raises PackError."""
    free = shutil.disk_usage(folder).free
    if free < needed + RESERVE_BYTES:
        raise PackError(
            _("放不下：还要写 %(needed)s，这里只剩 %(free)s。请换大一点的盘，或者选小一点的视频。")
            % {"needed": size_in_words(needed), "free": size_in_words(free)}
        )


def flush_folder(folder: Path) -> None:
    """Have the names in it on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def in_words(error: OSError) -> str:
    """What stopped the writing or reading of a pack, and what to do."""
    if is_full_disk(error):
        return _("写满了，没有做完。请腾出地方，或者换大一点的盘，再做一次，会接着做。")
    if error.errno == errno.EFBIG:
        return _("U盘的格式放不下这么大的文件。请把它格式化成 exFAT，再做一次。")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return _("这个文件夹不让写。请看看U盘上有没有“只读”的开关。")
    return _("做到一半断了（%(why)s）。请把U盘插好，再做一次，会接着做。") % {
        "why": error.strerror or error
    }


def size_in_words(size: float) -> str:
    """As people say it: 3.4 GB. Counted as on the box of a stick, by thousands."""
    unit = 0
    while size >= 1000 and unit < len(SIZES) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.1f} {SIZES[unit]}" if unit > 2 else f"{size:.0f} {SIZES[unit]}"
