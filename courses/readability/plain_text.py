"""What reading a sentence needs: full-width letters, invisible signs, quotations, brackets."""

import re
import unicodedata
from typing import NamedTuple

#: Unicode categories of signs that are invisible, unassigned or change the writing direction.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』|【[^】]*】|\"[^\"]*\"")
BRACKETED = re.compile(r"（[^）]*）|\([^)]*\)")
HAN = re.compile(r"[\u3400-\u9fff〇]")


class Folded(NamedTuple):
    """A text in which no word hides in full-width letters or behind invisible signs."""

    text: str
    #: Of each sign of `text`, its place in what was written.
    places: tuple[int, ...]

    def span_written(self, start: int, end: int) -> tuple[int, int]:
        """The span of `text[start:end]` in what was written; it is not empty."""
        return self.places[start], self.places[end - 1] + 1


def fold(written: str) -> Folded:
    kept = [(i, c) for i, c in enumerate(written) if unicodedata.category(c) != "Cf"]
    return Folded("".join(narrow(c) for _i, c in kept), tuple(i for i, _c in kept))


def narrow(sign: str) -> str:
    """A letter or a digit of another width or typeface as the common one; Ⅰ, ① and ℃ stay."""
    if unicodedata.category(sign) not in {"Lu", "Ll", "Nd"}:
        return sign
    common = unicodedata.normalize("NFKC", sign)
    return common if len(common) == 1 else sign


def plain(written: str) -> str:
    return fold(written).text


def only_seen(text: str) -> str:
    """As one line without invisible signs, such as come along when text is pasted from Word."""
    return " ".join(
        "".join(c for c in text if c.isspace() or unicodedata.category(c) not in UNSEEN).split()
    )


def spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def inside(places: list[tuple[int, int]], start: int) -> bool:
    return any(begins <= start < ends for begins, ends in places)


def characters_of(words: str) -> int:
    return len("".join(words.split()))
