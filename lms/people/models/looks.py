"""Who of the staff looked at learners' data or took it along: a log that is only added to."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.people.choices import Looked, Role
from lms.people.models.learners import Learner
from lms.people.models.roles import supervised_by
from lms.units.models import Unit

#: No line goes sooner, whatever a setting says: six months.
LEAST_KEPT = timedelta(days=183)


class LookIsFinal(TypeError):
    """Somebody tried to change a line of the log, or to take one away."""


class LookQuerySet(models.QuerySet["Look"]):
    """Lines are added and read; only `remove_before` takes any away."""

    def visible_to(self, user: Visitor) -> Self:
        """For auditors, of their units and all below; all, for superusers. Who looks at learners'
        data does not audit himself."""
        return self.filter(supervised_by(user, prefix="unit__", roles=(Role.AUDITOR,)))

    def update(self, **fields: Any) -> int:
        raise LookIsFinal

    def delete(self) -> tuple[int, dict[str, int]]:
        raise LookIsFinal

    def remove_before(self, moment: datetime) -> int:
        """For the nightly job: take away what is older; returns how many lines. Raises LookIsFinal
        for lines that are not yet six months old."""
        if moment > timezone.now() - LEAST_KEPT:
            raise LookIsFinal
        count, _by_kind = super(LookQuerySet, self.filter(at__lt=moment)).delete()
        return count


class Look(models.Model):
    """Somebody who works here was shown learners' data, or took it along as a file or on paper.

    It bears no learner's name, so that nothing personal outlives an erasure here.
    """

    at = models.DateTimeField(_("时间"), default=timezone.now)
    #: The full hour of it: the same page looked at again within the hour is one line.
    hour = models.DateTimeField(editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("谁"),
        on_delete=models.PROTECT,
        related_name="looks",
    )
    what = models.CharField(_("看了什么"), max_length=10, choices=Looked.choices)
    #: A file or paper, and so a line each time.
    taken = models.BooleanField(_("带走"), default=False)
    #: Of which learner; None: of several. The row may be gone by now, the key stays.
    learner = models.ForeignKey(
        Learner,
        null=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="looks",
    )
    #: Which class, session or list, as it was called then; never a person.
    about = models.CharField(_("哪一个"), max_length=120, blank=True)
    #: Where; None: the site has no units yet.
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    #: How many; mostly one a person.
    rows = models.PositiveIntegerField(_("几行"))
    #: Where a page asks for it; else blank.
    reason = models.CharField(_("原因"), max_length=80, blank=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["at"], name="looks_by_time")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(what__in=Looked.values), name="a_look_is_at_something_known"
            ),
            models.UniqueConstraint(
                fields=["person", "hour", "what", "about", "unit"],
                condition=models.Q(taken=False, learner__isnull=True),
                name="a_list_looked_at_within_the_hour_is_one_line",
            ),
            models.UniqueConstraint(
                fields=["person", "hour", "what", "learner"],
                condition=models.Q(taken=False, learner__isnull=False),
                name="a_learner_looked_at_within_the_hour_is_one_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.person} {self.get_what_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LookIsFinal
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise LookIsFinal
