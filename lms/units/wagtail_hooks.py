from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import ModelLogEntry

from lms.units.actions import UNDO, UNIT_ACTIONS
from lms.units.viewsets import UnitViewSet


@hooks.register("register_admin_viewset")
def register_unit_viewset() -> UnitViewSet:
    return UnitViewSet()


class UnitChangeFormatter(LogFormatter):
    def format_message(self, log_entry: ModelLogEntry) -> str:
        return _("%(action)s：%(before)s → %(after)s，%(on)s起生效") % {
            "action": self.label,
            **log_entry.data,
        }


@hooks.register("register_log_actions")
def register_unit_changes(actions: LogActionRegistry) -> None:
    for action in (*UNIT_ACTIONS, UNDO):
        formatter = type("UnitChange", (UnitChangeFormatter,), {"label": action.label})
        actions.register_action(action.log_action)(formatter)
