"""The parts of a site and whether each does its work, asked of the part itself."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.utils import timezone

from lms.operations.models import Heartbeat
from lms.operations.watching.heartbeats import CLOCK, worker_of

logger = logging.getLogger(__name__)

#: Three heartbeats and a little: one may be late, two may be lost with a restart.
SILENT_AFTER: Final = timedelta(seconds=200)
BROKER_SECONDS: Final = 2
PROBE = "watched/probe"  # a file that is written and removed again


class PartState(StrEnum):
    OK = "ok"
    DOWN = "down"
    UNKNOWN = "unknown"  # it tells of itself in the database, which is down


@dataclass(frozen=True)
class Part:
    name: str
    state: PartState
    #: Of a part that is down: when it was last alive, or when this process first found it so. None:
    #: it is not down, or was never alive.
    since: datetime | None = None


#: When this process first found a part down that it had found well before.
_found_down: dict[str, datetime] = {}


def look() -> list[Part]:
    """All parts, asked now; never raises. Takes seconds where one does not answer."""
    database = _asked("database", ask_database)
    return [
        database,
        _asked("broker", ask_broker),
        _asked("storage", ask_storage),
        *(_heartbeats() if database.state == PartState.OK else _untold()),
    ]


def is_well(parts: list[Part]) -> bool:
    return all(part.state == PartState.OK for part in parts)


def told_parts() -> list[str]:
    """Those that have a heartbeat."""
    return [*(worker_of(queue.name) for queue in settings.CELERY_TASK_QUEUES), CLOCK]


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_broker() -> None:
    """Over memory:// there is none to be asked: the rows hold all."""
    queue_lengths()


def queue_lengths() -> dict[str, int]:
    """Messages that wait in the broker, by queue; empty over memory://, where no other process can
    see them. Raises what the broker's library does."""
    if settings.CELERY_BROKER_URL.startswith("memory:"):
        return {}
    from kombu import Connection

    limits = {"socket_connect_timeout": BROKER_SECONDS, "socket_timeout": BROKER_SECONDS}
    is_redis = settings.CELERY_BROKER_URL.startswith(("redis:", "rediss:"))
    with Connection(
        settings.CELERY_BROKER_URL,
        connect_timeout=BROKER_SECONDS,
        transport_options=limits if is_redis else {},
    ) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
        lengths = {}
        for queue in settings.CELERY_TASK_QUEUES:
            channel: Any = broker.channel()  # RabbitMQ closes one that misses a queue
            try:
                told = channel.queue_declare(queue.name, passive=True)
            except broker.channel_errors:
                lengths[queue.name] = 0  # no worker has ever made it, nor any message
            else:
                lengths[queue.name] = told.message_count
                channel.close()
        return lengths


def ask_storage() -> None:
    """Some bytes, since an empty file fits on a full disk."""
    name = default_storage.save(PROBE, ContentFile(b"." * 4096))
    default_storage.delete(name)


def _asked(name: str, ask: Callable[[], None]) -> Part:
    try:
        ask()
    except Exception:  # whatever its library says
        if name not in _found_down:  # once, not at each look
            logger.exception("%s does not answer", name)
        since = _found_down.setdefault(name, timezone.now())
        return Part(name, PartState.DOWN, since)
    _found_down.pop(name, None)
    return Part(name, PartState.OK)


def _heartbeats() -> Iterator[Part]:
    try:
        last = dict(Heartbeat.objects.values_list("part", "at"))
    except DatabaseError as error:  # it has just gone, or was never set up
        logger.warning("The heartbeats cannot be read: %s", error)
        yield from _untold()
        return
    oldest = timezone.now() - SILENT_AFTER
    for name in told_parts():
        at = last.get(name)
        if at is not None and at >= oldest:
            yield Part(name, PartState.OK)
        else:
            yield Part(name, PartState.DOWN, at)


def _untold() -> Iterator[Part]:
    return (Part(name, PartState.UNKNOWN) for name in told_parts())
