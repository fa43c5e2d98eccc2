"""Uploads: begun, received piece by piece, made into a video, deleted.

The HTTP protocol is in `media.uploads.tus`.
"""

import fcntl
import os
import secrets
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Protocol

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from media.errors import is_full_disk
from media.ffmpeg.unsupported import explain_by_name
from media.files import FinishedFile
from media.models import Upload, Video

PIECE_BYTES = 256 * 1024
#: Suffixes of the containers that media.ffmpeg.probe opens, for browsers that send no type.
SUFFIXES = {
    ".3g2", ".3gp", ".asf", ".avi", ".f4v", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4",
    ".mpeg", ".mpg", ".mts", ".ogv", ".ts", ".vob", ".webm", ".wmv",
    ".aac", ".aif", ".aiff", ".amr", ".awb", ".caf", ".flac", ".m4a", ".m4b", ".mp3", ".oga",
    ".ogg", ".opus", ".wav", ".wma",
}  # fmt: skip


class ByteSource(Protocol):
    """A request or a file."""

    def read(self, most: int, /) -> bytes: ...


class UploadRefused(Exception):
    """The file is refused; ``str()`` says why and what to do."""


class TooLarge(UploadRefused):
    pass


class NoRoom(UploadRefused):
    """The disk is too full."""

    def __init__(self) -> None:
        super().__init__(_("服务器的磁盘快满了，放不下这个视频。请告诉管理员，腾出地方再上传。"))


class WrongPlace(Exception):
    """The piece does not begin at the end of the file, which is at `received_bytes`."""

    def __init__(self, received_bytes: int) -> None:
        super().__init__(received_bytes)
        self.received_bytes = received_bytes


class Busy(Exception):
    """Another connection is still writing to this upload."""


class NotWhole(Exception):
    """The upload is incomplete; ``str()`` is a sentence for an editor."""

    def __init__(self) -> None:
        super().__init__(_("这个视频还没有传完。请再选一次这个文件，会从断的地方接着传。"))


def refuse_unfit(*, name: str, size_bytes: int, content_type: str = "") -> None:
    """Raise UploadRefused for a file that cannot be used; "" is an unknown type."""
    if size_bytes <= 0:
        raise UploadRefused(_("这个文件是空的。请重新导出视频，再上传一次。"))
    limit_mib = settings.VIDEO_MAX_UPLOAD_MIB
    if size_bytes > limit_mib * 2**20:
        raise TooLarge(
            _("这个视频太大了，最多%(limit)d MiB。请剪短一些，或者导出小一点的画面，再上传。")
            % {"limit": limit_mib}
        )
    is_named_so = PurePath(name).suffix.lower() in SUFFIXES
    if (explained := explain_by_name(name)) is not None:
        raise UploadRefused(str(explained))
    if not is_named_so and not content_type.startswith(("video/", "audio/")):
        raise UploadRefused(
            _("这个文件不是视频，也不是录音。请选择 MP4、MOV 等格式的视频，或者 MP3、M4A 等录音。")
        )


def refuse_without_room(*, size_bytes: int) -> None:
    """Raise NoRoom unless there is room for it, for other unfinished uploads, and the reserve."""
    promised = sum(upload.size_bytes - upload.received_bytes for upload in Upload.objects.waiting())
    reserve = settings.DISK_RESERVE_MIB * 2**20
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(root).free < size_bytes + promised + reserve:
        raise NoRoom


def fingerprint_of(*, name: str, size_bytes: int, modified: str) -> str:
    """The same for the same file; unique when `modified` is not known."""
    return sha256(repr((name, size_bytes, modified or uuid.uuid4())).encode()).hexdigest()


def begin_upload(
    *,
    owner: AbstractBaseUser,
    name: str,
    size_bytes: int,
    content_type: str = "",
    modified: str = "",
    metadata: str = "",
) -> Upload:
    """A new upload, or the existing one of the same file.

    `modified` is when the file was last changed, in any format. Raises UploadRefused, TooLarge,
    NoRoom.
    """
    refuse_unfit(name=name, size_bytes=size_bytes, content_type=content_type)
    fingerprint = fingerprint_of(name=name, size_bytes=size_bytes, modified=modified)
    known = Upload.objects.of(owner).filter(fingerprint=fingerprint).first()
    if known is not None:
        return known
    refuse_without_room(size_bytes=size_bytes)
    upload, _is_new = Upload.objects.get_or_create(
        owner_id=owner.pk,
        fingerprint=fingerprint,
        defaults={"name": name[:255], "size_bytes": size_bytes, "metadata": metadata},
    )
    return upload


def receive(upload: Upload, *, at_byte: int, piece: ByteSource, size_bytes: int) -> int:
    """Append at most `size_bytes` of `piece`; returns how many bytes are here now.

    What arrived before the connection broke or the disk was full is kept. Raises WrongPlace, Busy,
    NoRoom.
    """
    try:
        here = _append(upload, at_byte=at_byte, piece=piece, size_bytes=size_bytes)
    except OSError as error:
        if is_full_disk(error):
            raise NoRoom from error
        raise
    Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now())
    return here


def _append(upload: Upload, *, at_byte: int, piece: ByteSource, size_bytes: int) -> int:
    with _alone_in(upload.path) as file:
        begin = here = os.fstat(file).st_size
        if at_byte != here or upload.video_id is not None:
            raise WrongPlace(upload.size_bytes if upload.video_id is not None else here)
        end = min(upload.size_bytes, here + size_bytes)
        try:
            while here < end and (block := _next_block(piece, end - here)):
                here += _write(file, block)
        finally:
            _secure(file, begin)
    return here


@contextmanager
def _alone_in(path: Path) -> Iterator[int]:
    """A descriptor that appends, under an exclusive lock. Raises Busy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield file
    finally:
        os.close(file)


def _next_block(piece: ByteSource, most: int) -> bytes:
    """Empty when the sender has disconnected."""
    try:
        return piece.read(min(most, PIECE_BYTES))
    except OSError:
        return b""


def _write(file: int, block: bytes) -> int:
    written = 0
    while written < len(block):
        written += os.write(file, block[written:])
    return written


def _secure(file: int, begin: int) -> None:
    """Flush to disk, or cut back to `begin`: some file systems report only now that they are full,
    and the file's length must count only bytes that are safe."""
    try:
        os.fsync(file)
    except OSError:
        os.ftruncate(file, begin)
        raise


def make_video(upload: Upload, *, video: Video) -> Video:
    """Save `video` with the upload as its original; if that was done before, return that video.

    The received file is deleted only after the commit. Raises NotWhole.
    """
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if upload.video is not None:
            return upload.video
        if not upload.is_whole:
            raise NotWhole
        with _another_name_of(upload.path) as path, FinishedFile(path) as content:
            video.original.save(upload.name, content, save=False)
        try:
            video.original_name = upload.name
            video.save()
            upload.video = video
            upload.save(update_fields=["video"])
        except BaseException:
            video.original.delete(save=False)
            raise
    upload.path.unlink(missing_ok=True)
    return video


@contextmanager
def _another_name_of(path: Path) -> Iterator[Path]:
    """A second name (hard link) of the file, which a storage may rename away."""
    other = path.with_name(f"{path.stem}-{secrets.token_hex(4)}.whole")
    try:
        os.link(path, other)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, other)
    try:
        yield other
    finally:
        other.unlink(missing_ok=True)


def forget_upload(upload: Upload) -> None:
    """Delete the received file and the row. A video that was made of it stays."""
    upload.path.unlink(missing_ok=True)
    Upload.objects.filter(pk=upload.pk).delete()
