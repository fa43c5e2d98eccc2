"""Manufacturers: an organisation, its members, and what staff decided about it."""

import uuid
from pathlib import PurePath
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.manuals.choices import NEEDS_A_NOTE, SHOWN_STATES, MemberRole, OrganisationState

#: 统一社会信用代码, GB 32100-2015: digits and capitals without I, O, S, V, Z; its check digit is
#: checked when an application is sent.
CODE_LENGTH = 18
CODE_PATTERN = r"^[0-9A-HJ-NPQRTUWXY]{18}$"


def document_path(organisation: "Organisation", filename: str) -> str:
    """A random name in a folder that `media` does not serve; the suffix is kept."""
    return f"manufacturers/documents/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def active(self) -> Self:
        return self.filter(state=OrganisationState.ACTIVE)

    def waiting(self) -> Self:
        """Applications that staff have to decide about, the longest waiting first."""
        return self.filter(state=OrganisationState.APPLIED).order_by("applied_at", "pk")

    def shown(self) -> Self:
        return self.filter(state__in=SHOWN_STATES)

    def of_member(self, user: Visitor) -> Self:
        """The user's own, whatever its state; none for whoever works for no manufacturer."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(members__user=user)


class Organisation(models.Model):
    """A manufacturer. It registers itself and is never deleted, since its short codes are printed
    on boxes that people own."""

    name = models.CharField(_("单位名称"), max_length=80)
    code = models.CharField(_("统一社会信用代码"), max_length=CODE_LENGTH, unique=True)
    state = models.CharField(
        _("状态"),
        max_length=9,
        choices=OrganisationState.choices,
        default=OrganisationState.APPLIED,
    )
    contact = models.CharField(_("联系人"), max_length=40)
    telephone = models.CharField(_("联系电话"), max_length=20)
    email = models.EmailField(_("邮箱"))
    licence = models.FileField(_("营业执照"), upload_to=document_path, max_length=120)
    authorisation = models.FileField(_("授权书"), upload_to=document_path, max_length=120)
    #: When the application that stands now was handed in; again after a return.
    applied_at = models.DateTimeField(_("申请时间"))

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [("decide_organisation", _("可以审核厂商"))]
        verbose_name = _("厂商")
        verbose_name_plural = _("厂商")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=OrganisationState.values),
                name="an_organisations_state_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=CODE_PATTERN),
                name="an_organisations_code_has_eighteen_signs",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.state == OrganisationState.ACTIVE

    @property
    def has_left(self) -> bool:
        """Its live manuals stay, marked 厂商已退出."""
        return self.state == OrganisationState.CLOSED

    @property
    def is_suspended(self) -> bool:
        """Its manuals are hidden behind a notice until it is reactivated."""
        return self.state == OrganisationState.SUSPENDED


class Membership(models.Model):
    """A person works for an organisation, and for one only, so that a page always knows for which
    organisation somebody writes."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="manufacturer"
    )
    #: Of an organisation at least one is an owner (services/people.py).
    role = models.CharField(
        _("做什么"), max_length=6, choices=MemberRole.choices, default=MemberRole.EDITOR
    )
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("厂商的人")
        verbose_name_plural = _("厂商的人")
        ordering: ClassVar = ["joined_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=MemberRole.values),
                name="what_a_member_does_is_a_known_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class Invitation(models.Model):
    """A link by which one person joins an organisation. Only the digest of its token is kept, so
    that nobody finds the link here."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    #: For whom it is, in the owner's words.
    name = models.CharField(_("请谁"), max_length=40)
    role = models.CharField(_("做什么"), max_length=6, choices=MemberRole.choices)
    #: SHA-256 of the token in hex.
    digest = models.CharField(max_length=64, unique=True)
    #: None when the person's account is gone.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()

    class Meta:
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=MemberRole.values) & ~models.Q(name=""),
                name="an_invitation_says_for_whom_and_for_what",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.organisation}"


class OrganisationDecision(models.Model):
    """What staff decided about an organisation; its members are shown the newest note."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="decisions"
    )
    state = models.CharField(_("决定"), max_length=9, choices=OrganisationState.choices)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    #: None when the person's account is gone.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("对厂商的决定")
        verbose_name_plural = _("对厂商的决定")
        ordering: ClassVar = ["-decided_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=OrganisationState.values),
                name="a_decision_leads_to_a_known_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=NEEDS_A_NOTE) | ~models.Q(note=""),
                name="whoever_returns_or_suspends_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_state_display()}"
