"""Somebody who asked to be called back, and what became of it."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.helpline.choices import HelpState
from lms.people.choices import Role
from lms.people.models import Learner, RoleAssignment, supervised_by
from lms.units.models import Unit

#: Who calls back. Auditors read figures, not who asked for help and under what number.
CALLS_BACK = (Role.OFFICER, Role.TEACHER, Role.VOLUNTEER)


def answers_help(user: Visitor) -> bool:
    """Whether the user calls back those who ask for help, somewhere."""
    if not user.is_authenticated:
        return False
    appointed = RoleAssignment.objects.current().filter(person=user, role__in=CALLS_BACK)
    return user.is_superuser or appointed.exists()


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def answerable_by(self, user: Visitor) -> Self:
        """Those to units where the user is an officer, teacher or volunteer, and below them."""
        return self.filter(supervised_by(user, prefix="unit__", roles=CALLS_BACK))

    def open(self) -> Self:
        """Whoever waits longest comes first."""
        return self.filter(state=HelpState.OPEN).order_by("asked_at", "pk")

    def closed(self) -> Self:
        """Those that still say who asked, the latest first."""
        closed = self.filter(state=HelpState.CLOSED, forgotten_at__isnull=True)
        return closed.order_by("-closed_at", "-pk")


class HelpRequest(models.Model):
    """Asked of a unit's staff by whoever pressed 请志愿者联系我, with an account or without."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="help_requests"
    )
    #: Who asks, when the number given was a learner's; None for everybody else.
    learner = models.ForeignKey(
        Learner, null=True, on_delete=models.CASCADE, related_name="help_requests"
    )
    telephone = models.CharField(_("电话"), max_length=20, blank=True)
    name = models.CharField(_("怎么称呼"), max_length=40, blank=True)
    #: What was on the screen; None when it was no lesson or classroom.
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=HelpState.choices, default=HelpState.OPEN)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: What came of it; may be blank.
    closed_note = models.CharField(_("结果"), max_length=80, blank=True)
    #: When it was made nobody's, its time having passed (HELP_KEPT_DAYS); None: it says who asked.
    forgotten_at = models.DateTimeField(null=True, editable=False)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("求助")
        verbose_name_plural = _("求助")
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(state="open"),
                name="open_help_requests",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    state=HelpState.CLOSED, closed_at__isnull=False, closed_by__isnull=False
                )
                | models.Q(state=HelpState.OPEN, closed_at__isnull=True, closed_by__isnull=True),
                name="a_closed_help_request_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(telephone="")
                | models.Q(learner__isnull=False)
                | models.Q(forgotten_at__isnull=False),
                name="a_help_request_says_whom_to_call",
            ),
            models.CheckConstraint(
                condition=models.Q(forgotten_at__isnull=True)
                | models.Q(
                    state=HelpState.CLOSED,
                    telephone="",
                    name="",
                    closed_note="",
                    learner__isnull=True,
                ),
                name="a_forgotten_help_request_is_closed_and_nobodys",
            ),
            models.UniqueConstraint(
                fields=["unit", "telephone"],
                condition=models.Q(state="open", learner__isnull=True),
                name="a_telephone_waits_for_one_call",
            ),
            models.UniqueConstraint(
                fields=["unit", "learner"],
                condition=models.Q(state="open"),
                name="a_learner_waits_for_one_call",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.who()}"

    @property
    def has_just_come(self) -> bool:
        """Not a minute ago."""
        return timezone.now() - self.asked_at < timedelta(minutes=1)

    def who(self) -> str:
        return self.name or (self.learner.name if self.learner else "") or self.telephone

    def number_to_call(self) -> str:
        """What was given, else the learner's own; blank when neither is known."""
        return self.telephone or (self.learner.telephone if self.learner else "")
