"""The contents of media files beside the backups, each once, named by its SHA-256."""

import json
import os
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath

from tqdm import tqdm

from lms.operations.backups import sealing
from lms.operations.backups.digests import Digest, digest_of
from media.models.uploads import UPLOAD_FOLDER

#: Below MEDIA_ROOT: what is half uploaded is begun anew after a restore; what a restore has put
#: aside, or not yet in its place, is nobody's.
ASIDE, COMING = ".before-restore", ".restoring"
LEFT_OUT = {UPLOAD_FOLDER, ASIDE, COMING}

#: By its path below MEDIA_ROOT, with slashes.
Contents = dict[str, Digest]


class Store:
    """One for plain contents and one for each key, since a content sealed for a former key would
    be of no use to the next."""

    def __init__(self, beside: Path, recipient: str) -> None:
        key = f"-{sha256(recipient.encode()).hexdigest()[:8]}" if recipient else ""
        self.folder = beside.parent / f"media{key}"
        self.recipient = recipient

    def path(self, name: str) -> Path:
        """Of the content whose SHA-256 is ``name``."""
        suffix = sealing.SUFFIX if self.recipient else ""
        return self.folder / name[:2] / f"{name}{suffix}"

    def lacks(self, name: str, size: int) -> bool:
        """Also where it was cut off; how large a sealed one must be, nobody knows without a key."""
        try:
            found = self.path(name).stat().st_size
        except FileNotFoundError:
            return True
        return not self.recipient and found != size

    def add(self, file: Path) -> Digest:
        found = digest_of(file)
        return self.take_in(file) if self.lacks(*found) else found

    def take_in(self, file: Path) -> Digest:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self.folder / ".half"
        half.unlink(missing_ok=True)  # of a run that was killed
        try:
            with file.open("rb") as source:
                found = sealing.put(source, half, self.recipient)
            path = self.path(found.sha256)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
        return found

    def give(self, name: str, target: Path, identity: Path | None) -> Digest:
        """Put the content at ``target``; returns what it is now."""
        with target.open("xb") as file:
            return sealing.get(self.path(name), file, self.recipient, identity)


def forget_contents(folder: Path, *, keep: Collection[str]) -> None:
    """Delete from a store whatever has another SHA-256."""
    for path in folder.glob("??/*"):
        if path.name.removesuffix(sealing.SUFFIX) not in keep:
            path.unlink()


def media_files(root: Path) -> Iterator[Path]:
    """All below MEDIA_ROOT that is kept; folders that lie elsewhere and are linked to as well."""
    for folder, folders, files in os.walk(root, followlinks=True):
        if Path(folder) == root:
            folders[:] = [name for name in folders if name not in LEFT_OUT]
        yield from (Path(folder) / name for name in files)


def add_media(root: Path, store: Store) -> Contents:
    """Every file is read to its end, since its time of change proves nothing. One that goes
    meanwhile is left out."""
    contents: Contents = {}
    for file in tqdm(sorted(media_files(root)), unit="", disable=None):
        try:
            contents[file.relative_to(root).as_posix()] = store.add(file)
        except FileNotFoundError:
            if file.exists():  # so it was the store's folder that is not there
                raise
    return contents


def written_list(contents: Contents) -> bytes:
    return json.dumps(contents, indent=0).encode()


def read_list(text: bytes) -> Contents:
    """Raises ValueError for what is no such list, or has a name that leads out of MEDIA_ROOT."""
    contents = {name: Digest(*digest) for name, digest in json.loads(text).items()}
    for name in contents:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError(name)
    return contents
