"""Workers and the clock say every minute that they are alive, in a row for each part."""

import logging
from collections.abc import Iterable

from django.db import DatabaseError
from django.utils import timezone

from lms.operations.models import Heartbeat

logger = logging.getLogger(__name__)

CLOCK = "clock"


def worker_of(queue: str) -> str:
    """The part's name: whichever worker it is, what matters is whether a queue is served."""
    return f"worker:{queue}"


def note_alive(parts: Iterable[str]) -> None:
    """One statement. What cannot be written now is logged, and written a minute later."""
    now = timezone.now()
    try:
        Heartbeat.objects.bulk_create(
            [Heartbeat(part=part, at=now) for part in parts],
            update_conflicts=True,
            unique_fields=["part"],
            update_fields=["at"],
        )
    except DatabaseError:
        logger.exception("The heartbeat could not be written; it is tried again in a minute")
