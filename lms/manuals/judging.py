"""Whether an elder will understand a manual: what stops it at submission, and what is advised.

It knows neither models nor requests; `simplicity` asks it. What a finding says, says what to change
and to what words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import gettext as _

from lms.manuals.patterns import (
    LATIN_IN_CHINESE,
    SELLING,
    actions_in,
    is_file_name,
    late_care_in,
    names_a_task,
    risk_in,
)
from lms.manuals.plain_words import FoundWord, PlainWords, house_words, latin_in

#: Characters of a step, blanks not counted. Plain steps have 8 to 12, makers' sentences 39.
MOST_CHARACTERS = 40
GOOD_CHARACTERS = 25
MOST_STEPS = 9
GOOD_STEPS = 7


class Rule(StrEnum):
    """What a finding is about. Those of ADVICE never stop anything."""

    LONG = "long"
    JARGON = "jargon"
    LATIN = "latin"
    SELLING = "selling"
    BLANK = "blank"
    PICTURE = "picture"
    ALT = "alt"
    MANY_STEPS = "many-steps"
    SEE = "see"
    TELEPHONE = "telephone"
    CHECKED = "checked"
    SUBTITLES = "subtitles"
    WARNING = "warning"
    LONGISH = "longish"
    QUOTED_JARGON = "quoted-jargon"
    TWO_ACTIONS = "two-actions"
    OFFICIALESE = "officialese"
    MANYISH_STEPS = "manyish-steps"
    PART_NOT_TASK = "part-not-task"
    LATE_WARNING = "late-warning"


ADVICE = frozenset(
    {
        Rule.LONGISH,
        Rule.QUOTED_JARGON,
        Rule.TWO_ACTIONS,
        Rule.OFFICIALESE,
        Rule.MANYISH_STEPS,
        Rule.PART_NOT_TASK,
        Rule.LATE_WARNING,
    }
)


@dataclass(frozen=True)
class StepText:
    words: str
    has_picture: bool
    #: What the picture shows, for who cannot see it.
    alt: str = ""
    warning: str = ""
    #: What one should see when it went well.
    expected: str = ""
    #: By which its findings are told apart from others'; so for every part.
    key: str = ""


@dataclass(frozen=True)
class TaskText:
    title: str
    steps: tuple[StepText, ...]
    key: str = ""


@dataclass(frozen=True)
class TroubleText:
    problem: str
    remedy: str
    key: str = ""


@dataclass(frozen=True)
class WarningText:
    """Of the manual as a whole, shown before everything else."""

    words: str
    key: str = ""


@dataclass(frozen=True)
class ManualText:
    title: str
    service_telephone: str
    #: Whether it says when it was checked on the thing itself, and when it is to be checked again.
    is_dated: bool
    #: A medical, heating or electrical product: a mistake hurts.
    risky: bool
    tasks: tuple[TaskText, ...]
    warnings: tuple[WarningText, ...] = ()
    troubles: tuple[TroubleText, ...] = ()
    #: Brand and model, which may be in Latin letters.
    names: tuple[str, ...] = ()
    #: None: there is no video.
    subtitles_reviewed: bool | None = None


@dataclass(frozen=True)
class Place:
    """Where a finding belongs."""

    #: As the part's own field is called; tasks, steps or picture for what is missing.
    field: str
    #: Of the part; empty: of the manual itself.
    key: str = ""
    #: From 1; None: it is not about one.
    task: int | None = None
    step: int | None = None


@dataclass(frozen=True)
class Finding:
    rule: Rule
    place: Place
    #: What to change, in plain Chinese.
    message: str
    #: The words that are meant, as they stand in the text; empty: none in particular.
    found: str = ""
    #: What to write in their place; empty: nothing that a machine could say.
    instead: str = ""

    @property
    def stops(self) -> bool:
        """Whether it must be mended before the manual can be handed in."""
        return self.rule not in ADVICE


def judge(manual: ManualText, *, words: PlainWords | None = None) -> list[Finding]:
    """Everything, in the order in which the manual is read. words None: the house's own lists."""
    return list(Judge(words or house_words(), manual.names).manual(manual))


