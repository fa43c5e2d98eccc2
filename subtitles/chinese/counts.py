"""jieba's counts of words, in one file that all processes map.

As jieba keeps them, a dict of 500,000 words takes 68 MB of each process and half a second of its
start. Here they are two sorted columns: a digest of each word, and its count. The system keeps the
six megabytes once for all processes, and a count is found within three microseconds.
"""

import mmap
import os
from array import array
from bisect import bisect_left
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final, Literal

from django.conf import settings

#: Counted up when the file should look otherwise.
FORM: Final = 1
#: Types of the columns, and bytes of the sum before them.
DIGEST: Final[Literal["Q"]] = "Q"
COUNT: Final[Literal["I"]] = "I"
TOTAL: Final = 8


class Counts(dict[str, int]):
    """Of each word and beginning of a word (0); what is set here holds in this process only.

    A dict, since that is what jieba asks; whatever it does not ask (such as its length) is that of
    what was set.
    """

    def __init__(self, file: Path) -> None:
        super().__init__()
        with file.open("rb") as opened:
            content = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
        width = array(DIGEST).itemsize + array(COUNT).itemsize
        border = TOTAL + (len(content) - TOTAL) // width * array(DIGEST).itemsize
        [self.total] = content[:TOTAL].cast(DIGEST)
        self._digests = content[TOTAL:border].cast(DIGEST)
        self._counts = content[border:].cast(COUNT)
        self._found = lru_cache(maxsize=20_000)(self._find)

    def _find(self, word: str) -> int:
        """-1: there is none."""
        digest = digest_of(word)
        place = bisect_left(self._digests, digest)
        if place < len(self._digests) and self._digests[place] == digest:
            return self._counts[place]
        return -1

    def __contains__(self, word: object) -> bool:
        return super().__contains__(word) or self._found(str(word)) >= 0

    def __missing__(self, word: str) -> int:
        if (count := self._found(word)) < 0:
            raise KeyError(word)
        return count

    def get(self, word: str, default: int | None = None) -> int | None:  # type: ignore[override]
        try:
            return self[word]
        except KeyError:
            return default


def digest_of(word: str) -> int:
    """Eight bytes: among so few words no two are the same."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


def counts_file() -> Path:
    import jieba

    return Path(settings.VAR_DIR) / f"words-{jieba.__version__}-{FORM}.counts"


def kept_counts() -> Counts:
    """Of the file under var/, which the first process makes that needs it."""
    file = counts_file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        half_made = file.with_name(f"{file.name}.{os.getpid()}")
        half_made.write_bytes(written_counts())
        half_made.replace(file)  # by two processes at once, no harm is done
    return Counts(file)


def written_counts() -> bytes:
    """What such a file holds: the sum of all counts, the digests in order, the counts."""
    import jieba

    counts, total = jieba.Tokenizer.gen_pfdict(jieba.dt.get_dict_file())
    by_digest = sorted((digest_of(word), count) for word, count in counts.items())
    digests = array(DIGEST, [digest for digest, _count in by_digest])
    return b"".join(
        [
            total.to_bytes(TOTAL, "little"),
            digests.tobytes(),
            array(COUNT, [count for _digest, count in by_digest]).tobytes(),
        ]
    )
