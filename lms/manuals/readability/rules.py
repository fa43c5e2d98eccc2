"""The rules of plain language for a manual: what stops it at submission, and what is advised.

It works on plain data (`ManualText`), which `queries` makes from a version. Every finding says what
to change, and where possible into which words. The rules for any sentence
are those of `courses.readability`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from courses.readability.findings import Finding, FindingPlace, Rule
from courses.readability.patterns import is_file_name, names_a_task, risk_in
from courses.readability.sentences import SentenceChecker
from courses.readability.word_lists import WordLists, built_in_word_lists

MOST_STEPS = 9
GOOD_STEPS = 7


@dataclass(frozen=True)
class StepText:
    words: str
    has_picture: bool
    #: What the picture shows, for readers who cannot see it.
    alt: str = ""
    warning: str = ""
    #: What the reader should see afterwards.
    expected: str = ""
    #: The part's key, by which its findings are found again.
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
    """A warning about the whole product."""

    words: str
    key: str = ""


@dataclass(frozen=True)
class ManualText:
    title: str
    service_telephone: str
    #: Whether it says when it was checked on the product, and when that is due again.
    is_dated: bool
    #: A medical, heating or electrical product, with which a mistake can hurt.
    risky: bool
    tasks: tuple[TaskText, ...]
    warnings: tuple[WarningText, ...] = ()
    troubles: tuple[TroubleText, ...] = ()
    #: Brand and model, which may be in Latin letters.
    names: tuple[str, ...] = ()
    #: None: there is no video.
    subtitles_reviewed: bool | None = None


def check_text(manual: ManualText, *, words: WordLists | None = None) -> list[Finding]:
    """All findings in the order of reading. words None: the built-in lists."""
    sentences = SentenceChecker(words or built_in_word_lists(), manual.names)
    return list(ManualChecker(sentences).manual(manual))


@dataclass(frozen=True)
class ManualChecker:
    sentences: SentenceChecker

    def manual(self, manual: ManualText) -> Iterator[Finding]:
        yield from check_completeness(manual)
        yield from self.sentences.field(manual.title, FindingPlace("title"))
        for warning in manual.warnings:
            yield from self.written(warning.words, FindingPlace("words", warning.key), asks=False)
        for number, task in enumerate(manual.tasks, 1):
            yield from self.task(task, number, risky=manual.risky)
        for trouble in manual.troubles:
            yield from self.written(trouble.problem, FindingPlace("problem", trouble.key))
            yield from self.written(trouble.remedy, FindingPlace("remedy", trouble.key))

    def task(self, task: TaskText, number: int, *, risky: bool) -> Iterator[Finding]:
        yield from self.title(task, FindingPlace("title", task.key, number))
        yield from check_number_of_steps(task, FindingPlace("steps", task.key, number))
        late = unwarned_step(task) if risky else None
        known: frozenset[str] = frozenset()
        for position, step in enumerate(task.steps, 1):
            place = FindingPlace("words", step.key, number, position)
            yield from self.step(step, place, known=known)
            if late == step:
                yield unwarned_finding(step, replace(place, field="warning"))
            known |= self.sentences.words.explained_in(step.words)
        if task.steps and not task.steps[-1].expected.strip():
            yield Finding(
                Rule.SEE,
                FindingPlace("expected", task.steps[-1].key, number, len(task.steps)),
                _("做完了会看到什么、听到什么？请在最后一步写上，好让老人知道做对了。"),
            )

    def title(self, task: TaskText, place: FindingPlace) -> Iterator[Finding]:
        title = task.title.strip()
        if not title:
            yield Finding(Rule.BLANK, place, _("这件事还没有名字，例如“怎么量血压”。"))
            return
        yield from self.sentences.field(title, place)
        if not names_a_task(title):
            instead = _("怎么用%(title)s") % {"title": title}
            yield Finding(
                Rule.PART_NOT_TASK,
                place,
                _("“%(title)s”像是一样东西的名字。请写要做的事，例如“怎么用%(title)s”。")
                % {"title": title},
                title,
                instead,
                written=title,
                fix=instead,
            )

    def step(
        self, step: StepText, place: FindingPlace, *, known: frozenset[str]
    ) -> Iterator[Finding]:
        """place: of its words. known: jargon that an earlier step of the task explained."""
        if step.words.strip():
            yield from self.sentences.field(step.words, place, known=known)
        else:
            yield Finding(Rule.BLANK, place, _("这一步还没有写字。"))
        yield from check_picture(step, place)
        for field, text in (
            ("alt", step.alt),
            ("warning", step.warning),
            ("expected", step.expected),
        ):
            if not (field == "alt" and is_file_name(text)):
                yield from self.sentences.field(text, replace(place, field=field), known=known)

    def written(self, text: str, place: FindingPlace, *, asks: bool = True) -> Iterator[Finding]:
        if text.strip():
            yield from self.sentences.field(text, place, asks=asks)
        else:
            yield Finding(Rule.BLANK, place, _("这里还空着。请写上，或者删掉。"))


def check_completeness(manual: ManualText) -> Iterator[Finding]:
    if not manual.title.strip():
        yield Finding(
            Rule.BLANK, FindingPlace("title"), _("说明书还没有名称，例如“康乐血压计怎么用”。")
        )
    if not manual.service_telephone.strip():
        yield Finding(
            Rule.TELEPHONE,
            FindingPlace("service_telephone"),
            _("还没有客服电话。老人看不懂时，要有人可问。"),
        )
    if not manual.is_dated:
        yield Finding(
            Rule.CHECKED,
            FindingPlace("checked_on"),
            _("请写哪天照着机器核对过，哪天再核对。过了那天，老人会看到“可能过时”。"),
        )
    if manual.subtitles_reviewed is False:
        message = _("视频的字幕还没有人核对。请等字幕做好、有人核对过，或者先拿掉视频。")
        yield Finding(Rule.SUBTITLES, FindingPlace("video"), message)
    if manual.risky and not any(warning.words.strip() for warning in manual.warnings):
        message = _("会发热、带电或者看病用的东西，开头要先写提醒：哪样不能做，做了会怎样。")
        yield Finding(Rule.WARNING, FindingPlace("warnings"), message)
    if not manual.tasks:
        message = _("还没有写怎么用。请先加一件事，例如“怎么量血压”。")
        yield Finding(Rule.BLANK, FindingPlace("tasks"), message)


def check_number_of_steps(task: TaskText, place: FindingPlace) -> Iterator[Finding]:
    count = len(task.steps)
    if count == 0:
        yield Finding(Rule.BLANK, place, _("这件事还没有写步骤。"))
    elif count > MOST_STEPS:
        message = _("一共%(count)d步，太多了，最多%(most)d步。请分成两件事来写。")
        yield Finding(Rule.MANY_STEPS, place, message % {"count": count, "most": MOST_STEPS})
    elif count > GOOD_STEPS:
        message = _("一共%(count)d步，有点多。能不能分成两件事？")
        yield Finding(Rule.MANYISH_STEPS, place, message % {"count": count})


def check_picture(step: StepText, place: FindingPlace) -> Iterator[Finding]:
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


def unwarned_step(task: TaskText) -> StepText | None:
    """The first risky step, when neither it nor an earlier one has a warning; else None."""
    for step in task.steps:
        if step.warning.strip():
            return None
        if risk_in(step.words):
            return step
    return None


def unwarned_finding(step: StepText, place: FindingPlace) -> Finding:
    risk = risk_in(step.words)
    message = _("“%(risk)s”有危险。请在这一步写“小心什么”，或者写在它前面的一步。")
    return Finding(Rule.WARNING, place, message % {"risk": risk}, risk)
