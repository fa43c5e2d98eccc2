"""What waits to be done, or has gone wrong, in all rooms."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db.models import Count, F, Min, Sum
from django.utils import timezone

from lms.classes.choices import SessionState
from lms.classes.models import ClassSession
from lms.classes.wall_clock import day_bounds
from lms.helpline.models import HelpRequest
from lms.search.counting import month_of
from lms.search.models import SearchEntry, SoughtWord
from lms.statistics.models import DirtyMonth
from media.choices import StageState
from media.models import Cover, Stage
from media.pipeline.stages import KINDS


def stages() -> dict[tuple[str, str], int]:
    """How many there are of each kind and state."""
    rows = Stage.objects.values_list("kind", "state").annotate(Count("pk")).order_by()
    return {(kind, state): count for kind, state, count in rows}


def oldest_stages() -> dict[str, float]:
    """For each queue, the seconds since the first of its stages could have begun; 0: none waits.
    Kinds of which only so many are done at a time wait by design, and are not looked at."""
    now, oldest = timezone.now(), {queue.name: 0.0 for queue in settings.CELERY_TASK_QUEUES}
    for kind in KINDS.values():
        if kind.at_once is not None:
            continue
        due = Stage.objects.due(kind.name, needs=kind.needs, now=now)
        first = due.aggregate(first=Min("due_at"))["first"]
        if first is not None:
            oldest[kind.queue] = max(oldest.get(kind.queue, 0.0), (now - first).total_seconds())
    return oldest


def failed_videos() -> int:
    needed = [kind.name for kind in KINDS.values() if not kind.is_optional]
    failed = Stage.objects.filter(state=StageState.FAILED, kind__in=needed)
    return failed.values("video", "narration").distinct().count()


def open_rolls() -> int:
    begins, _ends = day_bounds(timezone.localdate())
    return ClassSession.objects.filter(state=SessionState.PLANNED, ends_at__lt=begins).count()


def calls() -> int:
    return HelpRequest.objects.open().count()


def oldest_call_seconds() -> float:
    first = HelpRequest.objects.open().first()
    return (timezone.now() - first.asked_at).total_seconds() if first else 0.0


def covers() -> int:
    return Cover.objects.exclude(digest=F("drawn_digest")).count()


def search_changes() -> int:
    return SearchEntry.objects.filter(stale=True).count()


def months_to_count() -> int:
    return DirtyMonth.objects.count()


def searches() -> int:
    return _sought("times")


def searches_in_vain() -> int:
    return _sought("in_vain")


def _sought(what: str) -> int:
    this_month = SoughtWord.objects.filter(month=month_of())
    return this_month.aggregate(sum=Sum(what))["sum"] or 0


def disk_bytes() -> tuple[int, int]:
    """Free, and in all, where uploads and films go."""
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():  # before the first upload
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total
