"""Which things suit a word best: those called so, whose steps say it, that mention it."""

from dataclasses import dataclass

from lms.search.index import REMEMBERED, Index, Thing, plain

#: What a thing deserves for a word, by the best place where it stands.
IN_TITLE, IN_STEPS, IN_TEXT = 100, 40, 12
#: The page that an editor gave a group of words comes before those that only mention them.
LED_TO = 95
#: Of that, for a word of the same meaning.
SAME_MEANING = 0.8
#: More are not looked at: who sees forty types another letter.
BEST_AT_MOST = 40
#: Words that sound right, whose things are looked at.
SOUNDED_AT_MOST = 8
#: Words that sound about as right as the best one take turns, since nobody knows which was meant.
ABOUT_AS_RIGHT = 0.93
#: With letters that were slipped, a word counts so much less.
SLIPPED = 0.85

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
        for other in map(plain, group.words):
            if other != word:
                for number in index.holding(other):
                    worth = SAME_MEANING * _merit_of(index, number, other)
                    scores[number] = max(scores.get(number, 0), worth)
        if group.leads_to is not None:
            for number in index.numbers_of_page(group.leads_to):
                scores[number] = max(scores.get(number, 0), LED_TO)
    return scores


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
    """Things for the words that the letters may mean. Where several are about as likely, their best
    things take turns."""
    words = likely_words(index, letters)
    if not words:
        return []
    values = {word: value * (0.9 + _standing(index, word)) for word, value in words}
    ordered = sorted(values, key=lambda word: -values[word])
    first = [word for word in ordered if values[word] >= ABOUT_AS_RIGHT * values[ordered[0]]]
    ranked = _in_turns(index, {word: values[word] for word in first})
    seen = {each.number for each in ranked}
    for word in ordered[len(first) :]:
        for number, _merit in best_for(index, word):
            if number not in seen:
                seen.add(number)
                ranked.append(Ranked(number, word))
    return ranked[:BEST_AT_MOST]


def likely_words(index: Index, letters: str) -> list[tuple[str, float]]:
    """Words that the letters may mean and that find something, the likeliest first, from 0 to 1."""
    likely = {
        each.word: each.nearness * index.weight(each.word) for each in index.sounding(letters)
    }
    if len(letters) > 1 and max(likely.values(), default=0) < 0.9:
        for each in index.sounding(letters, with_slips=True):
            worth = SLIPPED * each.nearness * index.weight(each.word)
            likely[each.word] = max(likely.get(each.word, 0), worth)
    ordered = sorted(likely.items(), key=lambda item: (-item[1], len(item[0])))
    found = [
        (word, worth) for word, worth in ordered[: 2 * SOUNDED_AT_MOST] if best_for(index, word)
    ]
    return found[:SOUNDED_AT_MOST]


def _standing(index: Index, word: str) -> float:
    """From 0 to 0.1: how well the best thing for it suits it."""
    best = best_for(index, word)
    return 0.1 * min(1.0, best[0][1] / IN_TITLE) if best else 0.0


def _in_turns(index: Index, values: dict[str, float]) -> list[Ranked]:
    """The best thing of each word, one turn a meaning, then whatever suits any of them best."""
    ranked: list[Ranked] = []
    seen: set[int] = set()
    had_their_turn: set[str] = set()
    left: list[tuple[float, int, str]] = []
    for word, value in values.items():
        best = best_for(index, word)
        number = next((number for number, _merit in best if number not in seen), None)
        if number is not None and word not in had_their_turn:
            seen.add(number)
            ranked.append(Ranked(number, word))
        for group in index.group_of.get(word, []):
            had_their_turn.update(map(plain, group.words))
        left += [(-worth * value**2, other, word) for other, worth in best]
    for _worth, number, word in sorted(left):
        if number not in seen:
            seen.add(number)
            ranked.append(Ranked(number, word))
    return ranked
