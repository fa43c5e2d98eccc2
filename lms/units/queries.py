"""Reads that cross the tree of units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.db.models.functions import Length, Substr
from django.utils import timezone

from lms.units.models import Unit, UnitPast, UnitQuerySet, paths_to

#: A search shows no more than this; who looks for one unit types another character.
SEARCH_LIMIT = 100


CODES_AT_ONCE = 500  # of a query


def open_units_below(unit: Unit) -> UnitQuerySet:
    """In the tree's order, without the unit itself."""
    below: UnitQuerySet = Unit.objects.below(unit).open().exclude(pk=unit.pk)
    return below


def count_open_children(units: Sequence[Unit]) -> dict[str, int]:
    """Open units right below each of these, by its path; none where there is none. One query."""
    if not units:
        return {}
    right_below = Q()
    for unit in units:
        right_below |= Q(depth=unit.depth + 1, path__startswith=unit.path)
    parent_path = Substr("path", 1, Length("path") - Unit.steplen)
    children = Unit.objects.open().filter(right_below).order_by().values_list(parent_path)
    return dict(children.annotate(Count("pk")))


def trails_of(units: Sequence[Unit]) -> dict[str, str]:
    """The names above each of these, topmost first, by its path. One query."""
    paths = {unit.path: paths_to(unit.path)[:-1] for unit in units}
    above = {path for trail in paths.values() for path in trail}
    names = dict(Unit.objects.filter(path__in=above).values_list("path", "name"))
    return {path: " › ".join(names[each] for each in trail) for path, trail in paths.items()}


def trail_of(unit: Unit) -> str:
    """The names above the unit, topmost first; empty for one at the top."""
    return trails_of([unit])[unit.path]


def search_units(words: str) -> list[Unit]:
    """By the first digits of the code, or by part of the name, at most SEARCH_LIMIT. A name that
    is just so comes first, then those that begin so; which of too many others are found is not
    said, since to sort them all would take long."""
    words = words.strip()
    if words.isascii() and words.isdigit():
        return list(Unit.objects.filter(code__startswith=words).order_by("code")[:SEARCH_LIMIT])
    begin = Unit.objects.filter(name__startswith=words).order_by("name", "path")
    found: list[Unit] = list(begin[:SEARCH_LIMIT])
    hold = Unit.objects.filter(name__contains=words).exclude(name__startswith=words).order_by()
    found += sorted(hold[: SEARCH_LIMIT - len(found)], key=lambda unit: unit.path)
    return found


@dataclass(frozen=True)
class FormerState:
    """How a unit stood once: from that day, or as far back as known, to that day inclusive."""

    unit: Unit
    name: str
    parent: Unit | None
    first_day: date | None
    last_day: date


def former_state(past: UnitPast) -> FormerState:
    return FormerState(
        unit=past.unit,
        name=past.name,
        parent=past.parent,
        first_day=past.from_date,
        last_day=past.until_date - timedelta(days=1),
    )


def people_left_at(codes: Sequence[str]) -> list[tuple[Unit, int]]:
    """Of these units, those at which somebody holds a role that is not over, and how many do. Roles
    are a higher room's, and asked for by their relation's name (decision 021)."""
    still = Q(role_assignments__until_date__isnull=True) | Q(
        role_assignments__until_date__gt=timezone.localdate()
    )
    people = Count("role_assignments__person", filter=still, distinct=True)
    found = []
    for start in range(0, len(codes), CODES_AT_ONCE):
        some = Unit.objects.filter(code__in=codes[start : start + CODES_AT_ONCE])
        found += [(unit, unit.people) for unit in some.annotate(people=people).filter(people__gt=0)]
    return found
