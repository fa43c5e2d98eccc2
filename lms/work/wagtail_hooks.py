"""On the admin's first page: what waits for whoever is there, and what waits for its day."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from lms.accounts.models import User
from lms.work.queries import planned_for, waits_besides


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
    """What waits for a review, pages and manuals, Wagtail lists itself."""
    panels += [
        PanelOfRows("waiting", waits_besides, order=150),
        PanelOfRows("planned", planned_for, order=230),
    ]
