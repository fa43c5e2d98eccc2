"""督办: a measure is pressed, and answered by whoever is to do it."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.ledger.choices import Act
from lms.ledger.models import WORDS_MOST, Measure, Pressing
from lms.ledger.services.refusals import LedgerRefused
from lms.ledger.services.rows import given, locked, note

LONGEST_TERM = timedelta(days=90)


@transaction.atomic
def press_measure(measure: Measure, *, words: str, answer_by: date, by: User) -> Pressing:
    """Raises LedgerRefused where it is pressed already, done, or the day is none to answer by."""
    row = locked(measure)
    words = given(words, _("请写明督办什么，例如：十二月十日前报进度。"), most=WORDS_MOST)
    today = timezone.localdate()
    if row.is_closed:
        raise LedgerRefused(_("这一条已经办结了，不用督办。"))
    if row.pressings.open().exists():
        raise LedgerRefused(_("这一条正在督办，还没有答复。"))
    if not today <= answer_by <= today + LONGEST_TERM:
        raise LedgerRefused(
            _("答复的日子要在今天到%(last)s之间。") % {"last": (today + LONGEST_TERM).isoformat()}
        )
    pressing = Pressing.objects.create(
        measure=row, words=words, answer_by=answer_by, pressed_by=by, pressed_on=today
    )
    note(row, Act.PRESSED, f"{words} ({answer_by.isoformat()})", by=by)
    return pressing


@transaction.atomic
def answer_pressing(measure: Measure, *, answer: str, by: User) -> None:
    """Raises LedgerRefused where nothing is asked, or the one who asks would answer."""
    row = locked(measure)
    pressing = row.pressings.open().first()
    if pressing is None:
        raise LedgerRefused(_("这一条没有等着答复的督办，也许刚才有人答复了。"))
    if pressing.pressed_by_id == by.pk:
        raise LedgerRefused(_("是您督办的，要由办的人来答复。"))
    pressing.answer = given(answer, _("请写答复：办到哪一步了，什么时候办完。"), most=WORDS_MOST)
    pressing.answered_by, pressing.answered_at = by, timezone.now()
    pressing.save(update_fields=["answer", "answered_by", "answered_at"])
    note(row, Act.ANSWERED, pressing.answer, by=by)
