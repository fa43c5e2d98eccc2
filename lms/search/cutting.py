"""The words of a text, by which typed letters find it. Chinese characters need none of this: they
are found wherever they stand."""

from collections.abc import Container, Sequence
from itertools import pairwise

from courses.search.chinese import is_chinese, runs
from subtitles.chinese.words import PARTICLES, split_words

#: Words that say nothing of what a text is about.
EMPTY = PARTICLES | set(
    "是在有和就也都不我你您他她它这那个一上下来去到要会能可把被让给对说看很再先后里外又与或及等您们"
)
LONGEST = 8
#: What people say around words while they ask: 把字弄大点, 手机老是卡.
FILLING = set("弄搞整调变放点些老总太很真还都就又想该呢嘛吧跟")
#: What people put between a verb and its object or what it leads to: 挂个号, 上不了网, 退不出.
BETWEEN = frozenset([*"个了过好完不得", *(f"不{sign}" for sign in "了到上下进出开通成动起好完")])
#: Signs that may be put into a word, by how many signs it has; longer ones as the last.
PUT_IN_AT_MOST = {2: 1, 3: 2}
MORE_PUT_IN = 3


def is_scattered(word: Sequence[str], piece: Sequence[str]) -> bool:
    """Whether the piece is the word with a few signs put in, or syllables: 字弄大, 手机老是卡."""
    if len(piece) - len(word) > PUT_IN_AT_MOST.get(len(word), MORE_PUT_IN):
        return False
    rest = iter(piece)
    return all(part in rest for part in word)


def is_between(put_in: Sequence[str]) -> bool:
    """Whether that changes nothing of what a word of two signs means, spelt or not."""
    return "".join(put_in) in BETWEEN


def is_two_words(word: str, known: Container[str]) -> bool:
    """Whether it is two words of a step that stand side by side."""
    if len(word) == 2:
        return False
    pieces = ((word[:at], word[at:]) for at in range(1, len(word)))
    return any(all(len(piece) == 1 or piece in known for piece in both) for both in pieces)


def words_in(text: str) -> list[str]:
    """Each once, in the order of the text; a word of one sign only if it is no empty one."""
    found: dict[str, None] = {}
    for run in runs(text):
        words = split_words(run) if is_chinese(run) else [run]
        found.update(dict.fromkeys(word for word in words if says_something(word)))
    return list(found)


def says_something(word: str) -> bool:
    return len(word) > 1 or word not in EMPTY


def phrases_in(text: str) -> list[str]:
    """Neighbouring words of a run joined, since people know 买火车票 as one word."""
    found: dict[str, None] = {}
    for run in runs(text):
        if is_chinese(run):
            for first, second in pairwise(split_words(run)):
                whole = first + second
                if second not in EMPTY and first not in EMPTY and len(whole) <= LONGEST:
                    found[whole] = None
    return list(found)


def beginnings_in(title: str) -> list[str]:
    """A run of a title from each of its words on, for whoever types on: 手机叫车 of 用手机叫车."""
    found: dict[str, None] = {}
    for run in runs(title):
        if not is_chinese(run):
            continue
        words = split_words(run)
        found.update(dict.fromkeys("".join(words[start:]) for start in range(len(words))))
        # a word within a word too: 码付钱 of 扫码付钱
        found.update(dict.fromkeys(run[start:] for start in range(len(run) - 1)))
    return list(found)
