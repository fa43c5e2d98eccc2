"""Packs that are asked for on the page 课程盘, and the worker that makes one after another.

A row is claimed by compare-and-set and held by a lease, as the stages of a film are.
"""

import logging
import shutil
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.models import Page

from lms.accounts.models import User
from lms.manuals.models import Organisation
from lms.packs.choices import MakingState, Quality, Scope
from lms.packs.making.choosing import chosen, folder_of
from lms.packs.making.services import Made, make_pack, packs_folder
from lms.packs.models import PackMaking
from lms.packs.models.making import LONGEST_MESSAGE
from lms.packs.refusals import PackError
from media.errors import DATABASE_AWAY

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
#: Of what was left out, so many are told.
TOLD = 4
PROGRESS_INTERVAL_SECONDS = 0.5
#: A pack that nobody asked for again for so long goes; it can be made anew at any time.
KEPT = timedelta(days=90)


class MakingLost(Exception):
    """Another worker has it now."""


def ask_for_pack(
    *,
    scope: Scope,
    page: Page | None,
    quality: Quality,
    makers: Sequence[Organisation],
    by: User,
) -> PackMaking:
    """Have it made in the background; the one that waits or is being made, where it is the same.
    Raises PackError where there is nothing to put into it."""
    chosen(scope=scope, page=page, quality=quality, makers=makers)
    folder = folder_of(scope=scope, page=page, quality=quality, makers=makers)
    try:
        with transaction.atomic():
            making = PackMaking.objects.create(
                scope=scope, page=page, quality=quality, folder=folder, asked_by=by
            )
            making.makers.set(makers)
    except IntegrityError:  # somebody asked for it a moment ago
        return PackMaking.objects.in_hand().get(folder=folder)
    return making


def make_waiting() -> int:
    """Make those that wait, one after another. Returns how many were taken in hand."""
    taken = 0
    return_abandoned()
    while (making := _claim()) is not None:
        taken += 1
        _run(making)
    return taken


def return_abandoned() -> None:
    """Those of a worker that has fallen silent wait anew; after MAX_ATTEMPTS they fail."""
    abandoned = PackMaking.objects.abandoned(timezone.now())
    abandoned.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=MakingState.FAILED,
        token=None,
        finished_at=timezone.now(),
        message=_("做的时候中断了%(count)d次。请再做一次；还不行，请告诉管理员。")
        % {"count": MAX_ATTEMPTS},
    )
    abandoned.update(state=MakingState.WAITING, token=None, progress=0)


def _lease() -> timedelta:
    return timedelta(seconds=settings.STAGE_LEASE_SECONDS)


def _claim() -> PackMaking | None:
    """The one that waits longest, for this worker; None while another is being made, or none
    waits."""
    if PackMaking.objects.filter(state=MakingState.RUNNING).exists():
        return None
    waiting = PackMaking.objects.filter(state=MakingState.WAITING).order_by("asked_at", "pk")
    for making in waiting:
        token = uuid.uuid4()
        won = PackMaking.objects.filter(pk=making.pk, state=MakingState.WAITING).update(
            state=MakingState.RUNNING,
            token=token,
            attempts=F("attempts") + 1,
            progress=0,
            lease_until=timezone.now() + _lease(),
        )
        if won:
            making.refresh_from_db()
            return making
    return None


def _run(making: PackMaking) -> None:
    try:
        with _heartbeat(making):
            choice = chosen(
                scope=Scope(making.scope),
                page=making.page,
                quality=Quality(making.quality),
                makers=making.makers.all(),
            )
            made = make_pack(
                packs_folder() / making.folder, choice, links=True, on_progress=_Report(making)
            )
        _finish(making, made)
    except PackError as reason:
        _fail(making, str(reason))
    except MakingLost:
        logger.warning("Pack %s went on elsewhere", making.pk)
    except Exception:
        logger.exception("Pack %s could not be made", making.pk)
        _fail(making, _("课程盘没有做成。请过一会儿再做一次；还不行，请告诉管理员。"))


def _held(making: PackMaking, **changes: object) -> None:
    """Write to the row. Raises MakingLost where another worker has it."""
    if not PackMaking.objects.filter(pk=making.pk, token=making.token).update(**changes):
        raise MakingLost(making)


def _finish(making: PackMaking, made: Made) -> None:
    left_out = "".join(made.left_out[:TOLD])
    if more := len(made.left_out[TOLD:]):
        left_out += _("还有%(count)d个。") % {"count": more}
    _held(
        making,
        state=MakingState.DONE,
        token=None,
        progress=100,
        finished_at=timezone.now(),
        edition=made.manifest.edition,
        size_bytes=made.manifest.size,
        files=len(made.manifest.files),
        files_written=made.written,
        message=Truncator(left_out).chars(LONGEST_MESSAGE),
    )


def _fail(making: PackMaking, reason: str) -> None:
    message = Truncator(reason).chars(LONGEST_MESSAGE)
    PackMaking.objects.filter(pk=making.pk, token=making.token).update(
        state=MakingState.FAILED, token=None, finished_at=timezone.now(), message=message
    )


class _Report:
    """Writes the progress, not more often than twice a second."""

    def __init__(self, making: PackMaking) -> None:
        self.making = making
        self.written_at = 0.0

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now - self.written_at < PROGRESS_INTERVAL_SECONDS:
            return
        self.written_at = now
        _held(
            self.making,
            progress=round(100 * min(max(fraction, 0.0), 1.0)),
            lease_until=timezone.now() + _lease(),
        )


@contextmanager
def _heartbeat(making: PackMaking) -> Iterator[None]:
    """Extend the lease from a thread while the body runs."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(settings.STAGE_LEASE_SECONDS / 3):
            try:
                _held(making, lease_until=timezone.now() + _lease())
            except MakingLost:
                break
            except DATABASE_AWAY:
                connection.close()
        connection.close()

    thread = threading.Thread(target=beat, name=f"pack-{making.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def forget_old_packs() -> int:
    """Delete the folders of packs that were not made for a long time. Returns how many went."""
    kept = set(
        PackMaking.objects.filter(asked_at__gte=timezone.now() - KEPT).values_list(
            "folder", flat=True
        )
    )
    old = [path for path in packs_folder().glob("*") if path.is_dir() and path.name not in kept]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)
