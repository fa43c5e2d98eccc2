"""The tree of units as it stood on a day, for figures that are stored by the tree of today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from lms.units.models import Unit, UnitPast, path_above


@dataclass(frozen=True)
class PastTree:
    """How the tree differed on that day. Units go by the paths that they have today; "" stands for
    what is above the topmost."""

    #: Of each unit that stood elsewhere: where what it stood under is now.
    above: dict[str, str]
    #: Of each of these, its key.
    keys: dict[str, int]
    #: Of each unit that had another name, by its key.
    names: dict[int, str]

    def name_of(self, unit: Unit) -> str:
        return self.names.get(unit.pk, unit.name)

    def parts_of(self, unit: Unit) -> dict[int, int]:
        """What the unit then consisted of, by keys: the sums of today to be added (1) and taken
        away (-1). Only the unit itself, where nothing below it has come or gone."""
        parts = {unit.pk: 1}
        for path in self._whole(unit):
            if path != unit.path:
                parts[self.keys[path]] = parts.get(self.keys[path], 0) + 1
            for left in self._left(path):
                parts[self.keys[left]] = parts.get(self.keys[left], 0) - 1
        return {key: times for key, times in parts.items() if times}

    def below(self, unit: Unit, *, prefix: str) -> Q:
        """A condition on the unit reached by `prefix`: it was this one or stood under it."""
        condition = Q(pk__in=[])
        for path in self._whole(unit):
            here = Q(**{f"{prefix}path__startswith": path})
            for left in self._left(path):
                here &= ~Q(**{f"{prefix}path__startswith": left})
            condition |= here
        return condition

    def children_of(self, unit: Unit) -> Q:
        """A condition on units: they stood right below this one."""
        came = [path for path, above in self.above.items() if above == unit.path]
        stayed = Q(depth=unit.depth + 1, path__startswith=unit.path) & ~Q(path__in=self.above)
        return stayed | Q(path__in=came)

    def _whole(self, unit: Unit) -> list[str]:
        """The unit, and those below it then that have moved since, each with what came along."""
        return [unit.path, *(path for path in self.above if self._stood_under(path, unit.path))]

    def _left(self, path: str) -> list[str]:
        """Those below it today that stood elsewhere then; not those below these."""
        below = [other for other in self.above if other.startswith(path) and other != path]
        return [
            other
            for other in below
            if not any(other.startswith(top) and other != top for top in below)
        ]

    def _stood_under(self, path: str, top: str) -> bool:
        """Ends, since a unit never stands under one of its own level (move_unit)."""
        while path:
            path = self.above.get(path, path_above(path))
            if path == top:
                return True
        return False


def tree_on(day: date) -> PastTree:
    """How the tree stood on that day. One query; costs with the changes since, not with units."""
    pasts = UnitPast.objects.filter(until_date__gt=day).select_related("unit", "parent")
    first: dict[int, UnitPast] = {}  # of a unit's pasts that end later, the one of that day
    for past in pasts.order_by("until_date"):
        first.setdefault(past.unit_id, past)
    return PastTree(
        above={past.unit.path: _path_of(past.parent) for past in _moved_since(first.values())},
        keys={past.unit.path: past.unit_id for past in _moved_since(first.values())},
        names={past.unit_id: past.name for past in first.values()},
    )


def _moved_since(pasts: Iterable[UnitPast]) -> list[UnitPast]:
    return [past for past in pasts if _path_of(past.parent) != path_above(past.unit.path)]


def _path_of(unit: Unit | None) -> str:
    return unit.path if unit else ""
