"""Folders to work in, each for one run of a stage."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def scratch_folder(name: str) -> Iterator[Path]:
    """An empty folder under var/work/, deleted afterwards; those of killed runs are deleted first.

    Each run has its own: one that was suspended beyond its lease cannot delete another's.
    """
    work = Path(settings.VAR_DIR) / "work"
    for left in work.glob(f"{name}.*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = work / f"{name}.{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
