from itertools import chain, count
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.forms import TextInput
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from courses.models.watching import LIST
from courses.own_parts import NothingOwn, OwnParts
from courses.plain_pages import PageForm, PlainFinding, findings_of
from courses.search.chinese import pinyin_words, short_pinyin
from courses.sharing import Sharing, whole_address
from media.covers.queries import covers_named
from media.covers.services import of_page


class LargePrintPage(Page):
    """Every page that a learner sees: large print, one thing to do, one step up to go back."""

    #: Whether it is noted as the lesson with which a visitor goes on next time.
    is_lesson = False
    #: Whether its words are the city's own, which the check of plain language judges.
    is_judged = True
    base_form_class = PageForm
    #: As Open Graph calls it.
    sharing_kind = "website"

    search_fields: ClassVar = [*Page.search_fields, index.AutocompleteField("pinyin")]

    content_panels: ClassVar = [
        FieldPanel("title", classname="title", widget=TextInput(attrs={"placeholder": _("标题")}))
    ]
    promote_panels: ClassVar = [
        MultiFieldPanel(
            [
                FieldPanel("slug", help_text=_("地址的最后一段。空着就用标题的拼音。")),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
            ],
            heading=_("网址，和别人转发时看到的"),
        ),
    ]

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._give_slug()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        """Of a draft that is saved."""
        self._give_slug()
        super().minimal_clean()

    def _give_slug(self) -> None:
        """A page that has its place and no slug gets a short one: it stands in a QR code."""
        if self.slug or not self.path:  # type: ignore[has-type]
            return
        wanted = short_pinyin(self.title) or str(self._meta.model_name)
        taken = {*self.get_siblings(inclusive=False).values_list("slug", flat=True)}
        others = (f"{wanted}-{number}" for number in count(2))
        self.slug = next(slug for slug in chain([wanted], others) if slug not in taken)

    @property
    def plain_findings(self) -> list[PlainFinding]:
        """What the check of plain language says of it."""
        return findings_of(self)

    @property
    def pinyin(self) -> str:
        """Initials and syllables by which a remote control's letters find the title."""
        return pinyin_words(self.title)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A response with this page as its attribute `page`, which courses/page_cache.py reads."""
        response = super().serve(request, *args, **kwargs)
        response.page = self
        return response

    def may_be_kept(self, request: HttpRequest) -> bool:
        """Whether this answer may be kept for everybody who has neither an account nor a record."""
        return LIST not in request.GET  # which says nothing to a page that is no lesson

    def own_parts(self, request: HttpRequest, context: dict[str, Any]) -> OwnParts:
        """How what this page shows of each learner is made without it, once it is kept (context:
        with which it was). A page without such parts has none."""
        return NothingOwn()

    @cached_property
    def page_above(self) -> Any:
        """One step up; None for the home page, whose parent is the tree's root."""
        parent = self.get_parent()
        return None if parent is None or parent.is_root() else parent

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["page_above"] = self.page_above
        context["sharing"] = self.get_sharing(request)
        return context

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        changed_at = self.last_published_at or self.latest_revision_created_at
        return [{"location": whole_address(self.url), "lastmod": changed_at}]

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Wagtail's, which reads all pages above: not where no page of the site has any."""
        if not PageViewRestriction.objects.exists():
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    def get_sharing(self, request: HttpRequest | None = None) -> Sharing:
        """How it looks in a chat and to a search engine. request: as in Wagtail's `get_url`."""
        return Sharing(
            title=self.seo_title or self.title,
            description=self.search_description or self.one_line,
            url=whole_address(self.get_url(request) or "/"),
            picture=whole_address(self.cover_url),
            kind=self.sharing_kind,
            marks=self.get_marks(request),
        )

    @property
    def one_line(self) -> str:
        """What it is about, where no description was written."""
        return getattr(self, "introduction", "")

    @cached_property
    def cover_url(self) -> str:
        """Of the picture that stands for it: its cover, once that is drawn."""
        name = of_page(self)
        cover = covers_named([name]).get(name)
        return self.picture_without_cover if cover is None else str(cover.jpeg.url)

    @property
    def picture_without_cover(self) -> str:
        return static("pictures/share.png")

    def get_marks(self, request: HttpRequest | None = None) -> dict[str, Any]:
        """In the words of schema.org; empty: nothing of its own."""
        return {}
