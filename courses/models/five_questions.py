"""五个问题: asked of a classroom or a series before it is learnt, and the same again after.

They are the lessons' own. The answers so far are in the address, so that no script is needed.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from courses.choices import AnsweredWhen
from courses.models.lesson import LessonPage
from courses.progress.models import FIVE_QUESTIONS, FiveAnswers, LearnerRecord

#: In an address, in place of the number of an answer: 不知道.
NOT_KNOWN = "3"


class Taught(Protocol):
    """What is asked of a classroom or a series."""

    def lessons_in_order(self) -> Sequence[Any]: ...


@dataclass(frozen=True)
class AskedQuestion:
    """One of the five as it stands."""

    lesson: LessonPage
    #: A digit; blank before it was answered.
    said: str = ""

    @property
    def quiz(self) -> Any:
        return self.lesson.quizzes[0].value

    @property
    def is_known(self) -> bool:
        return bool(self.said == self.quiz["answer"])

    @property
    def right_words(self) -> str:
        return str(self.quiz["options"][int(self.quiz["answer"])])


@dataclass(frozen=True)
class FiveQuestions:
    lessons: Sequence[LessonPage]
    #: Answers so far, a digit each.
    said: str = ""

    @cached_property
    def asked(self) -> list[AskedQuestion]:
        said = self.said.ljust(len(self.lessons))
        return [AskedQuestion(*each) for each in zip(self.lessons, said, strict=True)]

    @property
    def is_done(self) -> bool:
        return len(self.said) == len(self.lessons)

    @property
    def number(self) -> int:
        """Of the question that is asked, from 1."""
        return len(self.said) + 1

    @property
    def now(self) -> AskedQuestion:
        return self.asked[len(self.said)]

    @property
    def known(self) -> int:
        return sum(each.is_known for each in self.asked)

    @property
    def ways(self) -> list[tuple[str, str]]:
        """Each answer's words, and the query of the page that it leads to."""
        options = enumerate(self.now.quiz["options"])
        return [(words, f"?said={self.said}{number}") for number, words in options]

    @property
    def not_known(self) -> str:
        return f"?said={self.said}{NOT_KNOWN}"

    @property
    def one_back(self) -> str:
        """Blank at the first question."""
        return f"?said={self.said[:-1]}" if self.said else ""


def said_in(words: str) -> str:
    """The answers in an address; none where there is anything else in it."""
    return words if re.fullmatch(rf"[0-3]{{0,{FIVE_QUESTIONS}}}", words) else ""


def lessons_asked(taught: Sequence[LessonPage], before: FiveAnswers | None) -> list[LessonPage]:
    """Of those taught, whose questions the five are: the same that were asked before, else five
    from the first to the last, equally far from each other. Empty where there are not five."""
    lessons = [each for each in taught if each.has_quiz]
    asked = [each for each in lessons if before and each.pk in before.lessons]
    if len(asked) == FIVE_QUESTIONS:
        return asked
    if len(lessons) < FIVE_QUESTIONS:
        return []
    last = FIVE_QUESTIONS - 1
    return [lessons[place * (len(lessons) - 1) // last] for place in range(FIVE_QUESTIONS)]


@dataclass(frozen=True)
class BeforeAndAfter:
    """How the five questions of one page were answered; None: they were not."""

    before: FiveAnswers | None = None
    after: FiveAnswers | None = None

    @property
    def more(self) -> int:
        """How many more are known than before."""
        if self.before is None or self.after is None:
            return 0
        return int(max(0, self.after.known - self.before.known))


def answers_of(record: LearnerRecord | None) -> dict[int, BeforeAndAfter]:
    """By the keys of the pages; one query, none without a record."""
    found: dict[int, dict[str, FiveAnswers]] = {}
    for each in record.five_answers.all() if record else ():
        found.setdefault(each.page_id, {})[each.when] = each
    return {page: BeforeAndAfter(**answers) for page, answers in found.items()}


@dataclass(frozen=True)
class Five:
    """The five questions of a page, for one learner."""

    lessons: Sequence[LessonPage]
    answers: BeforeAndAfter
    #: They may be answered now; None: there are none, or a lesson was begun and not all were done.
    open: AnsweredWhen | None

    @property
    def offered(self) -> AnsweredWhen | None:
        """What nobody has to be told of twice: None once it was answered."""
        return None if self.open is None or getattr(self.answers, self.open) else self.open


def five_of(page: Taught, *, answers: BeforeAndAfter | None, learnt: Collection[int]) -> Five:
    """learnt: keys of the lessons that the learner has done. Before any of the page's is done the
    questions are open; and again when all are whose questions they are."""
    answers = answers or BeforeAndAfter()
    taught = page.lessons_in_order()
    lessons = lessons_asked(taught, answers.before)
    asked = {each.pk for each in lessons}
    opened = None
    if asked and asked <= set(learnt):
        opened = AnsweredWhen.AFTER
    elif asked and not {each.pk for each in taught} & set(learnt):
        opened = AnsweredWhen.BEFORE
    return Five(lessons, answers, opened)
