"""Changes of units that are dated ahead: kept as they were filled in, made when their day comes."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.access import Visitor
from lms.units.actions import UNIT_ACTIONS, UnitAction, perform
from lms.units.choices import PlannedState
from lms.units.forms import UnitChangeForm
from lms.units.models import PlannedChange
from lms.units.services.tree import UnitChangeRefused

ACTIONS = {action.slug: action for action in UNIT_ACTIONS}


def is_ahead(form: UnitChangeForm) -> bool:
    """Whether the valid form's day has not come yet."""
    on: date = form.cleaned_data["on"]
    return on > timezone.localdate()


def plan_change(action: UnitAction, form: UnitChangeForm, *, user: Visitor) -> PlannedChange:
    """Keep a valid form whose change was looked at, until its day."""
    told = action.describe(form.unit, form.cleaned_data)[0]
    return PlannedChange.objects.create(
        unit=form.unit,
        action=action.slug,
        filled_in={name: form.data.get(name, "") for name in form.fields},
        told=f"{action.label}：{told.before} → {told.after}"[:400],
        on=form.cleaned_data["on"],
        planned_by=user if user.is_authenticated else None,
    )


def withdraw_change(planned: PlannedChange) -> bool:
    """It will not take effect, or is no longer shown as refused. False: it has taken effect."""
    open_still = PlannedChange.objects.open().filter(pk=planned.pk)
    return bool(open_still.update(state=PlannedState.WITHDRAWN))


def make_due_changes(today: date) -> None:
    """Make what was planned for today or an earlier day, in the order of the days. What cannot be
    made any more is refused, with the reason, and the others go on."""
    for pk in PlannedChange.objects.due(today).values_list("pk", flat=True):
        with transaction.atomic():
            planned = PlannedChange.objects.due(today).select_for_update().filter(pk=pk).first()
            if planned is not None:  # else another worker has made it just now
                _make(planned)


def _make(planned: PlannedChange) -> None:
    action = ACTIONS[planned.action]
    form = action.form_class(planned.filled_in, unit=planned.unit)
    try:
        if not form.is_valid():
            reasons = [str(each) for errors in form.errors.values() for each in errors]
            raise UnitChangeRefused(" ".join(reasons))
        if planned.planned_by is None:
            raise UnitChangeRefused(_("定这件事的人已经没有账号了，请重新办理。"))
        perform(action, planned.unit, form.cleaned_data, user=planned.planned_by)
    except UnitChangeRefused as reason:
        planned.state, planned.reason = PlannedState.REFUSED, str(reason)
    else:
        planned.state = PlannedState.DONE
    planned.save(update_fields=["state", "reason"])
