from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from courses.blocks.practice import ScreensBlock, practice_of
from courses.choices import Tallied
from courses.models.base import LargePrintPage
from courses.practice import HELP, Practice, PracticeMoment, moment_of, play
from courses.progress.marking import mark_practised
from courses.progress.screen import record_to_write
from courses.progress.tallies import count

#: Slug of a lesson's one practice, below the lesson.
PRACTICE_SLUG = "practice"


class PracticePage(LargePrintPage):
    """A lesson's practice on the pretend phone. All that is kept of a learner is that it was done;
    what goes wrong is counted, of everybody together."""

    screens = StreamField(ScreensBlock(), verbose_name=_("一屏一屏"))
    #: Digest of the starter's entry that this page was made from; blank for practices written here.
    starter_digest = models.CharField(max_length=64, blank=True, editable=False)

    content_panels: ClassVar = [*LargePrintPage.content_panels, FieldPanel("screens")]
    parent_page_types: ClassVar = ["courses.LessonPage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    template = "courses/practice_page.html"

    class Meta:
        verbose_name = _("练习")

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """None: it is found by its lesson."""
        return []

    @property
    def cover_url(self) -> str:
        """Its lesson's."""
        return str(self.get_parent().specific.cover_url)

    @property
    def practice(self) -> Practice:
        return practice_of(self.title, self.screens)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        moment: PracticeMoment = response.context_data["moment"]
        self.count_press(request, moment)
        if moment.screen is None and (record := record_to_write(request)):
            mark_practised(record, lesson=self.get_parent().specific)
        return response

    def count_press(self, request: HttpRequest, moment: PracticeMoment) -> None:
        """One that went wrong, or was asked to be done; nobody knows whose it was."""
        lesson = self.get_parent().pk
        asked = request.GET.get("screen", "")
        if request.GET.get("press") == HELP and self.practice.screen(asked):
            count(request, Tallied.HELPED, lesson=lesson, place=asked)
        elif moment.screen and moment.is_miss:
            count(
                request,
                Tallied.MISSED,
                lesson=lesson,
                place=moment.screen.id,
                chosen=moment.pressed.text if moment.pressed else "",
                turn=moment.misses,
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["moment"] = moment_of(self.practice, request.GET)
        lesson = context["page_above"]
        #: The classroom's next lesson; None after the last.
        context["next_lesson"] = lesson and (
            lesson.get_next_siblings().live().filter(content_type=lesson.content_type).first()
        )
        context["classroom"] = lesson and lesson.get_parent().specific
        return context

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """From the beginning, or at any screen."""
        screens = [(block.value["name"], block.value["title"]) for block in self.screens]
        return [("", _t("从头玩")), *screens[1:]]

    def make_preview_request(
        self,
        original_request: HttpRequest | None = None,
        preview_mode: str | None = None,
        extra_request_attrs: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Wagtail's, with what was pressed in the preview, so that drafts can be played too."""
        pressed = original_request.GET if original_request else {}
        attributes = {**(extra_request_attrs or {}), "pressed": pressed}
        response: HttpResponse = super().make_preview_request(
            original_request, preview_mode, attributes
        )
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> TemplateResponse:
        context = self.get_context(request)
        pressed: Mapping[str, str] = getattr(request, "pressed", {})
        if "screen" in pressed:
            context["moment"] = moment_of(self.practice, pressed)
        else:
            context["moment"] = play(self.practice, screen=mode_name)
        return TemplateResponse(request, self.template, context)
