"""Of many units at once: one condition on whatever stands in or below any of them."""

from collections.abc import Sequence

from django.db.models import Q

from lms.units.models import Unit, path_below, paths_to

#: More conditions than these are one on what all the units stand below: databases limit how deep
#: a condition may be, and what is read too much is left aside.
CONDITIONS_MOST = 50


def topmost(units: Sequence[Unit]) -> list[Unit]:
    """Of these, the ones that stand below none of the others, in the tree's order."""
    found: list[Unit] = []
    for unit in sorted(units, key=lambda each: each.path):
        if not (found and unit.path.startswith(found[-1].path)):
            found.append(unit)
    return found


def within(units: Sequence[Unit], *, prefix: str = "") -> Q:
    """A condition on the unit reached by `prefix`: holds for all in or below these units, and
    where they are many for some others too; nothing for no unit."""
    tops = topmost(units)
    if len(tops) <= CONDITIONS_MOST:
        return path_below(*tops, prefix=prefix)
    above = [path for path in paths_to(tops[0].path) if tops[-1].path.startswith(path)]
    return Q(**{f"{prefix}path__startswith": above[-1] if above else ""})
