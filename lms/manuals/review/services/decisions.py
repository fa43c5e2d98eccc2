"""Verbs by which staff decide about an organisation. All of them raise DecisionRefused."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.manuals.choices import DECISION_STEPS, NEEDS_A_NOTE, DecisionName, VersionState
from lms.manuals.models import ManualVersion, Organisation, OrganisationDecision
from lms.manuals.review.permissions import may_decide
from lms.manuals.review.services.reviews import withdraw


class DecisionRefused(Exception):
    """A decision that cannot be taken; the text says what to do."""


def approve_organisation(organisation: Organisation, *, by: User, note: str = "") -> Organisation:
    """Open the workbench for its members."""
    return _decide(organisation, DecisionName.APPROVE, by, note)


def return_application(organisation: Organisation, *, by: User, note: str) -> Organisation:
    """Ask for changes to the application."""
    return _decide(organisation, DecisionName.RETURN, by, note)


def suspend_organisation(organisation: Organisation, *, by: User, note: str) -> Organisation:
    """Close the workbench for its members from their next request on, and show a notice in place
    of its manuals."""
    return _decide(organisation, DecisionName.SUSPEND, by, note)


def reactivate_organisation(
    organisation: Organisation, *, by: User, note: str = ""
) -> Organisation:
    """Undo a suspension; everything is as it was before."""
    return _decide(organisation, DecisionName.REACTIVATE, by, note)


@transaction.atomic
def close_organisation(organisation: Organisation, *, by: User, note: str = "") -> Organisation:
    """For good. Live manuals stay, marked 厂商已退出; versions in review are withdrawn."""
    organisation = _decide(organisation, DecisionName.CLOSE, by, note)
    waiting = ManualVersion.objects.of(organisation).filter(state=VersionState.SUBMITTED)
    for version in waiting.select_related("manual"):
        withdraw(version, by=by)
    return organisation


@transaction.atomic
def _decide(organisation: Organisation, name: DecisionName, by: User, note: str) -> Organisation:
    before, after = DECISION_STEPS[name]
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not may_decide(by, organisation):
        raise DecisionRefused(_("自己单位的事，要请别人来定。"))
    if organisation.state not in before:
        raise DecisionRefused(
            _("这家厂商现在是“%(state)s”，不能这样办。请刷新页面看看。")
            % {"state": organisation.get_state_display()}
        )
    if after in NEEDS_A_NOTE and not note.strip():
        raise DecisionRefused(_("请写明原因，厂商才知道怎么办。"))
    organisation.state = after
    organisation.save(update_fields=["state"])
    OrganisationDecision.objects.create(
        organisation=organisation, state=after, note=note.strip(), decided_by=by
    )
    return organisation
