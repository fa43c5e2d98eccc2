"""Verbs by which owners of an organisation invite people, remove them and change what they do."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.manuals.choices import MemberRole
from lms.manuals.models import Invitation, Membership, Organisation

INVITATION_DAYS: Final = 7
#: Of one organisation at one time.
MOST_INVITATIONS: Final = 20


class PeopleRefused(Exception):
    """Something about people that is not possible; the text says what to do."""


@transaction.atomic
def invite(
    organisation: Organisation, *, name: str, role: MemberRole, by: User
) -> tuple[Invitation, str]:
    """The invitation and its token, which is kept nowhere. Raises PeopleRefused."""
    organisation = _locked(organisation)
    _refuse_whoever_is_no_owner(organisation, by)
    organisation.invitations.filter(ends_at__lte=timezone.now()).delete()
    if organisation.invitations.count() >= MOST_INVITATIONS:
        raise PeopleRefused(_("请出去的太多了。请先收回几个没用上的。"))
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        organisation=organisation,
        name=" ".join(name.split()),
        role=role,
        digest=_digest_of(token),
        made_by=by,
        ends_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    return invitation, token


def open_invitation(token: str) -> Invitation | None:
    """None when there is none, or no longer, or its organisation is not active."""
    invitation = (
        Invitation.objects.filter(digest=_digest_of(token), ends_at__gt=timezone.now())
        .select_related("organisation")
        .first()
    )
    return invitation if invitation and invitation.organisation.is_active else None


@transaction.atomic
def join(token: str, *, user: User) -> Membership:
    """Good once. Raises PeopleRefused when it is over, and for whoever works for a manufacturer
    already."""
    invitation = open_invitation(token)
    if invitation is not None:
        _locked(invitation.organisation)
        invitation = open_invitation(token)  # perhaps used in the same moment
    if invitation is None:
        raise PeopleRefused(_("这个邀请过期了，或者用过了。请同事再请您一次。"))
    if Membership.objects.filter(user=user).exists():
        raise PeopleRefused(_("您已经在一家厂商里。一个账号只能在一家。"))
    member = Membership.objects.create(
        organisation=invitation.organisation, user=user, role=invitation.role
    )
    invitation.delete()
    return member


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> None:
    """Its link leads nowhere any more. Raises PeopleRefused."""
    _refuse_whoever_is_no_owner(invitation.organisation, by)
    invitation.delete()


@transaction.atomic
def remove_member(member: Membership, *, by: User) -> None:
    """Out at the next request; what the person wrote stays. Raises PeopleRefused for the last
    owner."""
    organisation = _locked(member.organisation)
    _refuse_whoever_is_no_owner(organisation, by)
    _refuse_the_last_owner(organisation, member)
    member.delete()


@transaction.atomic
def change_role(member: Membership, *, role: MemberRole, by: User) -> None:
    """Raises PeopleRefused when no owner would be left."""
    organisation = _locked(member.organisation)
    _refuse_whoever_is_no_owner(organisation, by)
    if role != MemberRole.OWNER:
        _refuse_the_last_owner(organisation, member)
    member.role = role
    member.save(update_fields=["role"])


def is_owner(organisation: Organisation, user: User) -> bool:
    return organisation.members.filter(user=user, role=MemberRole.OWNER).exists()


def _digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _locked(organisation: Organisation) -> Organisation:
    """Two owners who remove each other at once wait here for each other."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _refuse_whoever_is_no_owner(organisation: Organisation, user: User) -> None:
    if not is_owner(organisation, user):
        raise PeopleRefused(_("请人、请出人，要由负责人来办。"))


def _refuse_the_last_owner(organisation: Organisation, member: Membership) -> None:
    others = organisation.members.filter(role=MemberRole.OWNER).exclude(pk=member.pk)
    if not others.exists() and is_owner(organisation, member.user):
        raise PeopleRefused(_("总要有一位负责人。请先让另一位做负责人。"))
