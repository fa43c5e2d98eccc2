"""On the admin's first page: what waits for whoever is there, and what waits for its day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page, Revision
from wagtail.permission_policies.pages import PagePermissionPolicy

from lms.accounts.models import User
from lms.work.queries import Waiting, waits_for_checking

PLANNED_SHOWN = 20


@dataclass(frozen=True)
class Planned:
    """A page that appears, with its newest words, or goes."""

    page: Page
    at: datetime
    appears: bool


def planned_for(user: User) -> list[Planned]:
    """Of the pages that the user may change, the soonest first."""
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    revisions = Revision.objects.page_revisions().filter(approved_go_live_at__isnull=False)
    appear = dict(revisions.values_list("object_id", "approved_go_live_at"))
    found = [Planned(page, appear[str(page.pk)], True) for page in pages.filter(pk__in=appear)]
    going = pages.filter(live=True, expire_at__isnull=False)
    found += [Planned(page, page.expire_at, False) for page in going]
    return sorted(found, key=lambda each: each.at)[:PLANNED_SHOWN]


def waits_elsewhere(user: User) -> list[Waiting]:
    """Without the pages that wait for a review, which Wagtail lists in a panel of its own."""
    here = reverse("wagtailadmin_home")
    return [each for each in waits_for_checking(user) if each.address != here]


class PanelOfRows(Component):
    """A heading and what `rows_for` finds; nothing where that is nothing."""

    def __init__(self, name: str, rows_for: Callable[[User], Sequence[Any]], *, order: int) -> None:
        self.name, self.rows_for, self.order = name, rows_for, order
        self.template_name = f"work/admin/{name}.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        request: HttpRequest = parent_context["request"]  # type: ignore[index]
        context["rows"] = self.rows_for(request.user)  # type: ignore[arg-type]
        return context


@hooks.register("construct_homepage_panels")
def show_what_waits(request: HttpRequest, panels: list[Component]) -> None:
    panels += [
        PanelOfRows("waiting", waits_elsewhere, order=150),
        PanelOfRows("planned", planned_for, order=230),
    ]
