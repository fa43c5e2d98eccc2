"""清单.json: what is in a pack, with the size and SHA-256 of each file."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from lms.packs.paths import LARGEST_FILE, folded, is_fit, open_inside, refuse_clashes, shown
from lms.packs.refusals import PackError

__all__ = ["FORMAT", "KIND", "MANIFEST", "SIGNATURE", "WHOLE", "Manifest", "PackError", "PackFile"]

FORMAT = 1
MANIFEST, SIGNATURE = "清单.json", "清单.json.sig"
#: What the manifest is called while files are written.
NOT_DONE = "没有做完.json"
KIND = "lessons"
#: `Manifest.scope` of a pack with all lessons of its city.
WHOLE = "all"
MOST_BYTES, MOST_FILES, MOST_KEYS = 16 * 2**20, 50_000, 16
MOST_EDITION = 10**15
PIECE = 2**20  # bytes


@dataclass(frozen=True)
class PackFile:
    #: Relative to the pack, with /.
    path: str
    size: int  # bytes
    sha256: str  # hex


@dataclass(frozen=True)
class Manifest:
    name: str
    #: Grows with each making of this city whose content changed.
    edition: int
    #: ISO 8601 with its time zone.
    made_at: str
    city: str
    #: Of the key that signed it (lms.packs.signing).
    key_id: str
    files: tuple[PackFile, ...]
    kind: str = KIND
    #: WHOLE, or "room:<slug>", "series:<slug>". What is missing in a pack that is not whole was
    #: not taken away in its city.
    scope: str = WHOLE
    #: Public keys (base64) by which this city signs from now on.
    keys: tuple[str, ...] = ()
    format: int = FORMAT

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)

    @cached_property
    def by_path(self) -> dict[str, PackFile]:
        return {file.path: file for file in self.files}


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def as_bytes(manifest: Manifest) -> bytes:
    """As it is written and signed."""
    return (json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n").encode()


def read_bytes(folder: Path, name: str = MANIFEST, *, most: int = MOST_BYTES) -> bytes:
    """Of the manifest, or its signature. Raises PackError."""
    try:
        with open_inside(folder, name) as file:
            content = file.read(most + 1)
    except OSError as error:
        raise PackError(
            _("这里没有“%(name)s”：不是课程盘，或者没有做完就拔下来了。请重新做一次。")
            % {"name": name}
        ) from error
    if len(content) > most:
        raise PackError(_("“%(name)s”大得不对，这个课程盘不能用。") % {"name": name})
    return content


def read_manifest(folder: Path) -> Manifest:
    """Of the pack in ``folder``; whose it is, `lms.packs.signing` says. Raises PackError."""
    return parsed(read_bytes(folder))


def parsed(content: bytes) -> Manifest:
    """Raises PackError unless it is a manifest of ours in every part."""
    try:
        said = json.loads(content.decode(), object_pairs_hook=_without_twins)
        manifest = _manifest(said)
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError) as error:
        raise PackError(_("“清单.json”读不懂，这个课程盘不能用。")) from error
    if manifest.format != FORMAT:
        raise PackError(_("这个课程盘是用更新的程序做的。请先更新这里的程序，再收。"))
    for file in manifest.files:
        if not is_fit(file.path) or folded(file.path) in (folded(MANIFEST), folded(SIGNATURE)):
            raise PackError(
                _("清单里的“%(path)s”不是课程盘里的路径，这个课程盘不能用。")
                % {"path": shown(file.path)}
            )
    refuse_clashes(file.path for file in manifest.files)
    return manifest


def _without_twins(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) != len(pairs):
        raise ValueError("a key stands there twice")
    return said


def _manifest(said: Mapping[str, Any]) -> Manifest:
    """Raises ValueError, TypeError or KeyError for what is no manifest."""
    if len(said["files"]) > MOST_FILES or len(said.get("keys", ())) > MOST_KEYS:
        raise ValueError("too many")
    files = tuple(
        PackFile(
            _words(each["path"], 2_000),
            _whole(each["size"], LARGEST_FILE),
            _hex(each["sha256"], 64),
        )
        for each in said["files"]
    )
    return Manifest(
        name=_words(said["name"], 120),
        edition=_whole(said["edition"], MOST_EDITION),
        made_at=_words(said["made_at"], 40),
        city=_words(said["city"], 60),
        key_id=_hex(said["key_id"], 16),
        files=files,
        kind=_words(said["kind"], 20),
        scope=_words(said.get("scope", WHOLE), 120),
        keys=tuple(_words(each, 44) for each in said.get("keys", ())),
        format=_whole(said["format"], 1_000),
    )


def _words(value: Any, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most or "\0" in value:
        raise ValueError("no words, or too many")
    return value


def _whole(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("no number, or too large")
    return value


def _hex(value: Any, length: int) -> str:
    if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{length}}}", value):
        raise ValueError("no digest")
    return value


@dataclass(frozen=True)
class Faults:
    """Paths of files that are not as the manifest says."""

    missing: tuple[str, ...]
    damaged: tuple[str, ...]


def verify(
    folder: Path, manifest: Manifest, *, on_bytes: Callable[[int], None] | None = None
) -> None:
    """Raise PackError unless every file is there, with its size and content. What else lies in the
    folder is nobody's business. ``on_bytes`` hears of so many more bytes read."""
    faults = faults_of(folder, manifest, on_bytes=on_bytes)
    wrong = [*faults.missing, *faults.damaged]
    if wrong:
        raise PackError(
            _(
                "这个课程盘不完整：少了%(missing)d个文件，坏了%(damaged)d个（比如“%(path)s”）。"
                "请重新做一次，只会补上缺的。"
            )
            % {
                "missing": len(faults.missing),
                "damaged": len(faults.damaged),
                "path": wrong[0],
            }
        )


def faults_of(
    folder: Path, manifest: Manifest, *, on_bytes: Callable[[int], None] | None = None
) -> Faults:
    """Sizes first, so that a pack of which half is missing says so at once."""
    sizes = {file.path: size_of(folder, file.path) for file in manifest.files}
    missing = tuple(path for path, size in sizes.items() if size is None)
    damaged = [f.path for f in manifest.files if sizes[f.path] not in (None, f.size)]
    if not missing and not damaged:
        damaged = [f.path for f in manifest.files if not is_whole(folder, f, on_bytes)]
    return Faults(missing, tuple(damaged))


def is_complete(folder: Path, manifest: Manifest) -> bool:
    return faults_of(folder, manifest) == Faults((), ())


def size_of(folder: Path, path: str) -> int | None:
    """Bytes of the file there; None where there is none. Raises PackError where something else
    is."""
    try:
        with open_inside(folder, path) as file:
            return file.seek(0, 2)
    except FileNotFoundError:
        return None


def is_whole(folder: Path, file: PackFile, on_bytes: Callable[[int], None] | None = None) -> bool:
    """Whether the file has the content that the manifest says. Raises PackError where something
    else than a file is in its place."""
    try:
        with open_inside(folder, file.path) as opened:
            return file_digest(opened, on_bytes) == (file.sha256, file.size)
    except OSError:  # a damaged stick
        return False


def file_digest(file: BinaryIO, on_bytes: Callable[[int], None] | None = None) -> tuple[str, int]:
    """SHA-256 in hex and number of bytes of what is left of it."""
    found, size = sha256(), 0
    for piece in pieces(file):
        found.update(piece)
        size += len(piece)
        if on_bytes:
            on_bytes(len(piece))
    return found.hexdigest(), size


def pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
