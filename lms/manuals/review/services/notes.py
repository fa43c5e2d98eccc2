"""Verbs by which a reviewer says something at one part of the version that he reviews."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.manuals.models import Manual, ManualVersion, ReviewNote, parts_in_order
from lms.manuals.review.permissions import why_not_review
from lms.manuals.review.services.reviews import ReviewRefused, submitted

MOST_NOTE_CHARACTERS = 300


@transaction.atomic
def write_note(version: ManualVersion, *, key: UUID, words: str, by: User) -> ReviewNote:
    """Raises ReviewRefused when it is not in review, for somebody who may not review it, for a
    part that it has not, and without words."""
    version = submitted(Manual.objects.locked(version.manual), version)
    if reason := why_not_review(by, version):
        raise ReviewRefused(reason)
    if key not in {part.key for part in parts_in_order(version)}:
        raise ReviewRefused(_("这一版里没有这一步。请刷新页面看看。"))
    words = " ".join(words.split())
    if not words:
        raise ReviewRefused(_("请先写意见，再按“记下”。"))
    if len(words) > MOST_NOTE_CHARACTERS:
        raise ReviewRefused(_("一处意见最多%(most)d个字。") % {"most": MOST_NOTE_CHARACTERS})
    return ReviewNote.objects.create(version=version, key=key, words=words, written_by=by)


@transaction.atomic
def remove_note(note: ReviewNote, *, by: User) -> None:
    """Only whoever wrote it, and as long as the version is in review. Raises ReviewRefused."""
    submitted(Manual.objects.locked(note.version.manual), note.version)
    if note.written_by_id != by.pk:
        raise ReviewRefused(_("别人写的意见，请写的人自己去掉。"))
    note.delete()
