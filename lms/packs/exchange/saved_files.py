"""Files that are copied before a pack is taken over, and taken away again if it is not."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db.models.fields.files import FieldFile

from media.files import FinishedFile
from media.pipeline.scratch import scratch_folder


class Saved:
    """Slow copies are made in a folder of the work's own, before anything is locked; what is kept
    is moved out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[tuple[Any, str]] = []
        self._number = 0
        self._ready: dict[Path, Path] = {}

    def prepare(self, path: Path) -> None:
        if path not in self._ready:
            self._ready[path] = self._copy(path)

    def copy(self, path: Path) -> Path:
        """A copy of one's own, to be moved away; the prepared one where there is one."""
        return self._ready.pop(path, None) or self._copy(path)

    def _copy(self, path: Path) -> Path:
        self._number += 1
        target = self.folder / f"{self._number}{path.suffix}"
        shutil.copyfile(path, target)
        return target

    def into(self, field: FieldFile, path: Path, *, name: str = "") -> None:
        """Put a copy into a field whose row is not saved yet."""
        with FinishedFile(self.copy(path)) as content:
            field.save(name or path.name, content, save=False)
        self.note(field)

    def note(self, field: FieldFile | None) -> None:
        """One that somebody else's verb has put into the storage."""
        if field:
            self.files.append((field.storage, str(field.name)))


@contextmanager
def saved_files() -> Iterator[Saved]:
    """Deletes what was put into the storage when the block fails; a rollback does not."""
    with scratch_folder("course-pack") as folder:
        saved = Saved(folder)
        try:
            yield saved
        except BaseException:
            for storage, name in saved.files:
                storage.delete(name)
            raise
