"""Where a title or a goal may be broken into lines: between its phrases, else between its words."""

import re
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from subtitles.chinese.words import OPENING_MARKS, split_unbreakable

#: A phrase ends after one of these, with the closing marks behind it.
PHRASES = re.compile(r"[^，。！？；：]*[，。！？；：]+[”’」』）》]*|[^，。！？；：]+")
#: One word, though dictionaries do not have it: 停一停, 看一看, and the policy's own.
ONE_WORD = re.compile(r"(.)一\1|进课堂|班级群|上回|老伙伴|按键")
SIGNS = re.compile(r"\w")
MARK_INSIDE = re.compile(r"\W\w")
#: A sign that is a word by itself goes with its neighbours, up to so many signs in all; a phrase
#: that has no more stays in one piece.
MOST_TOGETHER = 5
#: Such a sign that belongs to what follows it, not to what stands before: 旧手机|清干净.
GOES_ON = frozenset(
    "把被在和与给用打看听买问教不没能也都就再先还很最太真假新旧大小从跟让叫请发查换交挂清选付坐跳往进会常"
)


@lru_cache(maxsize=20_000)
def by_phrases(text: str) -> SafeString:
    """Each phrase an element of its own, so that a title is broken between two of them where it can
    be (base.css); one that fits no line is broken at a <wbr>."""
    return format_html_join(
        "", '<span class="phrase">{}</span>', ((_with_places(each),) for each in phrases_of(text))
    )


def phrases_of(text: str) -> list[list[str]]:
    """The phrases of a text, each in the pieces between which a line may end; all joined they make
    the text again. Neither a phrase nor its last piece is one sign alone, where there are more."""
    phrases: list[list[str]] = []
    for phrase in PHRASES.findall(text):
        pieces = _pieces(phrase)
        if phrases and (signs(phrase) < 2 or signs("".join(phrases[-1])) < 2):
            phrases[-1] = [*phrases[-1][:-1], phrases[-1][-1] + pieces[0], *pieces[1:]]
        else:
            phrases.append(pieces)
    return phrases


def signs(text: str) -> int:
    """Characters that are no marks."""
    return len(SIGNS.findall(text))


def _pieces(phrase: str) -> list[str]:
    """Words, where a word of one sign stays with its neighbours, and never one sign at the end."""
    if signs(phrase) <= MOST_TOGETHER:
        return [phrase]
    found: list[str] = []
    alone = False  # whether the word before is of one sign
    words = _words(phrase)
    for place, word in enumerate(words):
        together = found and signs(found[-1] + word) <= MOST_TOGETHER
        # a line may well begin with a mark that opens, or with what belongs to the next word
        begins = word[0] in OPENING_MARKS or (word in GOES_ON and place + 1 < len(words))
        joins = together and not begins and (alone or signs(word) < 2)
        if found and (joins or signs(found[-1]) < 2):
            found[-1] += word
        else:
            found.append(word)
        alone = signs(word) < 2
    if len(found) > 1 and signs(found[-1]) < 2:
        found[-2:] = ["".join(found[-2:])]
    return found


def _words(phrase: str) -> list[str]:
    kept = [word.span() for word in ONE_WORD.finditer(phrase)]
    inside = {place for start, end in kept for place in range(start + 1, end)}
    words: list[str] = []
    begins = 0
    for word in split_unbreakable(phrase):
        if begins in inside:
            words[-1] += word
        else:
            words.append(word)
        begins += len(word)
    return words


def _with_places(pieces: list[str]) -> SafeString:
    first, *others = map(_kept, pieces)
    return format_html("{}{}", first, format_html_join("", "<wbr>{}", ((each,) for each in others)))


def _kept(piece: str) -> str:
    """Browsers end a line behind a closing mark too: not before the 的 of “保障”的."""
    if MARK_INSIDE.search(piece):
        return format_html('<span class="unbroken">{}</span>', piece)
    return piece
