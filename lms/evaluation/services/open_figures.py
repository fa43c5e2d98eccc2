"""The verb that makes a year's figures public."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.evaluation.figures import content_of, dictionary, sha256
from lms.evaluation.models import OpenFigures


class FiguresRefused(Exception):
    """Figures that cannot be made public; the text says why."""


@transaction.atomic
def publish_figures(*, year: int, made_by: User, reason: str = "") -> OpenFigures:
    """Make the file and keep it as it is. Raises FiguresRefused for a year that is not over,
    without a reason where there is an edition already, and where nothing differs from it."""
    if year >= timezone.localdate().year:
        raise FiguresRefused(_("这一年还没有过完。"))
    latest = OpenFigures.objects.filter(year=year).order_by("-edition").first()
    content, rows = content_of(year)
    if latest is not None and not reason.strip():
        raise FiguresRefused(_("这一年已经公开过。要再出一版，请写明为什么。"))
    if latest is not None and latest.sha256 == sha256(content):
        raise FiguresRefused(_("和已经公开的一模一样，不用再出。"))
    return OpenFigures.objects.create(
        year=year,
        edition=latest.edition + 1 if latest else 1,
        reason=reason.strip() if latest else "",
        content=content,
        dictionary=dictionary(),
        sha256=sha256(content),
        rows=rows,
        made_by=made_by,
    )
