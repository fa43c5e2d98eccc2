"""Packs of lessons that this box has taken in, from a stick or by the line."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.boxes.refusals import BoxRefused
from lms.packs.models import Taking


@dataclass(frozen=True)
class PackStanding:
    name: str
    edition: int
    city: str
    went_back: bool


def pack_standing() -> PackStanding | None:
    """Of the pack that was taken in last; None before the first."""
    taking = Taking.objects.order_by("-taken_at", "-pk").first()
    if taking is None:
        return None
    return PackStanding(taking.name, taking.edition, taking.city, taking.went_back)


def pack_edition() -> int | None:
    standing = pack_standing()
    return standing.edition if standing else None


def go_back_to_pack() -> None:
    """Raises BoxRefused where there is none before it."""
    raise BoxRefused(_("没有更早的一版可以回去。"))
