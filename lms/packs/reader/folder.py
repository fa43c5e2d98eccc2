"""The folder that is written: only what changed, and nothing left over from the last time."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final

#: What is pressed twice, beside the folder of everything that it shows.
DOOR: Final = "打开.html"
PAGES: Final = "网页"
SOUNDS: Final = (".m4a", ".mp3", ".ogg", ".wav")
DIGITS_OF_DIGEST: Final = 16


@dataclass
class ReaderFolder:
    """Files of 打开.html and 网页/, by their paths below ``root``."""

    root: Path
    _written: set[str] = field(default_factory=set)

    def write(self, path: str, content: bytes) -> None:
        """A file that has these bytes already is not written again, which spares a stick."""
        target = self.root / path
        self._written.add(path)
        if not (target.is_file() and target.read_bytes() == content):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)

    def keep(self, content: bytes, *, like: str) -> str:
        """A picture or a sound, named by what is in it; the path of what it is called now.
        ``like``: a name with its ending."""
        ending = PurePosixPath(like).suffix.lower()
        inside = "sounds" if ending in SOUNDS else "pictures"
        name = f"{PAGES}/{inside}/{sha256(content).hexdigest()[:DIGITS_OF_DIGEST]}{ending}"
        if name not in self._written:
            self.write(name, content)
        return name

    def drop_the_rest(self) -> None:
        """Delete from 网页/ what was not written or kept."""
        found = sorted((self.root / PAGES).rglob("*"), reverse=True)
        for path in found:
            if path.is_file() and path.relative_to(self.root).as_posix() not in self._written:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()
