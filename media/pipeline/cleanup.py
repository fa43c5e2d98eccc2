"""The nightly removal of abandoned uploads, old work folders and files that no row names.

Services clean up after themselves; this is for what a power cut leaves. Originals are never
deleted: a database that was restored from yesterday's backup does not name today's.
"""

import logging
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from media.models import Cover, Rendition, Thumbnail, Upload, Video
from media.models.uploads import UPLOAD_FOLDER
from media.uploads.services import forget_upload

logger = logging.getLogger(__name__)

#: Longer than any stage may take (media.pipeline.tasks), so nothing is still being written.
STILL_SECONDS = 2 * 24 * 3600
#: What of films no film has used for so long; what is used is touched.
UNUSED_SECONDS = 60 * 24 * 3600


def clean_up_media() -> int:
    """Remove abandoned uploads, work folders and unnamed files; returns how many things went."""
    pictures = _named(Video, "poster") | _named(Thumbnail, "file")
    covers = _named(Cover, "webp") | _named(Cover, "jpeg")
    removed = (
        _forget_abandoned_uploads()
        + _remove_still(Path(settings.VAR_DIR) / "work", "*", keep=set())
        + _remove_still(Path(settings.MEDIA_ROOT) / UPLOAD_FOLDER, "*", keep=_files_of_uploads())
        + _remove_unnamed("videos", keep=_named(Rendition, "file"))
        + _remove_still(Path(settings.VAR_DIR) / "films", "*/*", keep=set(), still=UNUSED_SECONDS)
        + _remove_unnamed("posters", keep=pictures)
        + _remove_unnamed("covers", keep=covers)
    )
    if removed:
        logger.info("%d things that nobody needs any more were removed", removed)
    return removed


def _forget_abandoned_uploads() -> int:
    abandoned = list(Upload.objects.abandoned(timezone.now()))
    for upload in abandoned:
        forget_upload(upload)
    return len(abandoned)


def _files_of_uploads() -> set[Path]:
    return {upload.path for upload in Upload.objects.waiting()}


def _named(
    model: type[Cover] | type[Rendition] | type[Thumbnail] | type[Video], field: str
) -> set[str]:
    """Files that a row names. Queried before the folder is listed; files saved in between are too
    new to be removed."""
    names = model._default_manager.values_list(field, flat=True)
    return {name for name in names if name}


def _remove_unnamed(folder: str, *, keep: set[str]) -> int:
    """Remove what the storage has below the folder, but what is kept or is new."""
    removed = 0
    still_since = timezone.now() - timedelta(seconds=STILL_SECONDS)
    for name in _below(folder):
        if name in keep or default_storage.get_modified_time(name) > still_since:
            continue
        default_storage.delete(name)
        removed += 1
    return removed


def _below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever put there
        return
    for each in folders:
        yield from _below(f"{folder}/{each}")
    yield from (f"{folder}/{each}" for each in files)


def _remove_still(
    folder: Path, pattern: str, *, keep: set[Path], still: int = STILL_SECONDS
) -> int:
    """Remove files and folders matching `pattern` that have not changed for so many seconds."""
    removed = 0
    for path in folder.glob(pattern):
        if path in keep or _changed_at(path) > time.time() - still:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        removed += 1
    return removed


def _changed_at(path: Path) -> float:
    """The last change of it or of anything in it; seconds since 1970."""
    try:
        inside = [found.stat().st_mtime for found in path.rglob("*")] if path.is_dir() else []
        return max([path.stat().st_mtime, *inside])
    except FileNotFoundError:  # deleted meanwhile
        return time.time()
