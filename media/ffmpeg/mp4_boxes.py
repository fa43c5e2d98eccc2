"""The top-level boxes of an MP4 or MOV file: is it complete, is it encrypted?"""

import re
from collections.abc import Iterator
from pathlib import Path

FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}

Box = tuple[str, int, int]
"""Type, offset, and the stated size in bytes, which may exceed what is in the file."""


def top_level_boxes(path: Path) -> Iterator[Box]:
    """Yield each box; nothing if the file is no MP4."""
    size = path.stat().st_size
    with path.open("rb") as file:
        offset = 0
        while offset + 8 <= size:
            file.seek(offset)
            header = file.read(16)
            length, kind = int.from_bytes(header[:4]), header[4:8]
            if length == 1:
                length = int.from_bytes(header[8:16])
            elif length == 0:
                length = size - offset
            if offset == 0 and kind not in FIRST_BOXES:
                return
            if length < 8:
                return
            yield kind.decode("latin-1"), offset, length
            offset += length


def is_cut_short(boxes: list[Box], *, size: int) -> bool:
    """Whether a file of `size` bytes, with at least one box, lacks its index or its end."""
    kinds = {kind for kind, _offset, _length in boxes}
    _kind, offset, length = boxes[-1]
    return "moov" not in kinds or offset + length > size


#: In the table of sample descriptions: marks of encryption (FairPlay, Common Encryption), as in
#: bought or rented films. Only the shop's own player can decode them.
_LOCKED = re.compile(rb"stsd.{12}(?:drmi|drms|encv|enca)", re.DOTALL)
_LARGEST_INDEX = 256 * 2**20  # bytes; a film of six hours has ten million


def is_locked(path: Path, boxes: list[Box]) -> bool:
    """Whether the content of an MP4 is encrypted, by its index."""
    with path.open("rb") as file:
        for kind, offset, length in boxes:
            if kind == "moov" and length <= _LARGEST_INDEX:
                file.seek(offset)
                return _LOCKED.search(file.read(length)) is not None
    return False
