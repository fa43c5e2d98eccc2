"""What this system measures of a row: a figure of its unit and year, beside its goal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from django.utils.translation import gettext as _

from lms.ledger.choices import OF_A_SUBJECT, Figure
from lms.ledger.models import Measure
from lms.reports.counts import has_roll, learners_of, share_of
from lms.statistics.periods import Period
from lms.statistics.queries import Figures, figures_of

Asked = tuple[int, int, str | None]  # the unit, the year, the classroom


@dataclass(frozen=True)
class Measured:
    figure: Figure
    year: int
    #: None: nothing was planned there, or nobody has counted yet, which is not 0.
    value: int | None
    #: None: it is only shown.
    goal: int | None

    @property
    def share(self) -> int | None:
        """Of the goal, in hundredths and 100 at most; None where there is no goal, or no figure."""
        if not self.goal or self.value is None:
            return None
        return min(100, self.value * 100 // self.goal)

    @property
    def is_reached(self) -> bool:
        return bool(self.goal) and self.value is not None and self.value >= (self.goal or 0)

    @property
    def words(self) -> str:
        """The whole of it, for whoever sees no bar."""
        about = {"year": self.year, "figure": self.figure.label}
        if self.value is None:
            said = _("%(year)d年%(figure)s：还没有数") % about
        else:
            said = _("%(year)d年%(figure)s：%(value)s") % {**about, "value": f"{self.value:,}"}
        if not self.goal:
            return said
        said += _("，目标%(goal)s") % {"goal": f"{self.goal:,}"}
        if self.is_reached:
            return said + _("，达到了")
        if self.value is None:
            return said
        return said + _("，还差%(lack)s") % {"lack": f"{self.goal - self.value:,}"}


def measured_of(measures: Iterable[Measure]) -> dict[int, Measured]:
    """By row, of those that are linked to a figure; each with its units. Rows of one unit and year
    ask once."""
    found: dict[int, Measured] = {}
    known: dict[Asked, Figures] = {}
    for measure in measures:
        if not measure.figure:
            continue
        figure = Figure(measure.figure)
        year = measure.measured_year
        asked = (measure.acting_unit.pk, year, OF_A_SUBJECT.get(figure))
        if asked not in known:
            period = Period.from_slug(str(year))
            known[asked] = figures_of(measure.acting_unit, period, subject=asked[2])
        found[measure.pk] = Measured(figure, year, _value(figure, known[asked]), measure.goal)
    return found


def _value(figure: Figure, figures: Figures) -> int | None:
    if not figures.is_reported:
        return None
    match figure:
        case Figure.ATTENDANCES:
            return figures.attendances if has_roll(figures) else None
        case Figure.HEADCOUNT:
            return figures.headcount if has_roll(figures) else None
        case Figure.LEARNERS:
            return learners_of(figures)
        case Figure.SHARE:
            share = share_of(figures)
            return None if share is None else round(share * 100)
        case (
            Figure.HELD
            | Figure.SCIENCE
            | Figure.SMART_TECH
            | Figure.ANTI_FRAUD
            | Figure.DIGITAL_LIFE
        ):
            return figures.held
    assert_never(figure)
