"""What stands out of any number of units: for the report, and for who signs or approves."""

from collections.abc import Sequence

from lms.reports.standing_out.choices import StandsOut, Unusual
from lms.reports.standing_out.of_classes import in_classes
from lms.reports.standing_out.of_units import jumps, without_class
from lms.statistics.periods import Period
from lms.units.models import Unit, paths_to

__all__ = ["StandsOut", "Unusual", "what_stands_out"]


def what_stands_out(units: Sequence[Unit], period: Period) -> dict[int, list[StandsOut]]:
    """By each unit's key what a person should look at, the heaviest first; an empty list where all
    is as usual. Of classes it tells those in the unit and below, of whole units the one that was
    asked of. Six queries, however many units."""
    found: dict[int, list[StandsOut]] = {unit.pk: [] for unit in units}
    if not found:
        return found
    asked = {unit.path: unit for unit in units}
    for where, each in in_classes(units, period):
        for path in paths_to(where):
            if path in asked:
                found[asked[path].pk].append(each)
    for each in jumps(units, period):
        found[each.unit_id].append(each)
    for unit, each in without_class(units, period):
        found[unit.pk].append(each)
    for some in found.values():
        some.sort(key=lambda each: -each.weight)
    return found
