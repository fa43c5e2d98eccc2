"""On which days classes meet: the national calendar, what a city says of it, and closing days."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from lms.classes.holidays import is_class_day
from lms.classes.models import CalendarDay, ClosingDay
from lms.units.models import Unit, path_below, path_over


@dataclass(frozen=True)
class ClassDays:
    """What was known when it was asked for; see `class_days`."""

    closed: dict[date, tuple[str, ...]]  # the paths of the units that close
    said: dict[date, list[tuple[str, bool]]]  # path and verdict, the highest unit first

    def hold(self, day: date, unit: Unit) -> bool:
        """Whether classes of that unit meet. A closing day closes in any case; else the nearest
        unit that has said something decides; else the national calendar."""
        if unit.path.startswith(self.closed.get(day, ())):
            return False
        verdict = None
        for path, meets in self.said.get(day, []):
            if unit.path.startswith(path):
                verdict = meets
        return is_class_day(day) if verdict is None else verdict


def class_days(unit: Unit, first: date, last: date) -> ClassDays:
    """For that unit and any below it, on the days from `first` to `last`. Two queries."""
    near = path_over(unit, prefix="unit__") | path_below(unit, prefix="unit__")
    closed: dict[date, tuple[str, ...]] = defaultdict(tuple)
    closing = ClosingDay.objects.filter(near, day__range=(first, last))
    for day, path in closing.values_list("day", "unit__path"):
        closed[day] += (path,)
    said: dict[date, list[tuple[str, bool]]] = defaultdict(list)
    spoken = CalendarDay.objects.filter(near, day__range=(first, last)).order_by("unit__depth")
    for day, path, meets in spoken.values_list("day", "unit__path", "meets"):
        said[day].append((path, meets))
    return ClassDays(dict(closed), dict(said))
