from typing import Any, ClassVar

from django.http import HttpRequest
from wagtail.models import Page
from wagtail.search import index

from courses.search.chinese import pinyin_words


class LargePrintPage(Page):
    """Every page that a learner sees: large print, one thing to do, one step up to go back."""

    #: Whether going on another time begins here.
    is_lesson = False

    search_fields: ClassVar = [*Page.search_fields, index.AutocompleteField("pinyin")]

    class Meta:
        abstract = True

    @property
    def pinyin(self) -> str:
        """What finds the title from a remote control's letters."""
        return pinyin_words(self.title)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A response, which says for the cache of whole pages what it shows."""
        response = super().serve(request, *args, **kwargs)
        response.page = self
        return response

    def may_be_kept(self, request: HttpRequest) -> bool:
        """Whether everybody without account and notebook gets this page as it was now rendered."""
        return True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        parent = self.get_parent()
        #: One step up; None on the home page, whose parent is the tree's root.
        context["page_above"] = None if parent is None or parent.is_root() else parent
        return context
