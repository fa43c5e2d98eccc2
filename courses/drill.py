"""A drill against fraud: genuine and false messages mixed, and how often one was mistaken.

The whole state of a round is in its address, so that no script and no account is needed.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from courses.choices import Verdict

#: What one can say of a message, in the order of the buttons; the fields of an AnswerTally.
ANSWERS = ("scam", "genuine", "unsure")
MOST_HANDS = 999
HIGHEST_SEED = 9999


@dataclass(frozen=True)
class Item:
    """One message, and what is to be learnt from it."""

    channel: str
    sender: str
    text: str
    verdict: str
    sign: str
    advice: str
    #: Ids of the lessons that teach it.
    lessons: tuple[int, ...] = ()

    @property
    def is_scam(self) -> bool:
        return self.verdict == Verdict.SCAM


@dataclass(frozen=True)
class AnswerTally:
    """How many said what about one message. One learner alone is a tally of one."""

    scam: int = 0
    genuine: int = 0
    unsure: int = 0

    def __str__(self) -> str:
        return f"{self.scam}.{self.genuine}.{self.unsure}"

    @property
    def answer(self) -> str:
        """What most said; where two are equal, the more careful of them."""
        most = max(self.scam, self.genuine, self.unsure)
        if self.unsure == most:
            return "unsure"
        return "scam" if self.scam == most else "genuine"

    def with_hands(self, answer: str, hands: int) -> "AnswerTally":
        return replace(self, **{answer: max(0, min(hands, MOST_HANDS))})


@dataclass(frozen=True)
class Score:
    """The two mistakes, counted apart, and the careful answers, which are none."""

    frauds_missed: int
    genuine_refused: int
    careful: int
    right: int

    @property
    def is_clean(self) -> bool:
        return self.frauds_missed == self.genuine_refused == 0


@dataclass(frozen=True)
class Round:
    """A round as it stands. number counts messages from 1; said holds an answer for each one
    before it, and for it too once it has been explained."""

    seed: int
    items: tuple[Item, ...]
    number: int = 1
    said: tuple[AnswerTally, ...] = ()
    whole_class: bool = False
    #: Hands counted for the message on the screen, not yet answered.
    hands: AnswerTally = AnswerTally()

    @property
    def is_done(self) -> bool:
        return self.number > len(self.items)

    @property
    def is_explained(self) -> bool:
        return len(self.said) == self.number

    @property
    def is_last(self) -> bool:
        return self.number == len(self.items)

    @property
    def item(self) -> Item:
        return self.items[self.number - 1]

    @property
    def tally(self) -> AnswerTally:
        return self.said[-1] if self.is_explained else self.hands

    @property
    def score(self) -> Score:
        told = list(zip(self.items, self.said, strict=False))
        return Score(
            frauds_missed=sum(said.genuine for item, said in told if item.is_scam),
            genuine_refused=sum(said.scam for item, said in told if not item.is_scam),
            careful=sum(said.unsure for _item, said in told),
            right=sum(said.scam if item.is_scam else said.genuine for item, said in told),
        )

    @property
    def mistaken(self) -> list[Item]:
        """The messages that somebody took for the other kind."""
        return [
            item
            for item, said in zip(self.items, self.said, strict=False)
            if (said.genuine if item.is_scam else said.scam)
        ]

    # Addresses: each is the query of the page that a press leads to.

    def address(self, *, number: int, said: Sequence[AnswerTally], hands: str = "") -> str:
        parts = [f"round={self.seed}", f"n={number}"]
        if self.whole_class:
            parts.append("class=1")
        if said:
            parts.append("said=" + "-".join(str(tally) for tally in said))
        if hands:
            parts.append(f"hands={hands}")
        return "?" + "&".join(parts)

    def answered(self, tally: AnswerTally) -> str:
        return self.address(number=self.number, said=[*self.said, tally])

    @property
    def answers(self) -> dict[str, str]:
        """Where each of the three answers leads one learner."""
        return {answer: self.answered(AnswerTally(**{answer: 1})) for answer in ANSWERS}

    @property
    def revealed(self) -> str:
        return self.answered(self.hands)

    @property
    def next_address(self) -> str:
        return self.address(number=self.number + 1, said=self.said)

    def counted(self, answer: str, hands: int) -> str:
        return self.address(
            number=self.number, said=self.said, hands=str(self.hands.with_hands(answer, hands))
        )


def round_of(items: Sequence[Item], asked: Mapping[str, str], *, length: int) -> Round | None:
    """The round that an address describes; None where it has not begun."""
    seed = number_of(asked.get("round", ""))
    if not seed or not items:
        return None
    said = tuple(tallies_of(asked.get("said", "")))
    number = number_of(asked.get("n", "1")) or 1
    drawn = draw(items, seed=seed, length=length)
    if len(said) not in {number - 1, number} or number > len(drawn) + 1:
        number, said = 1, ()
    hands = next(iter(tallies_of(asked.get("hands", ""))), AnswerTally())
    return Round(
        seed=seed,
        items=drawn,
        number=number,
        said=said[: len(drawn)],
        whole_class=asked.get("class") == "1",
        hands=hands,
    )


def draw(items: Sequence[Item], *, seed: int, length: int) -> tuple[Item, ...]:
    """Some of the messages in an order of their own, about as much of each kind as there is."""
    dice = random.Random(seed)  # noqa: S311 (an order, not a secret)
    genuine = [item for item in items if not item.is_scam]
    scams = [item for item in items if item.is_scam]
    share = round(min(length, len(items)) * len(genuine) / len(items))
    drawn = dice.sample(genuine, share)
    drawn += dice.sample(scams, min(length, len(items)) - share)
    dice.shuffle(drawn)
    return tuple(drawn)


def new_seed() -> int:
    return random.randint(1, HIGHEST_SEED)  # noqa: S311 (an order, not a secret)


def tallies_of(words: str) -> list[AnswerTally]:
    found = re.findall(r"(?:^|-)(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?=-|$)", words, re.ASCII)
    return [AnswerTally(*map(int, numbers)) for numbers in found]


def number_of(words: str) -> int:
    """0 for anything but one to four digits."""
    return int(words) if re.fullmatch(r"[0-9]{1,4}", words) else 0
