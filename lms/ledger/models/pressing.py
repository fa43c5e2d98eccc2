"""督办: a measure is pressed with a term, answered, or goes up to the level above."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.ledger.models.measures import Measure
from lms.units.models import paths_to

WORDS_MOST = 500


class PressingQuerySet(models.QuerySet["Pressing"]):
    def open(self) -> Self:
        """What waits for an answer, the longest past its term first."""
        return self.filter(answered_at__isnull=True).order_by("answer_by", "pk")

    def past_term(self) -> Self:
        """Unanswered after the last day of its term."""
        return self.open().filter(answer_by__lt=timezone.localdate())


class Pressing(models.Model):
    """An officer asks for an answer until a day."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="pressings")
    words = models.TextField(_("督办什么"), max_length=WORDS_MOST)
    pressed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    pressed_on = models.DateField(default=timezone.localdate)
    #: The last day on which an answer is in time.
    answer_by = models.DateField(_("哪天以前答复"))
    answer = models.TextField(_("答复"), max_length=WORDS_MOST, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = PressingQuerySet.as_manager()

    class Meta:
        verbose_name = _("督办")
        verbose_name_plural = _("督办")
        ordering: ClassVar = ["-pressed_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure"],
                condition=models.Q(answered_at__isnull=True),
                name="a_measure_is_pressed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(answer_by__gte=models.F("pressed_on")),
                name="an_answer_is_due_after_the_pressing",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | models.Q(answered_at__isnull=False, answered_by__isnull=False)
                & ~models.Q(answer=""),
                name="an_answered_pressing_says_what_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.words}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    @property
    def term(self) -> int:
        """Days that there were for an answer, at least one."""
        return max(1, (self.answer_by - self.pressed_on).days)

    @property
    def days_over(self) -> int:
        """Past the term today, while nobody has answered; 0: it is in time, or answered."""
        if not self.is_open:
            return 0
        return max(0, (timezone.localdate() - self.answer_by).days)

    @property
    def levels_up(self) -> int:
        """How many levels above who leads it it has gone by now: one when its term is over, and one
        more each time that as many days have passed again."""
        return 0 if not self.days_over else 1 + (self.days_over - 1) // self.term

    @property
    def paths_reached(self) -> list[str]:
        """Of the units above the one that leads, which it has gone up to, the nearest first. At the
        top there is nobody above, and it is shown there."""
        path = self.measure.acting_unit.path
        above = paths_to(path)[:-1][::-1] or [path]
        return above[: self.levels_up]
