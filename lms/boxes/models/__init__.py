"""What the city keeps of its boxes, and what a box keeps of itself."""

from lms.boxes.models.at_box import BornBatch, FromCity, Home, Told
from lms.boxes.models.at_city import (
    Arrived,
    BoxQuerySet,
    CountedAt,
    HeldLine,
    TakenBatch,
    VillageBox,
)

__all__ = [
    "Arrived",
    "BornBatch",
    "BoxQuerySet",
    "CountedAt",
    "FromCity",
    "HeldLine",
    "Home",
    "TakenBatch",
    "Told",
    "VillageBox",
]
