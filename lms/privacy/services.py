"""Verbs that write what somebody agreed to, and that delete an account."""

import secrets

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from courses.progress.models import LearnerRecord
from courses.progress.records import forget
from lms.accounts.choices import Purpose
from lms.accounts.models import User
from lms.accounts.services import note_agreement
from lms.manuals.models import Organisation
from lms.people.models import Learner, RoleAssignment
from lms.people.services.learners import erase_learner
from lms.privacy.purposes import NOTICE_VERSION


class DeletionRefused(Exception):
    """The text says why, and what to do first."""


@transaction.atomic
def answer_purpose(user: User, purpose: Purpose, *, given: bool) -> None:
    """Write the answer down. Who says no to the learning record has what was kept deleted."""
    note_agreement(user, purpose, given=given, version=NOTICE_VERSION)
    if purpose == Purpose.LEARNING and not given:
        record = LearnerRecord.objects.filter(user=user).first()
        if record is not None:
            forget(record)


def works_still(user: User) -> bool:
    """Whether the account is needed for work: staff, a role that is not over, a manufacturer's."""
    return (
        user.is_office()
        or RoleAssignment.objects.not_over().filter(person=user).exists()
        or Organisation.objects.of_member(user).exists()
    )


def learner_of(user: User) -> Learner | None:
    """The row of the register that stands for who is signed in; None: there is none."""
    found = Learner.objects.filter(user=user, erased_at__isnull=True)
    row = found.select_related("unit", "merged_into__unit").first()
    return row and (row.merged_into or row)


@transaction.atomic
def delete_everything_of(user: User) -> None:
    """All that is kept of who is signed in: the learner without a trace of who it was, the account
    with what was learnt. Raises DeletionRefused for who works here."""
    if works_still(user):
        raise DeletionRefused(_("您在这里任职，账号还要用。请先请管理员结束任职，再来删。"))
    learner = learner_of(user)
    if learner is not None:
        erase_learner(learner, reason=_("本人在网上要求"), erased_by=None)
    if User.objects.filter(pk=user.pk, is_active=True).exists():
        delete_account(user)


def delete_account_of(learner: Learner) -> None:
    """The account of a learner who is erased goes too, unless somebody works with it."""
    rows = (learner, *learner.merged_here.select_related("user"))
    for user in {row.user for row in rows if row.user is not None}:
        delete_account(user)


@transaction.atomic
def delete_account(user: AbstractBaseUser) -> bool:
    """Delete it with all that belongs to it; False, and nothing is changed, where somebody works
    with it. What the person once did for others (a name in a log) needs a row: then one stays that
    says nothing and opens nothing."""
    account = User.objects.select_for_update().get(pk=user.pk)
    if works_still(account):
        return False
    try:
        with transaction.atomic():
            account.delete()
    except ProtectedError:
        _empty(account)
    return True


def _empty(account: User) -> None:
    for theirs in ("agreements", "televisions", "emailaddress_set"):
        getattr(account, theirs).all().delete() if hasattr(account, theirs) else None
    account.deliveries.update(person=None)
    for one in ("display_settings", "learner_record", "calendar_key", "slip", "digest_choice"):
        if hasattr(account, one):
            getattr(account, one).delete()
    account.represented_learners.update(person=None)
    account.username = f"gone-{secrets.token_hex(6)}"
    account.first_name = account.last_name = account.email = account.telephone = ""
    account.is_active = False
    account.set_unusable_password()
    account.save()
