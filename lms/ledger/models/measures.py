"""A row of the work ledger: a measure of the policy, who leads it, until when, how far it is."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.ledger.choices import Figure, Standing
from lms.people.choices import Role
from lms.people.models import RoleAssignment, administered_by, supervised_by
from lms.units.models import Unit, path_below

#: Who may be made responsible for a row.
RESPONSIBLE = (Role.OFFICER, Role.TEACHER)
#: A row that falls due within so many days is told of.
SOON = timedelta(days=7)
#: Characters of a cell.
LONGEST, LONG, SHORT = 2_000, 500, 80


class MeasureQuerySet(models.QuerySet["Measure"]):
    def there(self) -> Self:
        """Without those that were taken away again."""
        return self.filter(taken_away_at__isnull=True)

    def visible_to(self, user: Visitor) -> Self:
        """For officers and auditors, of their units and all below, and what these lead in ledgers
        of others; for whoever works here, those that are the user's own to do."""
        return self.there().filter(
            supervised_by(user, prefix="unit__")
            | supervised_by(user, prefix="lead_unit__")
            | _own(user)
        )

    def editable_by(self, user: Visitor) -> Self:
        """Of the units where the user is an officer, and below them."""
        return self.there().filter(administered_by(user, prefix="unit__"))

    def advanced_by(self, user: Visitor) -> Self:
        """Whose progress the user may tell: an officer of the unit or of the one that leads, and
        the person responsible."""
        return self.there().filter(
            administered_by(user, prefix="unit__")
            | administered_by(user, prefix="lead_unit__")
            | _own(user)
        )

    def own_of(self, user: Visitor) -> Self:
        """Those that are the user's own to do."""
        return self.there().filter(_own(user))

    def of(self, unit: Unit) -> Self:
        """The ledger of that unit and of all below it."""
        return self.there().filter(path_below(unit, prefix="unit__"))

    def open(self) -> Self:
        return self.filter(is_closed=False)

    def in_standing(self, standing: str) -> Self:
        """As a Standing says, today."""
        today = timezone.localdate()
        if standing == Standing.CLOSED:
            return self.filter(is_closed=True)
        if standing == Standing.OVERDUE:
            return self.open().filter(due_on__lt=today)
        if standing == Standing.SOON:
            return self.open().filter(due_on__range=(today, today + SOON))
        return self.open().filter(models.Q(due_on__isnull=True) | models.Q(due_on__gt=today + SOON))

    def in_order(self) -> Self:
        """As they stand in a ledger: by unit, then as they were put into it."""
        return self.order_by("unit__path", "place", "pk")


def _own(user: Visitor) -> models.Q:
    """Of somebody who holds a role still: who has left keeps nothing."""
    if not user.is_authenticated:
        return models.Q(pk__in=[])
    holds = RoleAssignment.objects.current().filter(person=user)
    return models.Q(person=user.pk) & models.Q(models.Exists(holds))


class Measure(models.Model):
    """What an office writes into one line of its ledger. Words stand as they were written; beside
    them what can be reckoned with: a day, a share, a figure of this system, an account."""

    #: In whose ledger it stands.
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="measures"
    )
    number = models.CharField(_("序号"), max_length=20, blank=True)
    clause = models.CharField(_("政策条款"), max_length=LONG, blank=True)
    task = models.TextField(_("任务"), max_length=LONGEST)
    target = models.TextField(_("指标"), max_length=LONGEST, blank=True)
    #: Offices that are no units here (市民政局 …) lead as well.
    lead = models.CharField(_("牵头单位"), max_length=LONG, blank=True)
    #: Who leads, where that is a unit here: figures are measured there, and its officers tell the
    #: progress. None: `unit` itself.
    lead_unit = models.ForeignKey(
        Unit,
        verbose_name=_("牵头的单位在本系统里是"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="measures_led",
    )
    partners = models.TextField(_("配合单位"), max_length=LONGEST, blank=True)
    person_name = models.CharField(_("责任人"), max_length=SHORT, blank=True)
    due_words = models.CharField(_("完成时限"), max_length=SHORT, blank=True)
    progress = models.TextField(_("进度"), max_length=LONGEST, blank=True)
    evidence_words = models.TextField(_("佐证"), max_length=LONGEST, blank=True)
    problem = models.TextField(_("问题"), max_length=LONGEST, blank=True)
    press_words = models.TextField(_("督办"), max_length=LONGEST, blank=True)
    closed_words = models.CharField(_("办结"), max_length=LONG, blank=True)

    #: The account of who is responsible; None: only the name is known.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("责任人的账号"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="measures",
    )
    starts_on = models.DateField(_("开始的日子"), null=True, blank=True)
    #: The day by which it falls due; None: no day is set, or none can be told from the words.
    due_on = models.DateField(_("到期日"), null=True, blank=True)
    #: In hundredths; None: not told.
    percent = models.PositiveSmallIntegerField(
        _("完成多少（%）"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    #: Blank: nothing is measured here.
    figure = models.CharField(_("连到哪个数"), max_length=12, choices=Figure.choices, blank=True)
    #: Whose figure it is; None: of the year in which it falls due, else of this one.
    year = models.PositiveSmallIntegerField(
        _("哪一年的数"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2200)],
    )
    #: What the figure is held against; None: it is only shown.
    goal = models.PositiveIntegerField(_("要达到多少"), null=True, blank=True)

    is_closed = models.BooleanField(default=False)
    #: None where a table said that it is done.
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    #: Its cells as a table had them, by column (sheets.cells): what nobody changed goes out so.
    cells = models.JSONField(default=dict, editable=False)
    #: Its place in its unit's ledger.
    place = models.PositiveIntegerField(default=0, editable=False)
    #: One more with each change: who saves an older one is told.
    version = models.PositiveIntegerField(default=1, editable=False)
    #: None: it stands. History is never deleted, and so no row is.
    taken_away_at = models.DateTimeField(null=True, editable=False)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账")
        verbose_name_plural = _("台账")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(figure__in=["", *Figure.values]),
                name="a_measures_figure_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=True) | models.Q(percent__lte=100),
                name="a_measure_is_done_to_a_hundred_at_most",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True)
                | models.Q(is_closed=True, closed_at__isnull=False, closed_by__isnull=False),
                name="a_closed_measure_says_by_whom_and_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on"],
                condition=models.Q(is_closed=False, taken_away_at__isnull=True),
                name="open_measures_by_due_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Short enough for a list."""
        first = self.task.splitlines()[0] if self.task else ""
        return first if len(first) <= SHORT // 2 else f"{first[: SHORT // 2]}…"

    @property
    def acting_unit(self) -> Unit:
        """Who has to do it."""
        return self.lead_unit or self.unit

    @property
    def standing(self) -> Standing:
        """Today."""
        today = timezone.localdate()
        if self.is_closed:
            return Standing.CLOSED
        if self.due_on is None or self.due_on > today + SOON:
            return Standing.RUNNING
        return Standing.OVERDUE if self.due_on < today else Standing.SOON

    @property
    def days_left(self) -> int | None:
        """Until it falls due; below 0 afterwards."""
        return (self.due_on - timezone.localdate()).days if self.due_on else None

    @property
    def days_over(self) -> int:
        """For one that is overdue."""
        return -(self.days_left or 0)

    @property
    def measured_year(self) -> int:
        if self.year is not None:
            return self.year
        return (self.due_on or timezone.localdate()).year

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise MeasureStays


class MeasureStays(TypeError):
    """Somebody tried to delete a row: its history would go with it. It is taken away instead."""
