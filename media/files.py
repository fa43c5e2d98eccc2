"""Files that appear under their name only when they are complete."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models.fields.files import FieldFile

#: What the names of files that are still being written begin with.
HALF_MADE = ".half-made-"


@contextmanager
def half_made(*targets: Path) -> Iterator[list[Path]]:
    """Names to write to instead of ``targets``; renamed to them if the block succeeds.

    The names lie beside their targets and keep the suffix, from which FFmpeg tells the format.
    If the block fails, nothing is left. A process killed by the system leaves files whose names
    begin with HALF_MADE, so let ``targets`` lie in a folder of the job's own.
    """
    token = secrets.token_hex(4)
    names = [target.absolute().with_name(f"{HALF_MADE}{token}-{target.name}") for target in targets]
    try:
        yield names
        for name, target in zip(names, targets, strict=True):
            _flush_to_disk(name)
            name.replace(target)
    finally:
        for name in names:
            name.unlink(missing_ok=True)


def _flush_to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


class FinishedFile(File):
    """A complete file on disk, to be saved in the storage.

    A storage on the same disk renames it, so that it is never there in part and takes no space
    twice; any other storage reads it.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), name=path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        """FileSystemStorage moves the file when this attribute is there."""
        return str(self._path)


def lie_here() -> bool:
    """Whether files lie in MEDIA_ROOT; else they are in an object store (media/objects.py)."""
    return isinstance(default_storage, FileSystemStorage)


@contextmanager
def on_disk(file: FieldFile) -> Iterator[Path]:
    """Where FFmpeg finds a stored file: its own path, else a copy under var/work for as long as the
    block, with the same suffix."""
    try:
        path = Path(file.path)
    except NotImplementedError:
        objects: Any = file.storage  # media.objects.ObjectStorage, which stands above
        work = Path(settings.VAR_DIR) / "work"
        work.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=work, suffix=Path(file.name or "").suffix) as copy:
            objects.fetch(file.name, copy)
            copy.flush()
            yield Path(copy.name)
    else:
        yield path
