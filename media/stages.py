"""The kinds of stage that a video or a narration passes, and what each needs. Higher storeys
register theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from media.models import Narration, Video

#: Told a fraction from 0 to 1 as the work goes on. Raises when the stage has been taken away.
Progress = Callable[[float], None]


class NotNeeded(Exception):
    """A stage finds that there is nothing for it to do; the text says why, for an editor."""


class StageFailed(Exception):
    """A stage will not succeed however often it is tried; the text says why, for an editor."""


@dataclass(frozen=True)
class StageKind:
    name: str
    label: str | Promise
    queue: str  # the Celery queue, so that a city can give a kind its own machines
    needs: tuple[str, ...]  # names of the kinds that must have finished well before
    #: May be run again from the start at any moment. Returns what to tell an editor, mostly None.
    run: Callable[[Any, Progress], str | None]
    fingerprint: Callable[[Any], str]  # hash of everything that decides the output
    of: type[Video] | type[Narration] = Video  # what the two are given
    #: What an editor is told when it fails for good and the film stands all the same; empty where
    #: the film has failed with it.
    without: str | Promise = ""

    @property
    def is_decorative(self) -> bool:
        return bool(self.without)


#: In the order in which they are shown and, when several are due, sent.
KINDS: dict[str, StageKind] = {}


def register(kind: StageKind) -> None:
    KINDS[kind.name] = kind


def kinds_of_a_video() -> list[StageKind]:
    return [kind for kind in KINDS.values() if kind.of is Video]
