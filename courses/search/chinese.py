"""How Chinese is cut for the index and for queries: single characters and pairs of neighbours.

No word list: what the list lacks would never be found (jieba found 42 % of what stood there), while
every substring of two characters or more is a row of neighbouring pairs.
"""

import re
import unicodedata
from itertools import pairwise

from modelsearch.query import And, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

#: A run of Chinese characters, or of what stands between blanks and punctuation otherwise.
RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff〇]+|[^\W_\u3400-\u9fff\uf900-\ufaff〇]+")
MATCH_NOTHING = Not(MatchAll())
#: A longer address makes a QR code that old phones read badly.
SHORT_PINYIN = 30


def runs(text: str) -> list[str]:
    """The searchable pieces of a text, full-width letters and capitals made plain."""
    return RUN.findall(unicodedata.normalize("NFKC", text).casefold())


def is_chinese(run: str) -> bool:
    return not run.isascii() and RUN.match(run) is not None and run[0] >= "\u3007"


def pairs(run: str) -> list[str]:
    return [first + second for first, second in pairwise(run)]


def index_words(text: str) -> str:
    """What the index holds of a text. The pairs of a run stand side by side, so that a phrase of
    pairs is found exactly where the words stand; the single characters part it from the next."""
    words: list[str] = []
    for run in runs(text):
        words += [*pairs(run), *run] if is_chinese(run) else [run]
    return " ".join(words)


def rewrite(query: SearchQuery) -> SearchQuery:
    """A whole-word query as the index understands it; every character that is asked for must stand
    there, in that order within a run."""
    if isinstance(query, PlainText | Phrase | Fuzzy):
        asked = [_asked(run) for run in runs(query.query_string)]
        if not asked:
            return MATCH_NOTHING
        any_will_do = isinstance(query, PlainText) and query.operator == "or"
        return asked[0] if len(asked) == 1 else (Or(asked) if any_will_do else And(asked))
    if isinstance(query, And | Or):
        return type(query)([rewrite(each) for each in query.subqueries])
    return Not(rewrite(query.subquery)) if isinstance(query, Not) else query


def _asked(run: str) -> SearchQuery:
    if len(run) > 1 and is_chinese(run):
        return Phrase(" ".join(pairs(run)))
    return PlainText(run)


def rewrite_beginning(query: str) -> str:
    """A query still being typed: the last piece may be the beginning of a word."""
    return " ".join(
        word for run in runs(query) for word in (is_chinese(run) and pairs(run)) or [run]
    )


def short_pinyin(title: str) -> str:
    """For an address: whole syllables of a title, at most SHORT_PINYIN characters; what is not
    Chinese stands between hyphens. Blank where nothing of the title is Chinese or ASCII."""
    from pypinyin import lazy_pinyin

    words = ""
    for run in runs(title):
        joint = "-" if words else ""
        for syllable in lazy_pinyin(run) if is_chinese(run) else [run]:
            if not syllable.isascii():
                continue
            if len(words + joint + syllable) > SHORT_PINYIN:
                return words
            words += joint + syllable
            joint = ""
    return words


def pinyin_words(title: str) -> str:
    """Initials and syllables of a title from each of its characters on, so that wxzf and weixin
    find 用微信支付 as they are typed on a remote control."""
    from pypinyin import Style, lazy_pinyin

    words = []
    for run in runs(title):
        if not is_chinese(run):
            continue
        initials = lazy_pinyin(run, style=Style.FIRST_LETTER)
        syllables = lazy_pinyin(run)
        for start in range(len(run)):
            words += ["".join(initials[start:]), "".join(syllables[start:])]
    return " ".join(words)
