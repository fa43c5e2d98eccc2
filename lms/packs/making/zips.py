"""A pack as ZIPs that are sent as they are read: nothing is packed beforehand, nothing compressed,
and a download that was cut goes on where it was.

Each part is a ZIP of its own, small enough for any computer; all are unpacked into one folder.
Sizes and check sums stand before each file, so that every program reads them.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from zlib import crc32

from lms.packs.manifest import MANIFEST, SIGNATURE, Manifest, PackFile, digest, pieces
from media.ranges import ByteRange

#: Of one part, unless a single film is larger.
PART_BYTES = 10**9
LOCAL, CENTRAL, END = (
    struct.Struct("<4s5H3I2H"),
    struct.Struct("<4s6H3I5H2I"),
    struct.Struct("<4s4H2IH"),
)
#: A ZIP without extensions; a part of which something lies beyond has them (ZIP64).
LARGEST = 2**32 - 1
#: What stands where the number is found in an extension.
ELSEWHERE = 2**32 - 1
END64, LOCATOR64 = struct.Struct("<4sQ2H2I4Q"), struct.Struct("<4sIQI")
UTF8 = 0x800  # the names are
VERSION, VERSION64 = 20, 45
REGULAR = 0o100644 << 16


@dataclass(frozen=True)
class ZipPart:
    folder: Path
    files: tuple[PackFile, ...]
    #: Of all its files, on the clock of the wall here.
    at: datetime

    @cached_property
    def size(self) -> int:
        """Bytes of the whole ZIP."""
        names = sum(len(file.path.encode()) for file in self.files)
        heads = len(self.files) * (LOCAL.size + CENTRAL.size) + 2 * names
        beyond = 12 * sum(offset > LARGEST for offset, _file in self._places)
        return heads + sum(file.size for file in self.files) + beyond + self._end_size

    @cached_property
    def _places(self) -> list[tuple[int, PackFile]]:
        """Where in the ZIP each file's head begins."""
        places, offset = [], 0
        for file in self.files:
            places.append((offset, file))
            offset += LOCAL.size + len(file.path.encode()) + file.size
        return places

    @property
    def _contents_at(self) -> int:
        """Where the list of contents begins."""
        offset, file = self._places[-1]
        return offset + LOCAL.size + len(file.path.encode()) + file.size

    @property
    def _end_size(self) -> int:
        return END.size + (END64.size + LOCATOR64.size if self._contents_at > LARGEST else 0)

    def read(self, span: ByteRange) -> Iterator[bytes]:
        """Those bytes of it. Raises OSError, or ends early, where a file has changed meanwhile."""
        for offset, file in self._places:
            head = self._head(file)
            yield from _cut(head, offset, span)
            yield from self._content(file, offset + len(head), span)
        if span.last >= self._contents_at:
            yield from _cut(self._tail(), self._contents_at, span)

    def _content(self, file: PackFile, offset: int, span: ByteRange) -> Iterator[bytes]:
        begin, end = max(span.start - offset, 0), min(span.last + 1 - offset, file.size)
        if begin >= end:
            return
        with (self.folder / file.path).open("rb") as opened:
            opened.seek(begin)
            for piece in pieces(opened):
                yield piece[: end - begin]
                begin += len(piece)
                if begin >= end:
                    return
        raise OSError(f"{file.path} has become shorter")

    def _head(self, file: PackFile) -> bytes:
        name = file.path.encode()
        crc = crc_of(str(self.folder / file.path), file.sha256)
        fields = (b"PK\3\4", VERSION, UTF8, 0, *self._moment, crc, file.size, file.size)
        return LOCAL.pack(*fields, len(name), 0) + name

    def _tail(self) -> bytes:
        """The list of contents and its end."""
        lines = []
        for offset, file in self._places:
            name, crc = file.path.encode(), crc_of(str(self.folder / file.path), file.sha256)
            extra, version, place = b"", VERSION, offset
            if offset > LARGEST:
                extra, version, place = struct.pack("<2HQ", 1, 8, offset), VERSION64, ELSEWHERE
            fields = (b"PK\1\2", VERSION64 | 3 << 8, version, UTF8, 0, *self._moment, crc)
            rest = (file.size, file.size, len(name), len(extra), 0, 0, 0, REGULAR, place)
            lines.append(CENTRAL.pack(*fields, *rest) + name + extra)
        contents = b"".join(lines)
        return contents + self._end(len(contents))

    def _end(self, size: int) -> bytes:
        count, at = len(self.files), self._contents_at
        if at <= LARGEST:
            return END.pack(b"PK\5\6", 0, 0, count, count, size, at, 0)
        fields = (44, VERSION64 | 3 << 8, VERSION64, 0, 0, count, count, size, at)
        return (
            END64.pack(b"PK\6\6", *fields)
            + LOCATOR64.pack(b"PK\6\7", 0, at + size, 1)
            + END.pack(b"PK\5\6", 0, 0, count, count, size, ELSEWHERE, 0)
        )

    @property
    def _moment(self) -> tuple[int, int]:
        """The time and the day, as a ZIP has them."""
        at = self.at
        return (
            at.hour << 11 | at.minute << 5 | at.second // 2,
            (at.year - 1980) << 9 | at.month << 5 | at.day,
        )


def _cut(content: bytes, offset: int, span: ByteRange) -> Iterator[bytes]:
    """Of ``content``, which stands at ``offset``, what lies in the span."""
    begin, end = max(span.start - offset, 0), min(span.last + 1 - offset, len(content))
    if begin < end:
        yield content[begin:end]


@lru_cache(maxsize=20_000)
def crc_of(path: str, sha256: str) -> int:
    """The check sum of the file there, whose content has that digest."""
    found = 0
    with Path(path).open("rb") as file:
        for piece in pieces(file):
            found = crc32(piece, found)
    return found


def parts_of(folder: Path, manifest: Manifest) -> list[ZipPart]:
    """The pack in ``folder``; manifest and signature are in the last, so that a stick on which a
    part is missing says so."""
    own = tuple(_own_file(folder, name) for name in (MANIFEST, SIGNATURE))
    parts: list[list[PackFile]] = [[]]
    size = 0
    for file in manifest.files:
        if parts[-1] and size + file.size > PART_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(file)
        size += file.size
    parts[-1].extend(own)
    at = datetime.fromisoformat(manifest.made_at)
    return [ZipPart(folder, tuple(files), at) for files in parts]


def _own_file(folder: Path, name: str) -> PackFile:
    content = (folder / name).read_bytes()
    return PackFile(name, len(content), digest(content))


def names_of(parts: Sequence[ZipPart], *, stem: str) -> list[str]:
    """What each is called when it is saved."""
    if len(parts) == 1:
        return [f"{stem}.zip"]
    return [f"{stem}（{n}／{len(parts)}）.zip" for n, _part in enumerate(parts, start=1)]
