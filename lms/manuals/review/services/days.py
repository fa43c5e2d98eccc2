"""A manual that is approved appears on a day and goes on a day. The clock is Wagtail's: it
publishes and takes down what is due (courses.tasks.publish_scheduled), and states follow."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision

from lms.accounts.models import User
from lms.manuals.choices import VersionState
from lms.manuals.films.services import keep_only_film_of
from lms.manuals.models import Manual, ManualVersion
from lms.manuals.review.permissions import why_not_decide

LOG_ACTION = "manuals.change_days"


class DaysRefused(Exception):
    """Days that make no sense, or of a manual that has none now; the text says what to do."""


def check_days(*, shows_from: date | None, shows_until: date | None) -> None:
    """Raises DaysRefused. None: at once, and for good."""
    today = timezone.localdate()
    if shows_until and shows_until < today:
        raise DaysRefused(_("“看到哪天为止”要写今天，或者今天以后。"))
    if shows_from and shows_until and shows_until < shows_from:
        raise DaysRefused(_("“看到哪天为止”不能早过“哪天给老人看”。"))


def write_days(revision: Revision, *, shows_from: date | None, shows_until: date | None) -> None:
    """Into what Wagtail publishes. A day that has come is at once."""
    later = shows_from if shows_from and shows_from > timezone.localdate() else None
    for name, moment in (("go_live_at", begin_of(later)), ("expire_at", end_of(shows_until))):
        revision.content[name] = moment and moment.isoformat()
    revision.save(update_fields=["content"])


def begin_of(day: date | None) -> datetime | None:
    """Its midnight, as the city's clocks have it."""
    if day is None:
        return None
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def end_of(day: date | None) -> datetime | None:
    return begin_of(day and day + timedelta(days=1))


@transaction.atomic
def change_days(
    manual: Manual, *, by: User, shows_from: date | None, shows_until: date | None
) -> Manual:
    """Of a manual that waits for its day, that elders see, or that went on its day. shows_from
    counts while it waits. None: at once, and for good. Raises DaysRefused."""
    manual = Manual.objects.locked(manual)
    version = manual.versions.exclude(state=VersionState.DRAFT).order_by("-number").first()
    if version is None or version.state == VersionState.SUBMITTED:
        raise DaysRefused(_("有一版正在审核，审完再定日子。"))
    if reason := why_not_decide(by, version):
        raise DaysRefused(reason)
    check_days(shows_from=shows_from, shows_until=shows_until)
    planned = manual.revisions.filter(approved_go_live_at__isnull=False).first()
    if planned is not None:
        write_days(planned, shows_from=shows_from, shows_until=shows_until)
        planned.publish(user=by)
    elif manual.live:
        manual.expire_at = end_of(shows_until)
        manual.save(update_fields=["expire_at"])
    elif manual.expired:
        again = manual.save_revision(user=by, clean=False)
        write_days(again, shows_from=None, shows_until=shows_until)
        again.publish(user=by)
    else:
        raise DaysRefused(_("这份说明书还没有审过，审的时候再定日子。"))
    log(instance=manual, action=LOG_ACTION, user=by)
    return Manual.objects.get(pk=manual.pk)


@transaction.atomic
def forget_plan(manual: Manual) -> None:
    """What waits for its day does not appear. The caller must have locked the manual."""
    manual.revisions.update(approved_go_live_at=None)
    words = {} if manual.first_published_at else {"published_version": None}
    Manual.objects.filter(pk=manual.pk).update(go_live_at=None, **words)


def note_published(*, instance: Manual, **signal: Any) -> None:
    """Receiver of Wagtail's published, which is also sent for what only waits for its day."""
    shown = instance.published_version
    if not instance.live or shown is None:
        return
    others = instance.versions.filter(state=VersionState.PUBLISHED).exclude(pk=shown.pk)
    others.update(state=VersionState.PAST)
    ManualVersion.objects.filter(pk=shown.pk).update(
        state=VersionState.PUBLISHED, published_at=timezone.now()
    )
    keep_only_film_of(shown)


def note_unpublished(*, instance: Manual, **signal: Any) -> None:
    """Receiver of Wagtail's unpublished."""
    instance.versions.filter(state=VersionState.PUBLISHED).update(state=VersionState.PAST)
