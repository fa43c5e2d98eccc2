"""The kinds of stages of a video or narration, and what each needs. Higher storeys register
their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from media.models import Narration, Video

#: Called with the fraction done, 0 to 1. Raises LeaseLost when another worker has the stage.
Progress = Callable[[float], None]


class NotNeeded(Exception):
    """Raised by a stage that has nothing to do; ``str()`` says why, for an editor."""


class NotYet(Exception):
    """Raised by a stage whose input is being made elsewhere; ``str()`` says what it waits for. It
    looks again after a while, and the attempt is not counted."""


class StageFailed(Exception):
    """Raised by a stage that would fail at every try; ``str()`` says why, for an editor."""


@dataclass(frozen=True)
class StageKind:
    name: str
    label: str | Promise
    queue: str  # the Celery queue, so that a city can give a kind its own machines
    needs: tuple[str, ...]  # names of the kinds that must have finished well before
    #: Must be repeatable from the start. Returns a message for the editor, mostly None.
    run: Callable[[Any, Progress], str | None]
    fingerprint: Callable[[Any], str]  # hash of everything that decides the output
    of: type[Video] | type[Narration] = Video  # what `run` and `fingerprint` are called with
    #: What an editor is told when an optional stage fails for good; empty for a stage without which
    #: the video has failed.
    failure_message: str | Promise = ""
    #: Of films that are made here, out of a storyboard; otherwise of what was uploaded.
    of_made_here: bool = False
    #: At most so many are in hand at a time, so that the rest goes on beside them; None: no limit.
    at_once: int | None = None
    #: Not planned with the others: somebody asks for it (`media.pipeline.services.do_on_request`).
    on_request: bool = False

    @property
    def is_optional(self) -> bool:
        return bool(self.failure_message)


#: In the order in which they are shown and, when several are due, sent.
KINDS: dict[str, StageKind] = {}


def register(kind: StageKind) -> None:
    KINDS[kind.name] = kind


def kinds_of(video: Video) -> list[StageKind]:
    """Those that every such video goes through."""
    return [
        kind
        for kind in KINDS.values()
        if kind.of is Video and kind.of_made_here == video.is_made_here and not kind.on_request
    ]
