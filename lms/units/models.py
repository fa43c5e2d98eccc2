"""The tree of units: city, district, street or town, village or community. Parents are dated."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from lms.units.choices import CODE_LENGTHS, Level, PlannedState


class UnitQuerySet(MP_NodeQuerySet):
    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def open_on(self, day: date) -> Self:
        """Units that existed on that day, by whatever name and wherever they stood."""
        return self.filter(
            models.Q(opened_on__isnull=True) | models.Q(opened_on__lte=day),
            models.Q(closed_on__isnull=True) | models.Q(closed_on__gt=day),
        )

    def below(self, *units: "Unit") -> Self:
        """The given units and all under them, as the tree stands today; none for no unit."""
        return self.filter(path_below(*units))


def path_below(*units: "Unit", prefix: str = "") -> models.Q:
    """A condition on the unit reached by `prefix` (such as "unit__"): one of these or under it."""
    condition = models.Q(pk__in=[])
    for unit in units:
        condition |= models.Q(**{f"{prefix}path__startswith": unit.path})
    return condition


def paths_to(path: str) -> list[str]:
    """The paths from the topmost unit down to the one of that path, itself included."""
    return [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]


def path_above(path: str) -> str:
    """The path of the unit right above the one of that path; blank at the top."""
    return path[: -Unit.steplen]


def path_over(unit: "Unit", *, prefix: str = "") -> models.Q:
    """A condition on the unit reached by `prefix`: this one or above it."""
    return models.Q(**{f"{prefix}path__in": paths_to(unit.path)})


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> UnitQuerySet:
        """In the tree's order; treebeard's own manager names its queryset class outright."""
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class Unit(MP_Node):
    """A unit as it stands today, since `since`; how it stood before is in its UnitPast rows.

    Codes are the national statistical division codes (统计用区划代码) and never given twice.
    """

    code = models.CharField(_("区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=8, choices=Level.choices)
    #: From when its name and parent are as they stand; None: as far as anybody knows.
    since = models.DateField(null=True, blank=True, editable=False)
    opened_on = models.DateField(_("成立日期"), null=True, blank=True)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)
    telephone = models.CharField(_("电话"), max_length=20, blank=True)

    objects = UnitManager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        indexes: ClassVar = [
            # The few units of an upper level are found without reading the many below them.
            models.Index(fields=["depth"], name="units_by_depth"),
            models.Index(fields=["name"], opclasses=["varchar_pattern_ops"], name="units_by_name"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(level__in=Level.values), name="a_units_level_is_a_known_one"
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$"),
                name="a_units_code_has_2_4_6_9_or_12_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True)
                | models.Q(opened_on__isnull=True)
                | models.Q(closed_on__gte=models.F("opened_on")),
                name="a_unit_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class UnitPast(models.Model):
    """How a unit stood from `from_date` until the day before `until_date`.

    `from_date` None: as far back as anybody knows. `parent` None: it stood at the top.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="pasts")
    name = models.CharField(max_length=60)
    parent = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField(null=True)
    until_date = models.DateField()
    #: Its place among its neighbours, the last step of its path, so that a move can be undone
    #: exactly; blank: not known.
    step = models.CharField(max_length=4, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["unit", "until_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "until_date"], name="a_units_past_ends_once_on_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(from_date__isnull=True)
                | models.Q(until_date__gt=models.F("from_date")),
                name="a_units_past_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (–{self.until_date})"


class Succession(models.Model):
    """On that day `successor` took over all or part of `unit`: a merge, or one side of a split."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="predecessions")
    on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "successor", "on"], name="a_unit_is_succeeded_by_another_once_a_day"
            ),
            models.CheckConstraint(
                condition=~models.Q(unit=models.F("successor")), name="no_unit_succeeds_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} → {self.successor} ({self.on})"


class PlannedChangeQuerySet(models.QuerySet["PlannedChange"]):
    def open(self) -> Self:
        """What a person should know of: it waits for its day, or could not be made on it."""
        return self.filter(state__in=(PlannedState.WAITING, PlannedState.REFUSED))

    def due(self, day: date) -> Self:
        return self.filter(state=PlannedState.WAITING, on__lte=day)


class PlannedChange(models.Model):
    """A change of a unit that takes effect by itself when its day comes."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="planned_changes")
    #: The slug of one of `actions.UNIT_ACTIONS`.
    action = models.CharField(max_length=8)
    #: What its form was filled in with, as typed: it is read again on the day.
    filled_in = models.JSONField()
    #: In words, as it was when it was planned.
    told = models.CharField(max_length=400)
    on = models.DateField()
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    planned_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(
        max_length=9, choices=PlannedState.choices, default=PlannedState.WAITING
    )
    #: Why it was refused on its day; blank: it was not.
    reason = models.TextField(blank=True)

    objects = PlannedChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=PlannedState.values),
                name="a_planned_changes_state_is_a_known_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.unit} {self.told}"


def level_of(code: str) -> Level | None:
    """The level that a code's length tells; None for a length that no level has."""
    return CODE_LENGTHS.get(len(code))


def height_of(unit: Unit) -> int:
    """How many levels there are below the unit's; 0 for a village."""
    return list(reversed(Level)).index(Level(unit.level))


def parent_code(code: str) -> str | None:
    """The code one level up; None for a province, which stands at the top."""
    lengths = sorted(CODE_LENGTHS)
    position = lengths.index(len(code))
    return code[: lengths[position - 1]] if position else None
