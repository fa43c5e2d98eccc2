"""Packs that are asked for on the page 课程盘, and the worker that makes one after another."""

import shutil
from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from lms.accounts.models import User
from lms.manuals.models import Organisation
from lms.packs.choices import Quality, Scope
from lms.packs.leases import MAX_ATTEMPTS, Report, do_waiting, finish
from lms.packs.making.choosing import chosen, folder_of
from lms.packs.making.services import Made, make_pack, packs_folder
from lms.packs.models import PackMaking

#: Of what was left out, so many are told.
TOLD = 4
#: A pack that nobody asked for again for so long goes; it can be made anew at any time.
KEPT = timedelta(days=90)


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
    return do_waiting(
        PackMaking,
        _make,
        broken=_("做的时候中断了%(count)d次。请再做一次；还不行，请告诉管理员。")
        % {"count": MAX_ATTEMPTS},
        failed=_("课程盘没有做成。请过一会儿再做一次；还不行，请告诉管理员。"),
    )


def _make(making: PackMaking) -> None:
    choice = chosen(
        scope=Scope(making.scope),
        page=making.page,
        quality=Quality(making.quality),
        makers=making.makers.all(),
    )
    folder = packs_folder() / making.folder
    made = make_pack(folder, choice, links=True, on_progress=Report(making))
    finish(
        making,
        message=_left_out(made),
        edition=made.manifest.edition,
        size_bytes=made.manifest.size,
        files=len(made.manifest.files),
        files_written=made.written,
    )


def _left_out(made: Made) -> str:
    told = "".join(made.left_out[:TOLD])
    more = len(made.left_out[TOLD:])
    return told + _("还有%(count)d个。") % {"count": more} if more else told


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
