"""Finding a lesson or a manual, from letters pressed on a remote control, typed or spoken words."""

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.models import Page

from courses.search.chinese import is_chinese, runs
from lms.manuals.models import Manual
from lms.search.asking import without_asking
from lms.search.coded import by_code
from lms.search.index import Index
from lms.search.memory import memory
from lms.search.models import EntryKind
from lms.search.near import LETTERS, near_words, slipped_words
from lms.search.pinyin import syllables
from lms.search.ranking import (
    IN_STEPS,
    Ranked,
    best_for,
    by_chances,
    by_letters,
    by_words,
    likely_words,
)
from lms.search.things import Thing, plain
from lms.search.together import said_together

#: Longer than any title; what is typed after it is dropped.
LONGEST_QUERY = 30
#: Words that are offered where not even a lesson comes near.
NEAREST_AT_MOST = 3
#: So likely is a word that nothing else is looked for.
SURE = 0.9
UNSURE = 0.5
#: What is less likely is only called near.
LIKELY_ENOUGH = 0.25


@dataclass(frozen=True)
class Found:
    """A lesson, another page, a manual or a task of one."""

    title: str
    url: str
    #: Whose colour it has; empty where it is of no classroom.
    subject: str
    #: Of which thing; empty for a page.
    line: str = ""
    #: The word for which it was found, where its title does not have it.
    says: str = ""
    #: None: a manual or a task of one.
    page: int | None = None


@dataclass(frozen=True)
class Findings:
    query: str
    found: list[Found]
    #: The word that was probably meant; empty where nothing is called so.
    word: str = ""
    #: Nothing says it; `found` is what comes nearest, perhaps nothing.
    in_vain: bool = False
    #: Words that find something, for whoever found nothing.
    nearest: tuple[str, ...] = ()


def clean_query(typed: str) -> str:
    return " ".join(typed.replace("\x00", "").split())[:LONGEST_QUERY]


def find(query: str) -> Findings:
    """What may be opened by whoever asks nothing but the address. Nothing for a blank query."""
    asked = runs(query)
    if not asked:
        return Findings(query, [], in_vain=bool(query.strip()))
    with memory.up_to_date() as index:
        coded = by_code(index, asked)
        ranked, near = ([], []) if coded.is_sure else ranked_for(index, asked)
        ranked = each_once([*coded.whole, *ranked, *coded.begun])
        near = (
            ranked
            or by_chances(index, slipped_words(index, asked))
            or near
            or by_chances(index, near_words(index, asked))
        )
        nearest = () if near else nearest_words(index, asked)
        named = [(each.number, index.name_of(each.word)) for each in near]
        things = [(index.things[number], word) for number, word in named]
    found = [found_of(thing, word) for thing, word in only_open(things)]
    word = named[0][1] if ranked and found else ""
    return Findings(query, found, word, in_vain=not word, nearest=nearest)


def each_once(ranked: list[Ranked]) -> list[Ranked]:
    first: dict[int, Ranked] = {}
    for each in ranked:
        first.setdefault(each.number, each)
    return list(first.values())


def ranked_for(index: Index, asked: list[str]) -> tuple[list[Ranked], list[Ranked]]:
    """What says all that was asked; where nothing does, what comes near."""
    ranked, likely = as_one(index, asked)
    is_bare = bool(ranked) and is_chinese(asked[0]) and ranked[0].word not in asked
    if likely >= SURE and not is_bare:
        return ranked, []
    together = said_together(index, asked)
    whole = together.ranked if together.is_whole else []
    if together.likely > likely or (whole and is_bare):
        ranked, whole = whole, ranked
    known = {each.number for each in ranked}
    ranked += [each for each in whole if each.number not in known]
    if max(likely, together.likely) < LIKELY_ENOUGH:
        return [], ranked or together.ranked
    return ranked, together.ranked


