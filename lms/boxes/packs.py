"""Packs of lessons that this box has taken in, from a stick or by the line."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from lms.boxes.refusals import BoxRefused
from lms.packs.exchange.reading import Taken
from lms.packs.line.fetching import fetch_pack
from lms.packs.line.paces import pace_of
from lms.packs.models import Taking
from lms.packs.refusals import PackError
from lms.packs.signing import in_words, own_keys, trust_key
from lms.packs.taking.services import take_pack, told_in_words


@dataclass(frozen=True)
class PackStanding:
    name: str
    edition: int
    city: str
    went_back: bool
    #: How many pages there were of each: new, changed, untouched, kept, gone.
    told: str


def pack_standing() -> PackStanding | None:
    """Of the pack that was taken in last; None before the first."""
    taking = Taking.objects.order_by("-taken_at", "-pk").first()
    if taking is None:
        return None
    return PackStanding(
        taking.name, taking.edition, taking.city, taking.went_back, told_in_words(taking.told)
    )


def pack_edition() -> int | None:
    standing = pack_standing()
    return standing.edition if standing else None


def fetch_newest(city_address: str, *, pace: str) -> Taken | None:
    """Have the city's newest pack by line, as fast as `pace` allows at this hour, and take it in.
    None: it is the one that is here. Raises BoxRefused, with which another call goes on."""
    folder = Path(settings.VAR_DIR) / "fetched-pack"
    try:
        manifest = fetch_pack(city_address, into=folder, bytes_per_second=pace_of(pace))
        standing = pack_standing()
        if standing is not None and standing.edition == manifest.edition:
            return None
        return take_pack(folder, by=None)
    except PackError as why:
        raise BoxRefused(str(why)) from None


def own_pack_keys() -> list[str]:
    """By which this city signs its packs, for its boxes to trust. Empty where it makes none."""
    try:
        return [in_words(key.public_key()) for key in own_keys()]
    except PackError:
        return []


def trust_city(keys: list[str], *, city: str) -> None:
    """Of whoever registered this box, packs are taken in at once. What is no key is passed over."""
    for words in keys:
        try:
            trust_key(words=words, city=city, by=None)
        except PackError:
            continue