@dataclass(frozen=True)
class Judge:
    words: PlainWords
    names: tuple[str, ...] = ()

    def manual(self, manual: ManualText) -> Iterator[Finding]:
        yield from missing_of(manual)
        yield from self.text(manual.title, Place("title"))
        for warning in manual.warnings:
            yield from self.written(warning.words, Place("words", warning.key))
        for number, task in enumerate(manual.tasks, 1):
            yield from self.task(task, number, risky=manual.risky)
        for trouble in manual.troubles:
            yield from self.written(trouble.problem, Place("problem", trouble.key))
            yield from self.written(trouble.remedy, Place("remedy", trouble.key))

    def task(self, task: TaskText, number: int, *, risky: bool) -> Iterator[Finding]:
        yield from self.title(task, Place("title", task.key, number))
        yield from number_of_steps(task, Place("steps", task.key, number))
        late = late_warning(task) if risky else None
        known: frozenset[str] = frozenset()
        for position, step in enumerate(task.steps, 1):
            place = Place("words", step.key, number, position)
            yield from self.step(step, place, known=known)
            if late == step:
                yield unwarned(step, replace(place, field="warning"))
            known |= self.words.explained_in(step.words)
        if task.steps and not task.steps[-1].expected.strip():
            yield Finding(
                Rule.SEE,
                Place("expected", task.steps[-1].key, number, len(task.steps)),
                _("做完了会看到什么、听到什么？请在最后一步写上，好让老人知道做对了。"),
            )

    def title(self, task: TaskText, place: Place) -> Iterator[Finding]:
        title = task.title.strip()
        if not title:
            yield Finding(Rule.BLANK, place, _("这件事还没有名字，例如“怎么量血压”。"))
            return
        yield from self.text(title, place)
        if not names_a_task(title):
            yield Finding(
                Rule.PART_NOT_TASK,
                place,
                _("“%(title)s”像是一样东西的名字。请写要做的事，例如“怎么用%(title)s”。")
                % {"title": title},
                title,
                _("怎么用%(title)s") % {"title": title},
            )

    def step(self, step: StepText, place: Place, *, known: frozenset[str]) -> Iterator[Finding]:
        """`place` is that of its words; known: what was explained in the steps before."""
        if step.words.strip():
            yield from length(step.words, place)
            yield from self.text(step.words, place, known=known)
            yield from habits(step.words, place)
        else:
            yield Finding(Rule.BLANK, place, _("这一步还没有写字。"))
        yield from picture(step, place)
        yield from self.text(step.warning, replace(place, field="warning"), known=known)
        yield from self.text(step.expected, replace(place, field="expected"), known=known)

    def written(self, text: str, place: Place) -> Iterator[Finding]:
        if text.strip():
            yield from self.text(text, place)
        else:
            yield Finding(Rule.BLANK, place, _("这里还空着。请写上，或者删掉。"))

    def text(
        self, text: str, place: Place, *, known: frozenset[str] = frozenset()
    ) -> Iterator[Finding]:
        """What is asked of every sentence, wherever it stands."""
        for word in first_of_each(self.words.unexplained_in(text, known=known)):
            yield unexplained(word, place)
        for latin in dict.fromkeys(latin_in(text, names=self.names)):
            yield in_latin(latin, place)
        if selling := SELLING.search(text):
            message = _("“%(word)s”像是在卖东西。这里只教怎么用，不写价钱、网店和购买的办法。")
            yield Finding(Rule.SELLING, place, message % {"word": selling[0]}, selling[0])
        for word in first_of_each(self.words.officialese_in(text)):
            if word.instead:
                message = _("“%(word)s”是公文话，改成“%(plain)s”更顺口。")
            else:
                message = _("“%(word)s”可以去掉，意思不变。")
            said = {"word": word.words, "plain": word.instead}
            yield Finding(Rule.OFFICIALESE, place, message % said, word.words, word.instead)


def missing_of(manual: ManualText) -> Iterator[Finding]:
    if not manual.title.strip():
        yield Finding(Rule.BLANK, Place("title"), _("说明书还没有名称，例如“康乐血压计怎么用”。"))
    if not manual.service_telephone.strip():
        yield Finding(
            Rule.TELEPHONE,
            Place("service_telephone"),
            _("还没有客服电话。老人看不懂时，要有人可问。"),
        )
    if not manual.is_dated:
        yield Finding(
            Rule.CHECKED,
            Place("checked_on"),
            _("请写哪天照着机器核对过，哪天再核对。过了那天，老人会看到“可能过时”。"),
        )
    if manual.subtitles_reviewed is False:
        message = _("视频的字幕还没有人核对。请等字幕做好、有人核对过，或者先拿掉视频。")
        yield Finding(Rule.SUBTITLES, Place("video"), message)
    if manual.risky and not any(warning.words.strip() for warning in manual.warnings):
        message = _("会发热、带电或者看病用的东西，开头要先写提醒：哪样不能做，做了会怎样。")
        yield Finding(Rule.WARNING, Place("warnings"), message)
    if not manual.tasks:
        message = _("还没有写怎么用。请先加一件事，例如“怎么量血压”。")
        yield Finding(Rule.BLANK, Place("tasks"), message)


