"""What came from another city, and how it stood when it came."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.permission_policies.pages import PagePermissionPolicy

from lms.accounts.access import Visitor
from lms.manuals.models import Manual


def brings_lessons(user: Visitor) -> bool:
    """Whether somebody may add pages somewhere: administrators and editors."""
    return bool(PagePermissionPolicy().user_has_permission(user, "add"))


class TakenPart(models.Model):
    """A page or a manual that a course pack brought. It names nobody."""

    #: A page's key is the same in all cities (its `translation_key` where it was written); a
    #: manual's is its short code.
    key = models.CharField(max_length=36, unique=True)
    page = models.OneToOneField(
        "wagtailcore.Page", null=True, on_delete=models.CASCADE, related_name="taken"
    )
    manual = models.OneToOneField(Manual, null=True, on_delete=models.CASCADE, related_name="taken")
    #: Digest of its content as it was taken; it stands otherwise once somebody here changed it.
    stands = models.CharField(max_length=64)
    #: Digests of the film and of the sound that came with it; blank: none did.
    film = models.CharField(max_length=64, blank=True)
    sound = models.CharField(max_length=64, blank=True)
    source = models.CharField(_("从哪儿来"), max_length=255, blank=True)
    licence = models.CharField(_("许可"), max_length=255, blank=True)
    taken_at = models.DateTimeField(_("什么时候"), auto_now=True)

    class Meta:
        verbose_name = _("收来的课")
        verbose_name_plural = _("收来的课")
        ordering: ClassVar = ["-taken_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(page__isnull=False, manual__isnull=True)
                | models.Q(page__isnull=True, manual__isnull=False),
                name="what_was_taken_is_a_page_or_a_manual",
            )
        ]

    def __str__(self) -> str:
        return str(self.page or self.manual)
