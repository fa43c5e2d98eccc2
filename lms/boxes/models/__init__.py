"""What the city keeps of its boxes, and what a box keeps of itself."""

from lms.boxes.models.at_box import BornBatch, FromCity, Home, Told
from lms.boxes.models.at_city import Arrived, Box, BoxQuerySet, CountedAt, HeldLine, TakenBatch

__all__ = [
    "Arrived",
    "BornBatch",
    "Box",
    "BoxQuerySet",
    "CountedAt",
    "FromCity",
    "HeldLine",
    "Home",
    "TakenBatch",
    "Told",
]
