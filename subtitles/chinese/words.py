"""Words: where Chinese text may be broken, and which words this school uses."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING

from subtitles.chinese.counts import kept_counts
from subtitles.engines import Word

if TYPE_CHECKING:
    from jieba import Tokenizer

DATA = Path(__file__).parent / "data"

# A line may not begin with these; as part of a word (了解, 地铁) they may.
PARTICLES = frozenset("的了吗呢吧啊呀嘛着过们地得")
#: Phrases that begin with such a character, which is no particle there.
NO_PARTICLE = ("过两天", "过几天", "过些日子", "过一会儿")
CLOSING_MARKS = frozenset("，。！？；：、…—）》〉】」』”’％,.!?;:)]}%")
OPENING_MARKS = frozenset("（《〈【「『“‘([{")

_ONE_LOADS = Lock()


def read_list(name: str) -> tuple[str, ...]:
    """Return the lines of `data/<name>` without comments and empty lines."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line.strip() and not line.startswith("#"))


@cache
def domain_words() -> tuple[str, ...]:
    """Words of our lessons, which are never cut; joined by spaces they are hot words."""
    return read_list("words.txt")


@cache
def domain_prompt() -> str:
    """A sentence of a lesson, which tells an engine the subject, the script and punctuation."""
    return "".join(read_list("prompt.txt"))


def keep_whole(words: Iterable[str]) -> None:
    """Never cut these words either, from now on and in this process."""
    for word in words:
        _tokenizer().add_word(word)


def split_words(text: str) -> list[str]:
    """Return the dictionary words and single marks of `text`; joined they make `text` again."""
    return _tokenizer().lcut(text)


def word_count(word: str) -> int:
    """How often jieba's collection of texts has `word`, 0 for none; of "" how many words it is."""
    tokenizer = _tokenizer()
    return int(tokenizer.FREQ.get(word, 0) if word else tokenizer.total)


def split_unbreakable(text: str) -> list[str]:
    """Return the pieces of `text` between which a line may end.

    A piece is a word with the marks and particles that cling to it, or an address like a.b-c.
    Only the first piece can begin with a particle or a closing mark, namely when `text` does.
    """
    pieces: list[str] = []
    for word in split_words(text):
        if pieces and (
            clings_to_word_before(word)
            or pieces[-1][-1] in OPENING_MARKS
            or (_is_half_width(pieces[-1][-1]) and _is_half_width(word[0]))
        ):
            pieces[-1] += word
        else:
            pieces.append(word)
    return pieces


def clings_to_word_before(word: str) -> bool:
    """Whether a line may not begin with `word`: a particle, a closing mark or a space."""
    return word in PARTICLES or word[0] in CLOSING_MARKS or word.isspace()


def single_characters(words: Sequence[Word]) -> Iterator[Word]:
    """Yield each character as a word of its own, sharing out the time evenly; spaces too."""
    for word in words:
        length, duration = len(word.text), word.end_ms - word.start_ms
        for i, character in enumerate(word.text):
            start_ms = word.start_ms + duration * i // length
            end_ms = word.start_ms + duration * (i + 1) // length
            yield Word(start_ms, end_ms, character, word.probability)


def least_sure(words: Iterable[Word]) -> float | None:
    """Return the lowest probability among `words` (0 to 1); None when the engine told none."""
    return min((word.probability for word in words if word.probability is not None), default=None)


def _is_half_width(character: str) -> bool:
    """Whether it is part of an address, a formula or the like, which only a space may break."""
    return character.isascii() and not character.isspace()


def _tokenizer() -> "Tokenizer":
    with _ONE_LOADS:  # and the others wait for it
        return _loaded_tokenizer()


def _load_jieba() -> ModuleType:
    """Without setuptools' pkg_resources, by which it would open its files: 0.15 s and 5 MiB of each
    process. Where that is not to be had, it opens them itself."""
    is_there = "pkg_resources" in sys.modules
    if not is_there:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]  # cannot be imported
    try:
        return import_module("jieba")
    finally:
        if not is_there:
            del sys.modules["pkg_resources"]


@cache
def _loaded_tokenizer() -> "Tokenizer":
    tokenizer: Tokenizer = _load_jieba().Tokenizer()
    tokenizer.FREQ = counts = kept_counts()
    tokenizer.total, tokenizer.initialized = counts.total, True
    for word in (*domain_words(), *NO_PARTICLE):
        tokenizer.add_word(word)
    return tokenizer
