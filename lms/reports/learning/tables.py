"""The figures of lessons as tables, and presses in words. No number under five is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.choices import Tallied
from courses.models import LessonPage, PracticePage
from courses.progress.models import FILM_PARTS, PARTS_OF_A_WATCHED_FILM
from courses.progress.summary import clock
from lms.reports.learning.figures import (
    LEAST_TOLD,
    LessonFigures,
    chosen_in,
    share,
    told_count,
)
from lms.reports.table import Row, Table
from lms.tables import Column, Shape, Value

COLUMNS = (
    Column("lesson", gettext_lazy("课"), Shape.WORDS),
    Column("classroom", gettext_lazy("课堂"), Shape.WORDS),
    Column("opened", gettext_lazy("打开（次）")),
    Column("finished", gettext_lazy("学完（人）")),
    Column("left", gettext_lazy("视频看到哪里走开最多"), Shape.WORDS),
    Column("right", gettext_lazy("答对"), Shape.SHARE),
    Column("practised", gettext_lazy("练完（人）")),
    Column("unclear", gettext_lazy("没看懂（次）")),
    Column("remark", gettext_lazy("说明"), Shape.REMARK),
)
FILM_COLUMNS = (
    Column("until", gettext_lazy("看到"), Shape.WORDS),
    Column("still", gettext_lazy("还在看"), Shape.SHARE),
    Column("left", gettext_lazy("看到这里走开（人）")),
)
ANSWER_COLUMNS = (
    Column("answer", gettext_lazy("回答"), Shape.WORDS),
    Column("times", gettext_lazy("选了几次")),
    Column("is_right", gettext_lazy("对不对"), Shape.SHORT),
)
STEP_COLUMNS = (
    Column("step", gettext_lazy("步骤"), Shape.WORDS),
    Column("times", gettext_lazy("没看懂（次）")),
)


def told(number: int) -> Value:
    """0 is told: it is nobody's."""
    return number if number == 0 or number >= LEAST_TOLD else _("不到%d") % LEAST_TOLD


def told_total(number: int) -> Value:
    """Of parts that are told one by one: to the nearest five, so that none can be reckoned out."""
    return told(number) if number < LEAST_TOLD else round(number / 5) * 5


def remarks() -> list[str]:
    return [
        _(
            "最该改的排在前面：答错的多、视频没看完的多、没看懂的多、练习要人帮的多，还有很久没人打开的。"
        ),
        _("不到%d的数字不写，百分数和没看懂的总数只写到5，免得看出是谁。没有人名，也不分村居。")
        % LEAST_TOLD,
        _("看视频的情况从一开始算起，别的按上面选的月份算。"),
    ]


def lessons_table(found: Sequence[LessonFigures], query: str) -> Table:
    return Table(
        columns=COLUMNS,
        rows=[lesson_row(each, query) for each in found],
        remarks=remarks(),
    )


def lesson_row(figures: LessonFigures, query: str) -> Row:
    left = figures.most_left_at
    return Row(
        [
            figures.lesson.title,
            figures.classroom,
            told(figures.times[Tallied.OPENED]),
            told(figures.finished),
            left
            and _("%(share)d%%处，%(count)d人")
            % {"share": left[0] * 100 // FILM_PARTS, "count": left[1]},
            figures.share_right,
            told(figures.practised),
            told_total(figures.times[Tallied.UNCLEAR]),
            figures.idle_days and _("%d天没人打开") % figures.idle_days,
        ],
        href=f"{reverse('reports:learning_lesson', args=[figures.lesson.pk])}?{query}",
    )


# --- One lesson -------------------------------------------------------------------------------


def lesson_table(figures: LessonFigures) -> Table:
    """Its one row of the table of all."""
    [row] = lessons_table([figures], "").rows
    return Table(columns=COLUMNS, rows=[Row(row.values)], remarks=remarks()[1:])


def left_in_words(figures: LessonFigures, film: Table) -> str:
    """Where most stopped, by the film's own clock; blank where no five did at one place."""
    if figures.most_left_at is None or not film.rows:
        return ""
    part, left = figures.most_left_at
    said = {"until": film.rows[part - 1].values[0], "count": left}
    return _("走开最多的地方：看到%(until)s，%(count)d人。") % said


def film_table(figures: LessonFigures) -> Table:
    """No row where fewer than five watched. How many are still there is a share to the nearest
    twentieth: two exact numbers beside each other would tell of one person who left between."""
    film = figures.lesson.film_to_watch
    length = film.duration_ms if film else None
    rows = []
    for part in range(1, FILM_PARTS + 1) if figures.watchers >= LEAST_TOLD else ():
        done = part / FILM_PARTS
        left = told(figures.ended_at[part]) if part < PARTS_OF_A_WATCHED_FILM else None
        label = clock(length * done) if length else f"{done:.0%}"
        rows.append(Row([label, share(figures.still_at(part), figures.watchers), left]))
    return Table(columns=FILM_COLUMNS, rows=rows)


@dataclass(frozen=True)
class Answers:
    question: str
    table: Table
    #: Of its table on the page.
    name: str


def answers_of(lesson: LessonPage, *, since: date) -> list[Answers]:
    """Of each question as it is asked today."""
    chosen = chosen_in(lesson.pk, (Tallied.RIGHT, Tallied.WRONG), since=since)
    found = []
    for number, block in enumerate(lesson.quizzes, 1):
        question = block.value["question"]
        rows = [
            Row([words, told(chosen[question, words]), _("对") if right else ""])
            for words, right in (
                (option, str(place) == block.value["answer"])
                for place, option in enumerate(block.value["options"])
            )
        ]
        found.append(
            Answers(question, Table(columns=ANSWER_COLUMNS, rows=rows), f"answers-{number}")
        )
    return found


def steps_table(lesson: LessonPage, *, since: date) -> Table:
    """The whole lesson, then each step as it reads today."""
    unclear = chosen_in(lesson.pk, (Tallied.UNCLEAR,), since=since)
    steps = [block.value["words"] for block in lesson.steps]
    rows = [Row([_("整课"), told(unclear["", ""])])]
    rows += [
        Row([f"{number}. {words}", told(unclear[words, ""])])
        for number, words in enumerate(steps, 1)
    ]
    return Table(columns=STEP_COLUMNS, rows=rows)


def presses_in_words(lesson: LessonPage, *, since: date) -> list[str]:
    """A sentence for each screen of its practice on which anything went wrong."""
    page = PracticePage.objects.child_of(lesson).live().first()
    if page is None:
        return []
    missed = chosen_in(lesson.pk, (Tallied.MISSED,), since=since)
    helped = chosen_in(lesson.pk, (Tallied.HELPED,), since=since)
    found = []
    for number, screen in enumerate(page.practice.screens, 1):
        here = [
            (words, times) for (place, words), times in missed.most_common() if place == screen.id
        ]
        said = [pressed_in_words(words, times) for words, times in here if told_count(times)]
        if any(times < LEAST_TOLD for _words, times in here):
            said.append(_("还有按错别处的，每处不到%d次") % LEAST_TOLD)
        if told_count(helped[screen.id, ""]):
            said.append(_("%d次请人帮忙按") % helped[screen.id, ""])
        if said:
            place = {"number": number, "title": screen.title, "said": "，".join(said)}
            found.append(_("第%(number)d屏“%(title)s”：%(said)s。") % place)
    return found


def pressed_in_words(words: str, times: int) -> str:
    if not words:
        return _("%d次按在空处") % times
    return _("%(times)d次按了“%(words)s”") % {"times": times, "words": words}