def as_one(index: Index, asked: list[str]) -> tuple[list[Ranked], float]:
    """What says each run as it stands; else without the words of asking; else by its sound. How
    likely that is what was meant, from 0 to 1."""
    if len(asked) == 1 and LETTERS.fullmatch(asked[0]):
        words = likely_words(index, asked[0])
        likely = max((worth for _word, worth in words), default=0)
        return by_letters(index, asked[0]), 1.0 if words and index.spelt(asked[0]) else likely
    found = _as_one(index, asked)
    return found, likely_as_said(index, found)


def likely_as_said(index: Index, found: list[Ranked]) -> float:
    """A text that happens to say a row of words is less sure than a title or a step that does."""
    if not found:
        return 0.0
    number, word = found[0].number, found[0].word
    in_text = dict(best_for(index, word)).get(number, 0) < IN_STEPS
    return UNSURE if in_text else 1.0


def _as_one(index: Index, asked: list[str]) -> list[Ranked]:
    words, letters = _parted(asked)
    if letters:
        by_sound = by_letters(index, "".join(letters))
        if words:
            return _both(by_words(index, words), by_sound)
        return by_words(index, asked) or by_sound
    if ranked := by_words(index, asked):
        return ranked
    bare = [without_asking(run) for run in asked]
    if bare != asked and (ranked := by_words(index, list(filter(None, bare)))):
        return ranked
    return _by_sound(index, "".join(bare))


def _parted(asked: list[str]) -> tuple[list[str], list[str]]:
    words = [run for run in asked if is_chinese(run)]
    return words, [run for run in asked if not is_chinese(run)]


def _both(first: list[Ranked], second: list[Ranked]) -> list[Ranked]:
    numbers = {each.number for each in second}
    return [each for each in first if each.number in numbers]


def _by_sound(index: Index, run: str) -> list[Ranked]:
    """Another word that is said in the same way: 支付保 for 支付宝."""
    if not run or not is_chinese(run):
        return []
    said = syllables(run)
    same = [word for word, _worth in likely_words(index, "".join(said)) if syllables(word) == said]
    return by_words(index, same[:1]) if same else []


def nearest_words(index: Index, asked: list[str]) -> tuple[str, ...]:
    """Words of groups that the beginning of letters may mean; of Chinese none, since whatever comes
    near has been found."""
    run = "".join(asked)
    if not LETTERS.fullmatch(run):
        return ()
    beginnings = (run[:length] for length in range(len(run) - 1, len(run) // 2, -1))
    likely = (likely_words(index, letters) for letters in beginnings)
    found = ([word for word, _w in each if word in index.group_of] for each in likely)
    words = next(filter(None, found), [])
    return tuple(word for word in words if word != run)[:NEAREST_AT_MOST]


def only_open(
    things: Iterable[tuple[Thing | None, str]],
) -> list[tuple[Thing, str]]:
    """Those that everybody may open now; the index may be a moment behind."""
    standing = [(thing, word) for thing, word in things if thing is not None]
    keys = {kind: {t.key for t, _word in standing if t.kind == kind} for kind in EntryKind}
    pages = Page.objects.live().public().filter(pk__in=keys[EntryKind.PAGE])
    manuals = Manual.objects.shown().filter(pk__in=keys[EntryKind.MANUAL])
    may_open = {
        EntryKind.PAGE: set(pages.values_list("pk", flat=True)) if keys[EntryKind.PAGE] else set(),
        EntryKind.MANUAL: (
            set(manuals.values_list("pk", flat=True)) if keys[EntryKind.MANUAL] else set()
        ),
    }
    return [
        (thing, word) for thing, word in standing if thing.key in may_open[EntryKind(thing.kind)]
    ]


def found_of(thing: Thing, word: str) -> Found:
    is_named = word in thing.plain_title or word in thing.codes
    is_said = not is_named and (word in thing.steps or word in thing.text)
    says = word if is_said and plain(word) != thing.plain_title else ""
    page = thing.key if thing.kind == EntryKind.PAGE else None
    return Found(thing.title, thing.url, thing.subject, thing.line, says, page)
