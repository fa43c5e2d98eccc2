"""The two lists of words: what must be explained, and what people say instead of officialese."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

DATA = Path(__file__).parent / "data"

#: Letters that cannot be seen, turn lines round or are none: they belong into no sentence.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』|【[^】]*】|\"[^\"]*\"")
BRACKETED = re.compile(r"（[^）]*）|\([^)]*\)")
LATIN = re.compile(r"[A-Za-z]+(?:[-./ ]?[A-Za-z0-9]+)*")


@dataclass(frozen=True)
class FoundWord:
    words: str
    #: What to write instead; empty: leave it out.
    instead: str
    start: int
    quoted: bool


@dataclass(frozen=True)
class PlainWords:
    """Lists that an editor can change: from the word to what is said instead of it."""

    jargon: Mapping[str, str]
    officialese: Mapping[str, str]

    @cached_property
    def _jargon(self) -> re.Pattern[str]:
        return one_of(self.jargon)

    @cached_property
    def _officialese(self) -> re.Pattern[str]:
        return one_of(self.officialese)

    def jargon_in(self, text: str) -> list[FoundWord]:
        """Whatever of the list stands in it, explained or not, in its order."""
        text = plain(text)
        quotes = spans(QUOTED, text)
        return [
            FoundWord(m[0], self.jargon[m[0]], m.start(), inside(quotes, m.start()))
            for m in self._jargon.finditer(text)
        ]

    def unexplained_in(self, text: str, *, known: frozenset[str] = frozenset()) -> list[FoundWord]:
        """Jargon with no explanation beside it; 验证码（几位数字） and 蓝字（链接） have one."""
        text = plain(text)
        brackets = spans(BRACKETED, text)
        return [
            word
            for word in self.jargon_in(text)
            if word.words not in known
            and not inside(brackets, word.start)
            and not is_followed_by_bracket(text, word.start + len(word.words))
        ]

    def explained_in(self, text: str) -> frozenset[str]:
        unexplained = {word.start for word in self.unexplained_in(text)}
        return frozenset(w.words for w in self.jargon_in(text) if w.start not in unexplained)

    def officialese_in(self, text: str) -> list[FoundWord]:
        """What stands in quotation marks is written on a thing, so it stays."""
        text = plain(text)
        quotes = spans(QUOTED, text)
        return [
            FoundWord(m[0], self.officialese[m[0]], m.start(), False)
            for m in self._officialese.finditer(text)
            if not inside(quotes, m.start())
        ]


def latin_in(text: str, *, names: tuple[str, ...] = ()) -> list[str]:
    """Latin words outside quotation marks; the names of the product itself may be written."""
    bare = QUOTED.sub(" ， ", plain(text))
    for name in sorted(filter(None, map(plain, names)), key=len, reverse=True):
        bare = bare.replace(name, "，")
    return LATIN.findall(bare)


def plain(text: str) -> str:
    """Full-width letters made narrow; what cannot be seen left out, so that it hides nothing."""
    return "".join(
        unicodedata.normalize("NFKC", c) if c.isalnum() else c
        for c in text
        if unicodedata.category(c) != "Cf"
    )


def only_seen(text: str) -> str:
    """One line of it without what cannot be seen, which comes along when one pastes from Word."""
    return " ".join(
        "".join(c for c in text if c.isspace() or unicodedata.category(c) not in UNSEEN).split()
    )


def spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def inside(places: list[tuple[int, int]], start: int) -> bool:
    return any(begins <= start < ends for begins, ends in places)


def is_followed_by_bracket(text: str, end: int) -> bool:
    return re.match(r"[”’」』】\"]?(?:（[^）]+）|\([^)]+\))", text[end:]) is not None


def one_of(words: Mapping[str, str]) -> re.Pattern[str]:
    """The longest first; an empty list matches nothing."""
    longest = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)) or r"(?!)")


@cache
def house_words() -> PlainWords:
    """The lists as they came with the program."""
    return PlainWords(jargon=dict(read("jargon")), officialese=dict(read("officialese")))


def read(name: str) -> Iterator[tuple[str, str]]:
    for line in (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, _tab, instead = line.partition("\t")
            yield word, "" if instead == "-" else instead
