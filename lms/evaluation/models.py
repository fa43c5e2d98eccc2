"""Answers of the five faces, cases that were handed in, and figures that were made public."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.evaluation.choices import AnsweredOn, CaseAct, CaseState, Face, FaceQuestion
from lms.people.choices import Consent, Role
from lms.people.models import administered_by, supervised_by
from lms.units.models import Unit, path_below

#: Who hands in cases, and keys in what was answered on paper.
HANDS_IN = (Role.OFFICER, Role.TEACHER)


# --- The five faces ---------------------------------------------------------------------------


class FaceTally(models.Model):
    """How often a face was pressed, by the unit of the screen and the month: nobody's."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False, related_name="+")
    month = models.DateField()  # its first day
    question = models.CharField(max_length=8, choices=FaceQuestion.choices)
    face = models.PositiveSmallIntegerField(choices=Face.choices)
    answered_on = models.CharField(max_length=6, choices=AnsweredOn.choices)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "month", "question", "face", "answered_on"],
                name="a_face_is_counted_in_one_row_a_month",
            ),
            models.CheckConstraint(
                condition=models.Q(face__range=(1, 5)), name="a_face_is_one_of_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month:%Y-%m} {self.question} {self.face}: {self.times}"


class PaperAnswersQuerySet(models.QuerySet["PaperAnswers"]):
    def keyed_in_for(self, user: Visitor) -> Self:
        """Of the units where the user hands in."""
        return self.filter(supervised_by(user, prefix="unit__", roles=HANDS_IN))


class PaperAnswers(models.Model):
    """A pile of sheets, counted and keyed in by somebody at work. It is in the tallies until it is
    taken back; never changed otherwise."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="paper_answers")
    month = models.DateField()  # its first day
    sheets = models.PositiveSmallIntegerField(_("几张"))
    #: By the question how many pressed each face, from 1 to 5.
    counts = models.JSONField()
    keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    keyed_at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PaperAnswersQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-keyed_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | models.Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="paper_answers_taken_back_say_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.month:%Y-%m}: {self.sheets}"


# --- 典型案例 ---------------------------------------------------------------------------------


class TypicalCaseQuerySet(models.QuerySet["TypicalCase"]):
    def public(self) -> Self:
        """What anybody reads, the latest first."""
        return self.filter(state=CaseState.CHOSEN).order_by("-decided_at", "-pk")

    def visible_to(self, user: Visitor) -> Self:
        """Who handed it in, and who supervises its unit or one above."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(submitted_by=user.pk)
        return self.filter(own | supervised_by(user, prefix="unit__"))

    def waiting_for(self, user: Visitor) -> Self:
        """Those that lie at a unit whose officer the user is, and are not the user's own."""
        if not user.is_authenticated:
            return self.none()
        waiting = self.filter(administered_by(user, prefix="lies_at__"), state=CaseState.SUBMITTED)
        return waiting.exclude(submitted_by=user.pk).order_by("submitted_at", "pk")


class TypicalCase(models.Model):
    """What a unit does well, told for others: handed in, sent up a level at a time, chosen where
    the tree begins, and then public."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="typical_cases"
    )
    title = models.CharField(_("题目"), max_length=40)
    situation = models.TextField(_("原来的情况"), max_length=600)
    deed = models.TextField(_("怎么做的"), max_length=1200)
    outcome = models.TextField(_("成效"), max_length=600)
    names_people = models.BooleanField(_("写了人的姓名"))
    #: How and when those agreed; blank and None where nobody is named.
    consent = models.CharField(_("怎么同意的"), max_length=9, choices=Consent.choices, blank=True)
    consented_on = models.DateField(_("哪天同意的"), null=True, blank=True)
    state = models.CharField(max_length=9, choices=CaseState.choices, default=CaseState.SUBMITTED)
    #: Whose officer is asked: one level above the unit at first.
    lies_at = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)

    objects = TypicalCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("典型案例")
        verbose_name_plural = _("典型案例")
        ordering: ClassVar = ["-submitted_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=CaseState.values), name="a_cases_state_is_a_known_one"
            ),
            models.CheckConstraint(
                condition=models.Q(names_people=False, consent="", consented_on__isnull=True)
                | models.Q(names_people=True, consented_on__isnull=False) & ~models.Q(consent=""),
                name="a_case_names_people_only_with_their_consent",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.state == CaseState.CHOSEN

    @property
    def can_be_changed(self) -> bool:
        return self.state == CaseState.RETURNED


class CaseEventIsFinal(TypeError):
    """Somebody tried to change what was done about a case, or to take it away."""


class CaseEventQuerySet(models.QuerySet["CaseEvent"]):
    def update(self, **fields: Any) -> int:
        raise CaseEventIsFinal

    def delete(self) -> tuple[int, dict[str, int]]:
        raise CaseEventIsFinal


class CaseEvent(models.Model):
    """What was done about a case, by whom and why. Never changed, never deleted."""

    case = models.ForeignKey(TypicalCase, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=9, choices=CaseAct.choices)
    #: Where it lay then.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(act__in=(CaseAct.RETURNED, CaseAct.WITHDRAWN))
                | ~models.Q(reason=""),
                name="a_case_sent_back_or_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_act_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise CaseEventIsFinal
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise CaseEventIsFinal


# --- Open figures -----------------------------------------------------------------------------


class OpenFigures(models.Model):
    """A year's figures as they were made public: the file itself, which is never made again. Put
    right by another edition, which says why."""

    year = models.PositiveSmallIntegerField(_("年"))
    edition = models.PositiveSmallIntegerField(_("第几版"), default=1)
    #: Why there is another edition; blank for the first.
    reason = models.CharField(_("为什么再出一版"), max_length=120, blank=True)
    content = models.BinaryField(editable=False)  # CSV
    dictionary = models.BinaryField(editable=False)  # CSV, what each column means
    sha256 = models.CharField(max_length=64)  # of the content, in hexadecimal
    rows = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-year", "-edition"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "edition"], name="a_years_edition_is_made_once"
            ),
            models.CheckConstraint(
                condition=models.Q(edition=1) | ~models.Q(reason=""),
                name="another_edition_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} ({self.edition})"


def answers_below(unit: Unit) -> models.QuerySet[FaceTally]:
    """Of the unit and all below it."""
    return FaceTally.objects.filter(path_below(unit, prefix="unit__"))
