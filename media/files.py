"""Finished files on their way into the storage."""

from pathlib import Path

from django.core.files import File


class FinishedFile(File):
    """A file on disk that nobody will write to any more.

    A storage on the same disk takes it over by renaming, so that it is never there by half and
    never there twice; any other storage reads it.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), name=path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        """Django's storages ask for this name."""
        return str(self._path)
