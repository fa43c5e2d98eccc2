"""Reads for the pages of boxes."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.boxes.choices import HeldState
from lms.boxes.models import HeldLine, TakenBatch, VillageBox
from lms.boxes.services.taking import gaps_of

BATCHES_SHOWN = 10
LINES_SHOWN = 100


@dataclass(frozen=True)
class BoxStanding:
    """All that an officer sees of one box."""

    box: VillageBox
    batches: Sequence[TakenBatch]  # the latest first
    lines_taken: int
    #: Numbers of batches that are missing between those that came.
    gaps: Sequence[int]
    refused: Sequence[HeldLine]
    waiting: Sequence[HeldLine]
    given_up: int


def standing_of(box: VillageBox) -> BoxStanding:
    batches = TakenBatch.objects.filter(box=box)
    held = HeldLine.objects.filter(box=box)
    return BoxStanding(
        box=box,
        batches=list(batches.order_by("-number")[:BATCHES_SHOWN]),
        lines_taken=sum(batches.values_list("lines", flat=True)),
        gaps=gaps_of(box)[:LINES_SHOWN],
        refused=list(held.filter(state=HeldState.REFUSED)[:LINES_SHOWN]),
        waiting=list(held.filter(state=HeldState.WAITING)[:LINES_SHOWN]),
        given_up=held.filter(state=HeldState.GIVEN_UP).count(),
    )
