"""Verbs that count answers of the five faces."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.evaluation.choices import AnsweredOn, Face, FaceQuestion
from lms.evaluation.models import FaceTally, PaperAnswers
from lms.units.models import Unit


class AnswersRefused(Exception):
    """Counts that cannot be; the text says what to look at."""


@transaction.atomic
def count_answer(*, unit: Unit, question: FaceQuestion, face: Face) -> None:
    """One more, of this month."""
    month = timezone.localdate().replace(day=1)
    _add(unit, month, question, face, AnsweredOn.SCREEN, 1)


@transaction.atomic
def key_in_paper(
    *, unit: Unit, month: date, sheets: int, counts: Mapping[str, Sequence[int]], keyed_by: User
) -> PaperAnswers:
    """`month` is its first day; `counts` says by the question how many ticked each face, from 1 to
    5. Raises AnswersRefused for nothing at all, more ticks than sheets, and a month to come."""
    if month > timezone.localdate():
        raise AnswersRefused(_("这个月还没有到。"))
    if not sheets or not any(sum(ticks) for ticks in counts.values()):
        raise AnswersRefused(_("一张也没有写。请填有几张，每个脸有几个勾。"))
    for question, ticks in counts.items():
        if sum(ticks) > sheets:
            raise AnswersRefused(
                _("“%(question)s”的勾一共%(ticks)d个，比%(sheets)d张还多。请再数一数。")
                % {
                    "question": FaceQuestion(question).label,
                    "ticks": sum(ticks),
                    "sheets": sheets,
                }
            )
    pile = PaperAnswers.objects.create(
        unit=unit, month=month, sheets=sheets, counts=dict(counts), keyed_by=keyed_by
    )
    _add_pile(pile, 1)
    return pile


@transaction.atomic
def take_back_paper(pile: PaperAnswers, *, taken_back_by: User) -> None:
    """Out of the tallies again, as if it had not been keyed in; the row stays. Raises
    AnswersRefused when it was taken back before."""
    pile = PaperAnswers.objects.select_for_update().get(pk=pile.pk)
    if pile.taken_back_at is not None:
        raise AnswersRefused(_("这一叠已经撤回了。"))
    pile.taken_back_at, pile.taken_back_by = timezone.now(), taken_back_by
    pile.save(update_fields=["taken_back_at", "taken_back_by"])
    _add_pile(pile, -1)


def _add_pile(pile: PaperAnswers, sign: int) -> None:
    for question, ticks in pile.counts.items():
        for face, times in zip(Face, ticks, strict=True):
            if times:
                _add(pile.unit, pile.month, question, face, AnsweredOn.PAPER, sign * times)


def _add(
    unit: Unit, month: date, question: str, face: int, answered_on: AnsweredOn, times: int
) -> None:
    tally, _is_new = FaceTally.objects.get_or_create(
        unit=unit, month=month, question=question, face=face, answered_on=answered_on
    )
    FaceTally.objects.filter(pk=tally.pk).update(times=F("times") + times)
