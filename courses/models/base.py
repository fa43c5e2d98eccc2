from typing import Any

from django.http import HttpRequest
from wagtail.models import Page


class LargePrintPage(Page):
    """Every page that a learner sees: large print, one thing to do, one step up to go back."""

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        parent = self.get_parent()
        #: One step up; None on the home page, whose parent is the tree's root.
        context["page_above"] = None if parent is None or parent.is_root() else parent
        return context
