"""Range requests (RFC 9110): which bytes are asked for, and reading them from the disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK_BYTES = 256 * 1024

_RANGE = re.compile(r"bytes=([0-9]{0,100})-([0-9]{0,100})", re.ASCII | re.IGNORECASE)


class RangeNotSatisfiable(Exception):
    """The range lies wholly outside the file: answer 416."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes from ``start`` up to and including ``last``, counted from 0."""

    start: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.start + 1


def parse_range(header: str, *, size: int) -> ByteRange | None:
    """The part of a file of ``size`` bytes that a Range header asks for.

    None when the whole file is the right answer: no range, another unit, an invalid header, or
    several ranges at once, which players do not use. Raises RangeNotSatisfiable.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if first == "":
        span = ByteRange(max(0, size - int(last)), size - 1)
    else:
        if last and int(last) < int(first):
            return None
        span = ByteRange(int(first), min(int(last), size - 1) if last else size - 1)
    if span.start >= size:
        raise RangeNotSatisfiable
    return span


class FileRange(Iterator[bytes]):
    """The bytes of ``span``, block by block; closes ``file`` at the end or on ``close()``."""

    def __init__(self, file: BinaryIO, *, span: ByteRange) -> None:
        self._file = file
        self._left = span.length
        file.seek(span.start)

    def __next__(self) -> bytes:
        block = self._file.read(min(BLOCK_BYTES, self._left))
        self._left -= len(block)
        if not block:
            self.close()
            raise StopIteration
        return block

    def close(self) -> None:
        """Also called by Django when the client has disconnected."""
        self._file.close()
