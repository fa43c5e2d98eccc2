"""Packs that are made here."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.manuals.models import Organisation
from lms.packs.choices import IN_HAND, Quality, Scope
from lms.packs.models.jobs import Job, JobQuerySet, of_a_job
from lms.people.choices import Role
from lms.people.models import supervised_units


class Edition(models.Model):
    """A manifest that was signed here. Append-only: numbers are never given again."""

    #: YYYYMMDDHHMM when it was made, or one more than the last: it grows even after a backup was
    #: restored.
    number = models.PositiveBigIntegerField(primary_key=True)
    #: `Manifest.scope`.
    scope = models.CharField(max_length=120)
    #: SHA-256 of the manifest in hex.
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"{self.number} {self.scope}"


def makes_packs(user: Visitor) -> bool:
    """Whether the user may have packs made: whoever enters the admin, and officers."""
    if not user.is_authenticated:
        return False
    return user.is_office() or bool(supervised_units(user, roles=(Role.OFFICER,)))


class PackMakingQuerySet(JobQuerySet["PackMaking"]):
    def visible_to(self, user: Visitor) -> Self:
        """All of them, since what is in a pack anybody may see; for those who make packs."""
        return self.all() if makes_packs(user) else self.none()


class PackMaking(Job):
    """A pack that somebody asked for on the page 课程盘."""

    scope = models.CharField(_("哪些课"), max_length=6, choices=Scope.choices, default=Scope.ALL)
    #: The classroom or series; None for all.
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    quality = models.CharField(
        _("视频"), max_length=9, choices=Quality.choices, default=Quality.SUBTITLED
    )
    #: Whose manuals go along.
    makers = models.ManyToManyField(
        Organisation, verbose_name=_("带上哪些厂商的说明书"), blank=True, related_name="+"
    )
    #: Of its folder below VAR_DIR/packs; makings of the same choice share one.
    folder = models.CharField(max_length=60)
    #: The rest are None until it is done.
    edition = models.PositiveBigIntegerField(null=True)
    size_bytes = models.PositiveBigIntegerField(null=True)
    files = models.PositiveIntegerField(null=True)
    files_written = models.PositiveIntegerField(null=True)

    objects = PackMakingQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("课程盘")
        verbose_name_plural = _("课程盘")
        constraints: ClassVar = [
            *of_a_job("making"),
            models.CheckConstraint(
                condition=models.Q(scope=Scope.ALL, page__isnull=True)
                | models.Q(scope__in=(Scope.CLASSROOM, Scope.SERIES), page__isnull=False),
                name="a_making_of_a_part_says_which",
            ),
            models.CheckConstraint(
                condition=models.Q(quality__in=Quality.values),
                name="a_makings_quality_is_a_known_one",
            ),
            models.UniqueConstraint(
                fields=["folder"],
                condition=models.Q(state__in=IN_HAND),
                name="a_folder_is_made_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folder} {self.get_state_display()}"
