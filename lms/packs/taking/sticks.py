"""Packs on sticks and drives that are in this machine."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from lms.packs.manifest import MANIFEST, NOT_DONE

#: A desktop mounts at /media/<user>/<stick>; in it the pack may lie in a folder of its own.
DEEPEST = 3
#: So many folders of one folder are looked into.
MOST_FOLDERS = 100


@dataclass(frozen=True)
class Stick:
    """A folder with a pack, or a drive without one."""

    folder: Path
    has_pack: bool = False
    #: The pack was not made to its end, or the stick was pulled out.
    is_half: bool = False

    @property
    def key(self) -> str:
        """Stands for the folder in addresses, so that none that was not found can be asked for."""
        return sha256(os.fsencode(self.folder)).hexdigest()[:16]


def sticks_here() -> list[Stick]:
    """Below the folders of PACK_FOLDERS, by their names."""
    found = [stick for root in settings.PACK_FOLDERS for stick in _below(Path(root), 0)]
    return sorted(found, key=lambda stick: str(stick.folder))


def stick_here(key: str) -> Stick | None:
    return next((each for each in sticks_here() if each.has_pack and each.key == key), None)


def _below(folder: Path, depth: int) -> Iterator[Stick]:
    try:
        entries = list(os.scandir(folder))
    except OSError:  # pulled out, broken, or not ours to read
        return
    names = {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}
    if MANIFEST in names or NOT_DONE in names:
        yield Stick(folder, has_pack=True, is_half=MANIFEST not in names)
        return
    inside: list[Stick] = []
    if depth < DEEPEST:
        for entry in sorted(_folders(entries), key=lambda entry: entry.name)[:MOST_FOLDERS]:
            inside += _below(folder / entry.name, depth + 1)
    yield from inside
    if depth and not inside and os.path.ismount(folder):
        yield Stick(folder)


def _folders(entries: list[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    for entry in entries:
        if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
            yield entry