def number_of_steps(task: TaskText, place: Place) -> Iterator[Finding]:
    count = len(task.steps)
    if count == 0:
        yield Finding(Rule.BLANK, place, _("这件事还没有写步骤。"))
    elif count > MOST_STEPS:
        message = _("一共%(count)d步，太多了，最多%(most)d步。请分成两件事来写。")
        yield Finding(Rule.MANY_STEPS, place, message % {"count": count, "most": MOST_STEPS})
    elif count > GOOD_STEPS:
        message = _("一共%(count)d步，有点多。能不能分成两件事？")
        yield Finding(Rule.MANYISH_STEPS, place, message % {"count": count})


def length(words: str, place: Place) -> Iterator[Finding]:
    count = characters_of(words)
    if count > MOST_CHARACTERS:
        message = _("这一步有%(count)d个字，太长了，最多%(most)d个。请分成几步，一步只做一件事。")
        yield Finding(Rule.LONG, place, message % {"count": count, "most": MOST_CHARACTERS})
    elif count > GOOD_CHARACTERS:
        message = _("这一步有%(count)d个字。%(good)d个字以内，老人一眼能看完。")
        yield Finding(Rule.LONGISH, place, message % {"count": count, "good": GOOD_CHARACTERS})


def habits(words: str, place: Place) -> Iterator[Finding]:
    actions = actions_in(words)
    if len(actions) > 1:
        one, other = actions[:2]
        message = _("这一步好像要做两件事：“%(one)s”，“%(other)s”。分成两步更好懂。")
        yield Finding(Rule.TWO_ACTIONS, place, message % {"one": one, "other": other}, other)
    if care := late_care_in(words):
        message = _("“%(care)s”是提醒。请移到“小心什么”那一格，它会排在动作前面。")
        yield Finding(Rule.LATE_WARNING, place, message % {"care": care}, care)


def picture(step: StepText, place: Place) -> Iterator[Finding]:
    alt = step.alt.strip()
    if not step.has_picture:
        message = _("这一步还没有图。老人先看图，再看字。")
        yield Finding(Rule.PICTURE, replace(place, field="picture"), message)
    elif not alt:
        message = _("请写图上是什么，读给看不清屏幕的老人听。例如“绑好布带的左胳膊”。")
        yield Finding(Rule.ALT, replace(place, field="alt"), message)
    elif is_file_name(alt):
        message = _("“%(alt)s”是文件的名字。请写图上是什么，例如“绑好布带的左胳膊”。")
        yield Finding(Rule.ALT, replace(place, field="alt"), message % {"alt": alt}, alt)


def late_warning(task: TaskText) -> StepText | None:
    """The first risky step, when no warning stands at or before it; else None."""
    for step in task.steps:
        if step.warning.strip():
            return None
        if risk_in(step.words):
            return step
    return None


def unwarned(step: StepText, place: Place) -> Finding:
    risk = risk_in(step.words)
    message = _("“%(risk)s”有危险。请在这一步写“小心什么”，或者写在它前面的一步。")
    return Finding(Rule.WARNING, place, message % {"risk": risk}, risk)


def unexplained(word: FoundWord, place: Place) -> Finding:
    if word.quoted:
        rule = Rule.QUOTED_JARGON
        message = _("“%(word)s”写在屏幕上的，可以留着；后面加上（%(plain)s）更好懂。")
    else:
        rule = Rule.JARGON
        message = _("“%(word)s”老人不一定懂。请写“%(plain)s”，或者“%(word)s（%(plain)s）”。")
    said = {"word": word.words, "plain": word.instead}
    return Finding(rule, place, message % said, word.words, word.instead)


def in_latin(latin: str, place: Place) -> Finding:
    plain = LATIN_IN_CHINESE.get(latin.lower(), "")
    if plain:
        message = _("“%(word)s”请写成“%(plain)s”。键上、屏幕上真有这几个字母的，加上引号。")
    else:
        message = _("“%(word)s”是外文，请改成中文。键上、屏幕上真有这几个字母的，加上引号。")
    return Finding(Rule.LATIN, place, message % {"word": latin, "plain": plain}, latin, plain)


def characters_of(words: str) -> int:
    return len("".join(words.split()))


def first_of_each(words: Iterable[FoundWord]) -> list[FoundWord]:
    """A word that stands there three times is said once."""
    return list({word.words: word for word in reversed(list(words))}.values())[::-1]
