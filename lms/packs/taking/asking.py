"""Packs on sticks that somebody asked on the page to have taken in, and the worker that does it."""

from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.packs.leases import MAX_ATTEMPTS, Report, do_waiting, finish
from lms.packs.manifest import digest
from lms.packs.models import PackTaking
from lms.packs.models.taking import LONGEST_PATH
from lms.packs.refusals import PackError
from lms.packs.taking.services import (
    Looked,
    edition_before,
    go_back,
    in_words,
    look_at,
    refuse_older,
    take_pack,
)

#: How much of the work is copying; the rest is taking the lessons over.
COPIED = 0.8


def ask_to_take(folder: Path, looked: Looked, *, as_drafts: bool, by: User) -> PackTaking:
    """Have the pack that somebody looked at taken in, in the background; what is asked for already
    is asked for once. Raises PackError where it would be refused."""
    refuse_older(looked)
    if len(str(folder)) > LONGEST_PATH:
        raise PackError(_("这个文件夹的名字太长了。请把课程盘放到盘的最外面。"))
    return _asked(
        folder=str(folder),
        digest=digest(looked.content),
        name=looked.manifest.name,
        as_drafts=as_drafts,
        asked_by=by,
    )


def ask_to_go_back(*, by: User) -> PackTaking:
    """Raises PackError where no edition before is kept here."""
    before = edition_before()
    if before is None:
        raise PackError(_("这里没有留着更早的一版，回不去。"))
    return _asked(digest=before.digest, name=before.name, asked_by=by)


def _asked(*, digest: str, **told: Any) -> PackTaking:
    try:
        with transaction.atomic():
            return PackTaking.objects.create(digest=digest, **told)
    except IntegrityError:  # somebody asked for it a moment ago
        return PackTaking.objects.in_hand().get(digest=digest)


def take_waiting() -> int:
    """Take in those that wait, one after another. Returns how many were taken in hand."""
    return do_waiting(
        PackTaking,
        _take,
        broken=_("收的时候中断了%(count)d次。请把U盘插好，再收一次，会接着收。")
        % {"count": MAX_ATTEMPTS},
        failed=_("课程盘没有收成，这里的课还是原来的。请再收一次；还不行，请告诉管理员。"),
    )


def _take(job: PackTaking) -> None:
    if job.goes_back:
        before = edition_before()
        if before is None or before.digest != job.digest:
            raise PackError(_("这里没有留着更早的一版，回不去。"))
        taken = go_back(by=job.asked_by)
    else:
        folder = Path(job.folder)
        size = look_at(folder, as_drafts=job.as_drafts).manifest.size or 1
        report, copied = Report(job), 0

        def on_bytes(more: int) -> None:
            nonlocal copied
            copied += more
            report(COPIED * copied / size)

        taken = take_pack(
            folder, by=job.asked_by, as_drafts=job.as_drafts, shown=job.digest, on_bytes=on_bytes
        )
    finish(job, message=in_words(taken))
