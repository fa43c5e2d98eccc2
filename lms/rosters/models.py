"""Lists of learners as spreadsheets: looked at first, then imported, perhaps taken back."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.classes.models import ClassGroup
from lms.people.choices import Role
from lms.people.models import Learner, RoleAssignment, administered_by, supervised_units
from lms.rosters.choices import RosterState, StaffStaysBecause, StaysBecause
from lms.units.models import Unit

#: A preview that nobody confirms is thrown away with all that it holds.
PREVIEW_FOR = timedelta(hours=24)
#: Rows that were not imported can be fetched so long; then they are thrown away as well.
LEFT_OUT_FOR = timedelta(days=7)


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def kept_by(self, user: Visitor) -> Self:
        """Of classes that the user keeps, and of units where the user is an officer."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(class_group__in=ClassGroup.objects.changeable_by(user).values("pk"))
            | models.Q(administered_by(user, prefix="unit__"), class_group=None)
        )

    def of(self, user: Visitor) -> Self:
        """Of those, what the user sent: a list is shown to nobody else."""
        return self.kept_by(user).filter(uploaded_by=user.pk).exclude(_expired())

    def undoable_by(self, user: Visitor) -> Self:
        """Of those, what the user imported, or an officer of the unit may take back for others."""
        mine = models.Q(uploaded_by=user.pk) | administered_by(user, prefix="unit__")
        return self.kept_by(user).filter(mine, state=RosterState.DONE)

    def expired(self) -> Self:
        """Previews that nobody confirmed in time."""
        return self.filter(_expired())


def _expired() -> models.Q:
    return models.Q(state=RosterState.PREVIEW, uploaded_at__lt=timezone.now() - PREVIEW_FOR)


class RosterImport(models.Model):
    """One list. While it is looked at, `rows` holds all of it (learners.reading.RosterRow), and
    afterwards only the rows that were left out; the file itself is never kept."""

    class_group = models.ForeignKey(
        ClassGroup,
        verbose_name=_("班级"),
        null=True,  # registered only, and put into no class
        on_delete=models.CASCADE,
        related_name="roster_imports",
    )
    #: Where learners are registered whose row names no other village.
    unit = models.ForeignKey(
        Unit, verbose_name=_("村居"), on_delete=models.PROTECT, related_name="roster_imports"
    )
    state = models.CharField(max_length=7, choices=RosterState.choices, default=RosterState.PREVIEW)
    file_name = models.CharField(_("文件"), max_length=120)
    notes = models.JSONField(default=list)  # what was not read, in words
    rows = models.JSONField(default=list)
    #: Places free in the class when the rows were judged; None: as many as come.
    places = models.PositiveIntegerField(null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    registered = models.PositiveIntegerField(default=0)  # learners
    enrolled = models.PositiveIntegerField(default=0)  # who waits included
    waiting = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("名单导入")
        verbose_name_plural = _("名单导入")
        ordering: ClassVar = ["-uploaded_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=RosterState.values),
                name="a_rosters_state_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RosterState.PREVIEW, confirmed_at__isnull=True)
                | models.Q(~models.Q(state=RosterState.PREVIEW), confirmed_at__isnull=False),
                name="a_roster_that_was_imported_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=RosterState.UNDONE, undone_at__isnull=False, undone_by__isnull=False
                )
                | models.Q(
                    ~models.Q(state=RosterState.UNDONE),
                    undone_at__isnull=True,
                    undone_by__isnull=True,
                ),
                name="a_roster_that_was_undone_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(waiting__lte=models.F("enrolled")),
                name="who_waits_of_a_roster_is_enrolled_by_it",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "uploaded_at"], name="roster_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"


class RosterEntry(models.Model):
    """What an import did for one learner; gone once that is undone. What could not be undone stays
    and says why."""

    roster = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="entries")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="roster_entries")
    line = models.PositiveIntegerField()
    registered = models.BooleanField()
    enrolled = models.BooleanField()
    #: Of the particulars as they were registered, so that a later change is noticed; blank for a
    #: learner who was there already.
    digest = models.CharField(max_length=64, blank=True)
    stays_because = models.CharField(max_length=9, choices=StaysBecause.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["line"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["roster", "learner"], name="a_roster_deals_with_a_learner_once"
            ),
            models.CheckConstraint(
                condition=models.Q(registered=True) | models.Q(enrolled=True),
                name="a_roster_entry_did_something",
            ),
            models.CheckConstraint(
                condition=models.Q(stays_because__in=["", *StaysBecause.values]),
                name="a_roster_entry_stays_for_a_known_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.learner}"


# --- Staff ------------------------------------------------------------------------------------


class StaffImportQuerySet(models.QuerySet["StaffImport"]):
    def of(self, user: Visitor) -> Self:
        """What the user, an officer still, sent, while it is not thrown away: a list is shown to
        nobody else."""
        if not user.is_authenticated:
            return self.none()
        if not (user.is_superuser or supervised_units(user, roles=(Role.OFFICER,))):
            return self.none()
        return self.filter(uploaded_by=user.pk).exclude(_expired())

    def expired(self) -> Self:
        """Previews that nobody confirmed in time."""
        return self.filter(_expired())


class StaffImport(models.Model):
    """One list of staff. `rows` are as in RosterImport (staff.reading.StaffRow)."""

    state = models.CharField(max_length=7, choices=RosterState.choices, default=RosterState.PREVIEW)
    file_name = models.CharField(_("文件"), max_length=120)
    notes = models.JSONField(default=list)  # what was not read, in words
    rows = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = StaffImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("人员导入")
        verbose_name_plural = _("人员导入")
        ordering: ClassVar = ["-uploaded_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=RosterState.values),
                name="a_staff_imports_state_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RosterState.PREVIEW, confirmed_at__isnull=True)
                | models.Q(~models.Q(state=RosterState.PREVIEW), confirmed_at__isnull=False),
                name="a_list_of_staff_that_was_imported_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RosterState.UNDONE, undone_at__isnull=False)
                | models.Q(~models.Q(state=RosterState.UNDONE), undone_at__isnull=True),
                name="a_list_of_staff_that_was_undone_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"


class StaffEntryQuerySet(models.QuerySet["StaffEntry"]):
    def visible_to(self, user: Visitor) -> Self:
        """Of roles that the user still keeps: an officer may have moved since."""
        return self.filter(assignment__in=RoleAssignment.objects.visible_to(user))


class StaffEntry(models.Model):
    """The role that an import gave to somebody; after undoing, only those that stay, and why."""

    roster = models.ForeignKey(StaffImport, on_delete=models.CASCADE, related_name="entries")
    assignment = models.ForeignKey(RoleAssignment, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    made_account = models.BooleanField()
    stays_because = models.CharField(max_length=9, choices=StaffStaysBecause.choices, blank=True)

    objects = StaffEntryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["line"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["roster", "line"], name="a_line_of_a_list_of_staff_gives_one_role"
            ),
            models.CheckConstraint(
                condition=models.Q(stays_because__in=["", *StaffStaysBecause.values]),
                name="a_staff_entry_stays_for_a_known_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.assignment}"
