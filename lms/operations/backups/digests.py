"""What is in a file, as SHA-256 and size."""

from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, NamedTuple

PIECE_BYTES = 1024 * 1024


class Digest(NamedTuple):
    sha256: str  # 64 hexadecimal digits
    size: int  # bytes


def digest_of(file: Path) -> Digest:
    with file.open("rb") as source:
        return Digest(file_digest(source, "sha256").hexdigest(), source.tell())


def copied(source: IO[bytes], target: IO[bytes]) -> Digest:
    """Of what was copied, whatever becomes of the source meanwhile."""
    seen, size = sha256(), 0
    while piece := source.read(PIECE_BYTES):
        seen.update(piece)
        size += len(piece)
        target.write(piece)
    return Digest(seen.hexdigest(), size)
