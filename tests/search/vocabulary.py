"""Lists of words that old people look for, and how many of them the search gets right."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from courses.search.chinese import is_chinese, runs
from lms.search.finding import Found, find

LISTS = Path(__file__).parent
#: A right lesson must be among so many.
FIRST = 3
WAYS = ("characters", "pinyin", "initials")


@dataclass(frozen=True)
class Wanted:
    word: str
    #: Slugs of lessons that are right for it, and ~words of titles that may come.
    lessons: tuple[str, ...]

    @property
    def has_lesson(self) -> bool:
        """Whether a lesson of today is right for it."""
        return any(not lesson.startswith("~") for lesson in self.lessons)

    def typed(self) -> tuple[str, str, str]:
        """As each of WAYS has it."""
        pieces = runs(self.word)
        whole = ["".join(lazy_pinyin(p, v_to_u=False)) if is_chinese(p) else p for p in pieces]
        first = [
            "".join(lazy_pinyin(p, style=Style.FIRST_LETTER)) if is_chinese(p) else p
            for p in pieces
        ]
        return self.word, "".join(whole), "".join(first)

    def is_met_by(self, found: list[Found]) -> bool:
        return any(self.suits(each) for each in found[:FIRST])

    def suits(self, each: Found) -> bool:
        parts = each.url.strip("/").split("/")
        return any(
            lesson[1:] in each.title
            if lesson.startswith("~")
            else lesson == parts[-1] or parts[-1].startswith(f"{lesson}-")
            for lesson in self.lessons
        )


def wanted(name: str) -> Iterator[Wanted]:
    """The words of a list beside this file."""
    for line in (LISTS / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            word, _colon, lessons = line.partition(":")
            yield Wanted(word, tuple(lessons.split()))


def missed(name: str) -> tuple[int, dict[str, list[str]]]:
    """How many words of the list have a lesson; of each way of typing, which do not find it."""
    number, without = 0, {way: list[str]() for way in WAYS}
    for each in wanted(name):
        if each.has_lesson:
            number += 1
            for way, typed in zip(WAYS, each.typed(), strict=True):
                if not each.is_met_by(find(typed).found):
                    without[way].append(each.word)
    return number, without
