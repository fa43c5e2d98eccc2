"""Verbs by which staff decide about an organisation."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.manuals.choices import NEEDS_A_NOTE, ORGANISATION_STEPS, OrganisationState, VersionState
from lms.manuals.models import ManualVersion, Organisation, OrganisationDecision
from lms.manuals.services.review import withdraw


class DecisionRefused(Exception):
    """A decision that cannot be taken so; the text says what to do."""


def may_decide(user: Any, organisation: Organisation) -> bool:
    """Nobody decides about whom he works for. A superuser neither."""
    return bool(
        user.is_active
        and user.has_perm("manuals.decide_organisation")
        and not organisation.members.filter(user=user).exists()
    )


def approve_organisation(organisation: Organisation, *, by: Any, note: str = "") -> Organisation:
    """Open the workbench. All of these raise DecisionRefused."""
    return _decide(organisation, (OrganisationState.APPLIED,), OrganisationState.ACTIVE, by, note)


def return_application(organisation: Organisation, *, by: Any, note: str) -> Organisation:
    """Ask for something to be mended."""
    return _decide(organisation, (OrganisationState.APPLIED,), OrganisationState.RETURNED, by, note)


def suspend_organisation(organisation: Organisation, *, by: Any, note: str) -> Organisation:
    """Its people are out at their next request, and its manuals behind a notice."""
    return _decide(organisation, (OrganisationState.ACTIVE,), OrganisationState.SUSPENDED, by, note)


def reactivate_organisation(organisation: Organisation, *, by: Any, note: str = "") -> Organisation:
    """All is as it was before the suspension."""
    before = (OrganisationState.SUSPENDED,)
    return _decide(organisation, before, OrganisationState.ACTIVE, by, note)


@transaction.atomic
def close_organisation(organisation: Organisation, *, by: Any, note: str = "") -> Organisation:
    """For good. What is live stays, marked 厂商已退出; what is being reviewed is taken back."""
    before = (OrganisationState.ACTIVE, OrganisationState.SUSPENDED)
    organisation = _decide(organisation, before, OrganisationState.CLOSED, by, note)
    waiting = ManualVersion.objects.of(organisation).filter(state=VersionState.SUBMITTED)
    for version in waiting.select_related("manual"):
        withdraw(version, by=by)
    return organisation


def steps_from(state: str) -> list[OrganisationState]:
    """What may be decided about an organisation in that state, in the order of the states."""
    return [to for to, before in ORGANISATION_STEPS.items() if state in before and to in DECIDED]


#: States that staff lead to; an application is handed in by its people.
DECIDED = frozenset(set(OrganisationState) - {OrganisationState.APPLIED})


@transaction.atomic
def _decide(
    organisation: Organisation,
    before: tuple[OrganisationState, ...],
    state: OrganisationState,
    by: Any,
    note: str,
) -> Organisation:
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not may_decide(by, organisation):
        raise DecisionRefused(_("自己单位的事，要请别人来定。"))
    if organisation.state not in before:
        raise DecisionRefused(
            _("这家厂商现在是“%(state)s”，不能这样办。请刷新页面看看。")
            % {"state": organisation.get_state_display()}
        )
    if state in NEEDS_A_NOTE and not note.strip():
        raise DecisionRefused(_("请写明原因，厂商才知道怎么办。"))
    organisation.state = state
    organisation.save(update_fields=["state"])
    OrganisationDecision.objects.create(
        organisation=organisation, state=state, note=note.strip(), decided_by=by
    )
    return organisation
