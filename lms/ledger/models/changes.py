"""What was changed of a row, from what to what, by whom: a log that is only added to."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.ledger.choices import Act, Way
from lms.ledger.models.measures import Measure


class ChangeIsFinal(TypeError):
    """Somebody tried to change or delete what is written in the history of a row."""


class MeasureChangeQuerySet(models.QuerySet["MeasureChange"]):
    """Lines are added and read; nothing else is done to them (decision 026)."""

    def update(self, **fields: Any) -> int:
        raise ChangeIsFinal

    def delete(self) -> tuple[int, dict[str, int]]:
        raise ChangeIsFinal


class MeasureChange(models.Model):
    """One field of a row, or something done to it. Never changed, never deleted."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="changes")
    #: As the row counts them: those of one saving share it.
    version = models.PositiveIntegerField()
    #: The field's name; blank: something was done to the whole row, and `now` says more of it.
    field = models.CharField(max_length=16, blank=True)
    act = models.CharField(max_length=10, choices=Act.choices, blank=True)
    was = models.TextField(_("原来"), blank=True)
    now = models.TextField(_("改成"), blank=True)
    way = models.CharField(max_length=7, choices=Way.choices, default=Way.PAGE)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("谁"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    objects = MeasureChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("台账改动")
        verbose_name_plural = _("台账改动")
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(way__in=Way.values), name="a_measure_changes_in_a_known_way"
            ),
            models.CheckConstraint(
                condition=models.Q(act="") & ~models.Q(field="")
                | models.Q(field="", act__in=Act.values),
                name="a_change_is_of_a_field_or_of_the_row",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.measure_id} v{self.version} {self.field or self.act}: {self.was} → {self.now}"
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ChangeIsFinal
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ChangeIsFinal
