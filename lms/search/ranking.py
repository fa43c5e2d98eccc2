"""Which things suit a word best: those called so, whose steps say it, that mention it."""

from dataclasses import dataclass
from itertools import islice

from lms.search.index import REMEMBERED, STEPS_TOPIC, Index
from lms.search.things import Meaning, Thing, plain

#: What a thing deserves for a word, by the best place where it stands.
IN_TITLE, IN_STEPS, IN_TEXT = 100, 40, 12
#: The page that an editor gave a group of words comes before those that only mention them.
LED_TO = 95
#: Nothing that says another word of such a group, even in its title, comes before that page.
BESIDE_LED_TO = 90
#: Of that, for a word of the same meaning.
SAME_MEANING = 0.8
#: More are not looked at: who sees forty types another letter.
BEST_AT_MOST = 40
#: Words that sound right, whose things are looked at.
SOUNDED_AT_MOST = 16
#: A word half as likely counts for less than half: to this power.
SHARPER = 10
#: So many things are chosen one by one, each for the words that have had none.
TURNS = 8
#: How much it counts, beside that, that a thing suits several of the words.
FOR_ALL = 0.1
#: With letters that were slipped, a word counts so much less.
SLIPPED = 0.85

#: How much a word of no group counts, spelt and by its initials: the rest of a title, one of titles
#: and steps, one of a text. Nobody presses initials for two words that merely stand side by side.
OF_TITLE, OF_STEPS, OF_TEXT = (0.94, 0.9), (0.88, 0.6), (0.8, 0.35)

Scores = dict[int, float]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A thing's number, and the word for which it was found."""

    number: int
    word: str


def merit(thing: Thing, word: str) -> float:
    steps, text = thing.steps.count(word), thing.text.count(word)
    often = 5 * min(steps, 4) + 2 * min(text, 6)
    if word in thing.plain_title:
        share = len(word) / len(thing.plain_title)
        return IN_TITLE + 40 * share + often / 2 + 5 * thing.plain_title.startswith(word)
    if steps:
        return IN_STEPS + often
    return IN_TEXT + often if text else 0


def best_for(index: Index, word: str) -> list[tuple[int, float]]:
    """Numbers of things with what they deserve, the best first; words of the same meaning and the
    editor's page count too."""
    known = index.remembered.get(word)
    if known is None:
        scores = _scores_for(index, word)
        best = sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))[:BEST_AT_MOST]
        if len(index.remembered) >= REMEMBERED:
            index.remembered.clear()
        known = index.remembered[word] = best
    return known


def _scores_for(index: Index, word: str) -> Scores:
    scores: Scores = {number: _merit_of(index, number, word) for number in index.holding(word)}
    for group in index.groups_for(word):
        for number, worth in _scores_of(index, group).items():
            scores[number] = max(scores.get(number, 0), worth)
    return scores


def _scores_of(index: Index, group: Meaning) -> Scores:
    """What things deserve for a word of the group that they do not say."""
    known = index.of_meaning.get(group)
    if known is None:
        known = {}
        for word in map(plain, group.words):
            for number in index.holding(word):
                worth = SAME_MEANING * _merit_of(index, number, word)
                known[number] = max(known.get(number, 0), worth)
        if group.leads_to is not None:
            known = {number: min(worth, BESIDE_LED_TO) for number, worth in known.items()}
            for number in index.numbers_of_page(group.leads_to):
                known[number] = LED_TO
        index.of_meaning[group] = known
    return known


def _merit_of(index: Index, number: int, word: str) -> float:
    thing = index.things[number]
    return merit(thing, word) if thing else 0


def by_words(index: Index, words: list[str]) -> list[Ranked]:
    """Things that suit all these words."""
    totals: Scores = {}
    for place, word in enumerate(words):
        scores = dict(best_for(index, word))
        if place == 0:
            totals = scores
        else:
            totals = {n: totals[n] + scores[n] for n in totals.keys() & scores.keys()}
    ordered = sorted(totals, key=lambda number: (-totals[number], number))
    return [Ranked(number, words[0]) for number in ordered]


def by_letters(index: Index, letters: str) -> list[Ranked]:
    """Things for the words that the letters may mean."""
    return by_chances(index, dict(likely_words(index, letters)))


def by_chances(index: Index, likely: dict[str, float]) -> list[Ranked]:
    """Things for words of which nobody knows which one was meant: first what suits the likeliest,
    then each time what suits those best that have had nothing so far, as a tester of searches
    would count it. `likely`: how likely each is meant, from 0 to 1."""
    chances = {word: (worth * index.commonness(word)) ** SHARPER for word, worth in likely.items()}
    suits = {
        word: {number: min(1, merit / IN_TITLE) for number, merit in best_for(index, word)}
        for word in chances
    }
    totals: Scores = {}
    best_word: dict[int, tuple[float, str]] = {}
    for word, chance in chances.items():
        for number, how_well in suits[word].items():
            mine = chance * how_well
            totals[number] = totals.get(number, 0) + mine
            best_word[number] = max(best_word.get(number, (0, "")), (mine, word))
    had = dict.fromkeys(chances, 0.0)

    def gain(number: int) -> float:
        gained = sum(
            chance * max(0, suits[word].get(number, 0) - had[word])
            for word, chance in chances.items()
        )
        return gained + FOR_ALL * totals[number]

    left = sorted(totals, key=lambda number: (-totals[number], number))[:BEST_AT_MOST]
    ranked: list[Ranked] = []
    for _turn in range(min(TURNS, len(left))):
        number = max(left, key=gain)
        left.remove(number)
        ranked.append(Ranked(number, best_word[number][1]))
        for word in chances:
            had[word] = max(had[word], suits[word].get(number, 0))
    return ranked + [Ranked(number, best_word[number][1]) for number in left]


def likely_words(index: Index, letters: str) -> list[tuple[str, float]]:
    """Words that the letters may mean and that find something, the likeliest first, from 0 to 1."""
    likely = {
        each.word: each.nearness * weight(index, each.word, is_spelt=each.is_spelt)
        for each in index.sounding(letters)
    }
    if len(letters) > 1 and max(likely.values(), default=0) < 0.9:
        for each in index.sounding(letters, with_slips=True):
            worth = SLIPPED * each.nearness * weight(index, each.word, is_spelt=each.is_spelt)
            likely[each.word] = max(likely.get(each.word, 0), worth)
    ordered = sorted(
        likely.items(), key=lambda item: (-item[1] * index.commonness(item[0]), len(item[0]))
    )
    finding = (each for each in ordered[: 2 * SOUNDED_AT_MOST] if best_for(index, each[0]))
    return list(islice(finding, SOUNDED_AT_MOST))


def weight(index: Index, word: str, *, is_spelt: bool) -> float:
    """How much a word that sounds right counts: 1 for one of a group."""
    if word in index.group_of:
        return 1.0
    where = index.said_where(word)
    spelt, by_initials = OF_STEPS if where >= STEPS_TOPIC else OF_TEXT if where else OF_TITLE
    return spelt if is_spelt else by_initials
