"""The rules for any sentence, whatever it stands in: its length, its form, its words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from courses.readability.findings import Finding, FindingPlace, Rule
from courses.readability.patterns import (
    FOLDED,
    KNOWN_LATIN,
    LATIN,
    LATIN_IN_CHINESE,
    SELLING,
    TEMPTS,
    WARNS,
    actions_in,
    late_care_in,
    sentences_of,
    winding_in,
)
from courses.readability.plain_text import QUOTED, characters_of, fold, plain
from courses.readability.word_lists import FoundWord, WordLists, swapped


class FieldLimits(NamedTuple):
    """Characters, without blanks."""

    #: From one more on, it is advised against.
    good: int
    #: From one more on, it stops.
    most: int
    #: Of one sentence, where a field may have several; 0: like the whole.
    most_of_a_sentence: int = 0


#: Plain steps have 8 to 12 characters, manufacturers' own some 39. A television shows 40 of a step
#: in three lines.
STEP: Final = FieldLimits(25, 40)
FIELD_LIMITS: Final = {
    "title": FieldLimits(16, 24),
    "problem": FieldLimits(16, 24),
    "words": STEP,
    "warning": STEP,
    "expected": STEP,
    "remedy": FieldLimits(40, 70, 40),
    "alt": FieldLimits(30, 60),
    "scene": FieldLimits(50, 100, 50),  # what is on a screen, for who does not see it
    "spoken": FieldLimits(30, 60),  # a sentence that is heard
}
NOTHING_KNOWN: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class SentenceChecker:
    words: WordLists
    #: Brand and model, which may be in Latin letters.
    names: tuple[str, ...] = ()

    def field(
        self,
        text: str,
        place: FindingPlace,
        *,
        known: frozenset[str] = NOTHING_KNOWN,
        asks: bool = True,
    ) -> Iterator[Finding]:
        """All rules for what stands in a field. known: jargon that was explained before it. asks:
        whether words ask for an action, of which there should be one."""
        if not text.strip():
            return
        yield from check_length(text, place)
        yield from self.wording(text, place, known=known)
        yield from check_form(text, place, asks=asks and place.field == "words")

    def wording(
        self, text: str, place: FindingPlace, *, known: frozenset[str] = NOTHING_KNOWN
    ) -> Iterator[Finding]:
        for found in first_of_each(self.words.unexplained_in(text, known=known)):
            is_warned_of = found.words in self.words.of_frauds and self.is_warned_of(text, found)
            word = replace(found, half_known=found.half_known or is_warned_of)
            if not (word.quoted and word.half_known):
                yield jargon_finding(word, place)
        yield from latin_findings(text, place, names=self.names)
        yield from self.selling(text, place)
        for word in first_of_each(self.words.officialese_in(text)):
            if word.instead:
                message = _("“%(word)s”是公文话，改成“%(plain)s”更顺口。")
            else:
                message = _("“%(word)s”可以去掉，意思不变。")
            yield word_finding(Rule.OFFICIALESE, word, place, message)

    def is_warned_of(self, text: str, word: FoundWord) -> bool:
        """Whether every sentence with the word warns: 别点陌生人发来的链接."""
        return all(warns(each) for each in sentences_of(text) if word.written in each)

    def selling(self, text: str, place: FindingPlace) -> Iterator[Finding]:
        """A sentence that warns of such offers sells nothing."""
        for sentence in sentences_of(plain(text)):
            if warns(sentence) or FOLDED.search(sentence):
                continue
            match = SELLING.search(sentence)
            word = match[0] if match else self.words.selling_in(sentence)
            if word:
                message = _("“%(word)s”像是在卖东西。这里只教怎么用，不写价钱、网店和购买的办法。")
                yield Finding(Rule.SELLING, place, message % {"word": word}, word)
                return


def warns(sentence: str) -> bool:
    return WARNS.search(sentence) is not None and not TEMPTS.search(sentence)


def check_length(text: str, place: FindingPlace) -> Iterator[Finding]:
    limits = FIELD_LIMITS.get(place.field, STEP)
    count = characters_of(text)
    longest = max(map(characters_of, sentences_of(text)), default=0)
    said = {"count": count, "most": limits.most, "good": limits.good}
    if count > limits.most:
        message = _("这一句有%(count)d个字，太长了，最多%(most)d个。请分开写，一句只说一件事。")
        yield Finding(Rule.LONG, place, message % said)
    elif limits.most_of_a_sentence and longest > limits.most_of_a_sentence:
        message = _("其中一句有%(count)d个字，太长了，最多%(most)d个。请断成几句。")
        said = {"count": longest, "most": limits.most_of_a_sentence}
        yield Finding(Rule.LONG, place, message % said)
    elif count > limits.good:
        message = _("这里有%(count)d个字。%(good)d个字以内，老人一眼能看完。")
        yield Finding(Rule.LONGISH, place, message % said)


def check_form(text: str, place: FindingPlace, *, asks: bool) -> Iterator[Finding]:
    actions = actions_in(text) if asks else []
    if len(actions) > 1:
        one, other = actions[:2]
        message = _("这里好像一口气要做两件事：“%(one)s”，“%(other)s”。分开写更好懂。")
        yield Finding(Rule.TWO_ACTIONS, place, message % {"one": one, "other": other}, other)
    if winding := winding_in(text):
        message = _("“%(words)s”太绕。请断成短句，直接说做什么。")
        yield Finding(Rule.WINDING, place, message % {"words": winding}, winding)
    if asks and (care := late_care_in(text)):
        message = _("“%(care)s”是提醒。请移到“小心什么”那一格，它会排在动作前面。")
        yield Finding(Rule.LATE_WARNING, place, message % {"care": care}, care)


def jargon_finding(word: FoundWord, place: FindingPlace) -> Finding:
    if word.half_known:
        message = _("“%(word)s”有的老人不懂。写“%(plain)s”更好懂。")
        return word_finding(Rule.HALF_KNOWN, word, place, message)
    if word.quoted:
        message = _("“%(word)s”写在屏幕上的，可以留着；后面加上（%(plain)s）更好懂。")
        return word_finding(Rule.QUOTED_JARGON, word, place, message)
    message = _("“%(word)s”老人不一定懂。请写“%(plain)s”，或者“%(word)s（%(plain)s）”。")
    return word_finding(Rule.JARGON, word, place, message)


def word_finding(rule: Rule, word: FoundWord, place: FindingPlace, message: str) -> Finding:
    return Finding(
        rule,
        place,
        message % {"word": word.words, "plain": word.instead},
        word.words,
        word.instead,
        written=word.written,
        start=word.start,
        fix="" if word.quoted else word.fix,  # what is quoted stands so on the product
    )


def latin_findings(
    written: str, place: FindingPlace, *, names: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """Latin words outside quotation marks, except what people know and the product's names."""
    folded = fold(written)
    bare = folded.text
    for pattern in (QUOTED, KNOWN_LATIN):
        bare = pattern.sub(lambda match: "，" * len(match[0]), bare)
    for name in sorted(filter(None, map(plain, names)), key=len, reverse=True):
        bare = bare.replace(name, "，" * len(name))
    seen: set[str] = set()
    for match in LATIN.finditer(bare):
        if match[0] in seen:
            continue
        seen.add(match[0])
        start, end = folded.span_written(*match.span())
        instead = LATIN_IN_CHINESE.get(match[0].lower(), "")
        if instead:
            message = _("“%(word)s”请写成“%(plain)s”。键上、屏幕上真有这几个字母的，加上引号。")
        else:
            message = _("“%(word)s”是外文，请改成中文。键上、屏幕上真有这几个字母的，加上引号。")
        yield Finding(
            Rule.LATIN,
            place,
            message % {"word": match[0], "plain": instead},
            match[0],
            instead,
            written=written[start:end],
            start=start,
            fix=swapped(written, start, end, instead),
        )


def first_of_each(words: Iterable[FoundWord]) -> list[FoundWord]:
    """Each word once, however often it occurs."""
    return list({word.words: word for word in reversed(list(words))}.values())[::-1]
