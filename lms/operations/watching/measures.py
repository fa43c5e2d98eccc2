"""What is so now, asked when Prometheus asks: some twenty queries, mostly counts over an index."""

import logging
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from lms.operations.backups.last import last_backup
from lms.operations.models import Heartbeat
from lms.operations.watching import waiting
from lms.operations.watching.parts import Part, PartState, look, queue_lengths

logger = logging.getLogger(__name__)

Labelled = Iterable[tuple[tuple[str, ...], float]]


class Measures(Collector):
    def collect(self) -> Iterator[Metric]:
        """Where a part is down, its figures are missing, and `yinling_part_up` says why."""
        parts = look()
        up = [((part.name,), float(part.state == PartState.OK)) for part in parts]
        yield gauge("yinling_part_up", "Whether a part does its work.", ["part"], up)
        yield gauge("yinling_info", "The version.", ["version"], [((settings.VERSION,), 1.0)])
        free, size = waiting.disk_bytes()
        yield gauge("yinling_disk_free_bytes", "Where uploads and films go.", [], [((), free)])
        yield gauge("yinling_disk_size_bytes", "How large that disk is.", [], [((), size)])
        yield from of_the_last_backup()
        if answers(parts, "broker"):
            lengths = [((name,), float(length)) for name, length in queue_lengths().items()]
            words = "Messages that wait in the broker."
            yield gauge("yinling_queue_messages", words, ["queue"], lengths)
        if answers(parts, "database"):
            for name, words, labels, read in OF_THE_DATABASE:
                try:
                    yield gauge(name, words, labels, read())
                except DatabaseError as error:  # it has just gone
                    logger.warning("%s cannot be read: %s", name, error)


def gauge(name: str, words: str, labels: list[str], values: Labelled) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for at, value in values:
        family.add_metric(at, value)
    return family


def answers(parts: list[Part], name: str) -> bool:
    return any(part.name == name and part.state == PartState.OK for part in parts)


def of_the_last_backup() -> Iterator[Metric]:
    """Without values where there was none yet."""
    last = last_backup()
    ended: Labelled = [((), last.ended_at.timestamp())] if last else []
    well: Labelled = [((), float(last.ok))] if last else []
    words = "When the last backup ended, well or not."
    yield gauge("yinling_last_backup_timestamp_seconds", words, [], ended)
    yield gauge("yinling_last_backup_ok", "Whether it went well.", [], well)


def heartbeat_ages() -> Labelled:
    now = timezone.now()
    for part, at in Heartbeat.objects.values_list("part", "at"):
        yield (part,), (now - at).total_seconds()


def stages() -> Labelled:
    return [((kind, state), float(count)) for (kind, state), count in waiting.stages().items()]


def oldest_stages() -> Labelled:
    return [((queue,), seconds) for queue, seconds in waiting.oldest_stages().items()]


def single(read: Callable[[], float]) -> Callable[[], Labelled]:
    return lambda: [((), float(read()))]


#: Name, words for whoever reads it, labels, and what reads it.
OF_THE_DATABASE: list[tuple[str, str, list[str], Callable[[], Labelled]]] = [
    ("yinling_heartbeat_age_seconds", "Since a part was last alive.", ["part"], heartbeat_ages),
    ("yinling_stages", "Steps of work on films, by state.", ["kind", "state"], stages),
    (
        "yinling_stage_oldest_seconds",
        "How long the step waits that has waited longest of those that could be done.",
        ["queue"],
        oldest_stages,
    ),
    (
        "yinling_failed_videos",
        "Films and recordings that lack a step they cannot do without.",
        [],
        single(waiting.failed_videos),
    ),
    (
        "yinling_open_rolls",
        "Rolls of days before today that nobody has closed.",
        [],
        single(waiting.open_rolls),
    ),
    ("yinling_calls_waiting", "Calls for help, unanswered.", [], single(waiting.calls)),
    (
        "yinling_call_oldest_seconds",
        "How long the call for help waits that has waited longest.",
        [],
        single(waiting.oldest_call_seconds),
    ),
    ("yinling_covers_waiting", "Covers that are to be drawn.", [], single(waiting.covers)),
    (
        "yinling_search_changes_waiting",
        "Pages and manuals that the search has to read again.",
        [],
        single(waiting.search_changes),
    ),
    (
        "yinling_figures_waiting",
        "Months of villages whose learners are to be counted again.",
        [],
        single(waiting.months_to_count),
    ),
    ("yinling_searches_month", "Searches in this month.", [], single(waiting.searches)),
    (
        "yinling_searches_in_vain_month",
        "Those of them that found nothing.",
        [],
        single(waiting.searches_in_vain),
    ),
]
