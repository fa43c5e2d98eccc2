"""Manuals by what stands on the thing or its box: QS-40, ＱＳ４０, vkj-n3p, 康乐QS40怎么充电."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from courses.search.chinese import is_chinese
from lms.manuals.catalogue.codes import codes_meant
from lms.search.asking import without_asking
from lms.search.index import Index
from lms.search.models import EntryKind
from lms.search.ranking import Ranked, by_words
from lms.search.things import Thing

#: Letters with figures are a model or a code, and nothing else is looked for.
MIXED = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9]+", re.ASCII)
#: Fewer signs begin too many models.
SHORTEST_BEGINNING = 2


@dataclass(frozen=True)
class Coded:
    #: Those with just this code, or this model.
    whole: list[Ranked]
    #: Those whose model or code begins so.
    begun: list[Ranked]
    #: It can be nothing else.
    is_sure: bool


def by_code(index: Index, asked: list[str]) -> Coded:
    signs = "".join(asked)
    whole, begun = _with_code(index, signs)
    latin = "".join(run for run in asked if not is_chinese(run))
    is_mixed = MIXED.fullmatch(latin) is not None
    if not whole and is_mixed and latin != signs:
        whole, begun = _with_code(index, latin)
        words = [without_asking(run) for run in asked if is_chinese(run)]
        return Coded(_saying(index, words, whole or begun), [], is_sure=bool(whole or begun))
    return Coded(whole, begun, is_sure=is_mixed and bool(whole or begun))


def _with_code(index: Index, signs: str) -> tuple[list[Ranked], list[Ranked]]:
    """With just these signs; with more after them."""
    meant = {signs, *(code.casefold() for code in codes_meant(signs))}
    whole, begun = [], []
    for number, thing in enumerate(index.things):
        if thing is None or not thing.codes:
            continue
        if not meant.isdisjoint(thing.codes):
            whole.append(Ranked(number, signs))
        elif len(signs) >= SHORTEST_BEGINNING and _begins(thing.codes, signs):
            begun.append(Ranked(number, signs))
    return whole, begun


def _begins(codes: Iterable[str], signs: str) -> bool:
    return any(code.startswith(signs) for code in codes)


def _saying(index: Index, words: list[str], manuals: list[Ranked]) -> list[Ranked]:
    """What these manuals teach of the words, then the manuals themselves."""
    keys = {_thing(index, each).key for each in manuals}
    said = [
        each
        for each in by_words(index, words)
        if (thing := _thing(index, each)).kind == EntryKind.MANUAL and thing.key in keys
    ]
    known = {each.number for each in said}
    return said + [each for each in manuals if each.number not in known]


def _thing(index: Index, ranked: Ranked) -> Thing:
    thing = index.things[ranked.number]
    assert thing is not None
    return thing
