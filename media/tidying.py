"""What was left half done and nobody will come back for, swept once a day.

Every verb cleans up after itself; this is for the power cut in the wrong millisecond. Originals
are never touched: a database that was restored from yesterday does not know today's.
"""

import logging
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from media import uploading
from media.models import Rendition, Thumbnail, Upload, Video
from media.models.uploads import UPLOAD_FOLDER

logger = logging.getLogger(__name__)

#: No stage takes so long (media.tasks), so nobody writes to what lay still for that time.
STILL_SECONDS = 2 * 24 * 3600


def tidy_media() -> int:
    """Remove abandoned uploads, work folders and unnamed files; returns how many things went."""
    pictures = _named(Video, "poster") | _named(Thumbnail, "file")
    removed = (
        _forget_abandoned_uploads()
        + _remove_still(Path(settings.VAR_DIR) / "work", "*", keep=set())
        + _remove_still(_root() / UPLOAD_FOLDER, "*", keep=_files_of_uploads())
        + _remove_still(_root() / "videos", "*/*", keep=_named(Rendition, "file"))
        + _remove_still(_root() / "posters", "*", keep=pictures)
    )
    if removed:
        logger.info("%d things that nobody needs any more were removed", removed)
    return removed


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)


def _forget_abandoned_uploads() -> int:
    abandoned = list(Upload.objects.abandoned(timezone.now()))
    for upload in abandoned:
        uploading.forget_upload(upload)
    return len(abandoned)


def _files_of_uploads() -> set[Path]:
    return {upload.path for upload in Upload.objects.waiting()}


def _named(model: type[Rendition] | type[Thumbnail] | type[Video], field: str) -> set[Path]:
    """Files that a row names; asked before the folder is looked through, and what is new there
    since then has not lain still."""
    names = model._default_manager.values_list(field, flat=True)
    return {_root() / name for name in names if name}


def _remove_still(folder: Path, pattern: str, *, keep: set[Path]) -> int:
    """Remove files and folders matching `pattern` in which nothing has changed for long."""
    removed = 0
    for path in folder.glob(pattern):
        if path in keep or _changed_at(path) > time.time() - STILL_SECONDS:
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
    except FileNotFoundError:  # it went while we looked
        return time.time()
