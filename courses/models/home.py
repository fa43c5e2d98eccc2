from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.url_routing import RouteResult

from courses.last_lesson import has_village, last_lesson_key
from courses.models.base import LargePrintPage
from courses.models.classroom import ClassroomPage
from courses.models.lesson import LessonPage
from courses.models.on_tiles import show_on_tiles
from courses.models.own_parts_of_home import own_parts_of_home
from courses.models.today import lesson_of, lesson_to_go_on_with, warning_of
from courses.own_parts import OwnParts
from courses.progress.screen import record_of
from courses.progress.summary import ProgressSummary, learnt_by, summarise_progress
from media.covers.queries import show_covers


class HomePage(LargePrintPage):
    """The way into the four classrooms and to the shelves."""

    introduction = models.CharField(_("一句话介绍"), max_length=60)

    content_panels: ClassVar = [*LargePrintPage.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar = ["courses.ClassroomPage", "courses.ShelfPage"]
    max_count = 1
    #: Whether templates/tools.html offers the way to search and to the shelves.
    is_front_door = True
    template = "courses/home_page.html"

    class Meta:
        verbose_name = _("首页")

    def may_be_kept(self, request: HttpRequest) -> bool:
        return super().may_be_kept(request) and not has_village(request)

    def own_parts(self, request: HttpRequest, context: dict[str, Any]) -> OwnParts:
        return own_parts_of_home([room for room, _far in context["classrooms"]], request)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """A lesson's address is looked up as what it is: Wagtail asks twice for each part of it. By
        `url_path`, which is no one else's, so that nothing need be put in order."""
        if len(path_components) == 2:
            room, slug = path_components
            above = f"{self.url_path}{room}/"
            lessons = LessonPage.objects.live().filter(slug=slug, url_path=f"{above}{slug}/")
            lesson = next(iter(lessons.select_related("video", "spoken__film__video")), None)
            rooms = ClassroomPage.objects.filter(slug=room, url_path=above)
            if lesson and (classroom := next(iter(rooms), None)):
                lesson.page_above = classroom
                return RouteResult(lesson)
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        classrooms = list(ClassroomPage.objects.child_of(self).live())
        record = record_of(request)
        found: Sequence[ProgressSummary | None] = [None] * len(classrooms)
        if record:
            lessons = LessonPage.objects.live().public()
            found = summarise_progress(record, classrooms, lessons=lessons)
        #: Each with how far the learner is in it; None before anything was done.
        context["classrooms"] = list(zip(classrooms, found, strict=True))
        context["record"] = record
        context["done"] = sum(each.done for each in found if each)
        last = (record and record.last_lesson_id) or last_lesson_key(request)
        #: Where the learner stopped; None before the first lesson, and when all there is learnt.
        context["go_on"] = lesson_to_go_on_with(record, last)
        context["lesson_today"] = context["warning_today"] = None
        if context["go_on"] is None:
            today = timezone.localdate()
            warning = warning_of(today)
            lesson = lesson_of(today, learnt=learnt_by(record), besides=warning)
            context["lesson_today"], context["warning_today"] = lesson, warning
        begins_with = (context["go_on"], context["lesson_today"])
        show_on_tiles(record, [lesson for lesson in begins_with if lesson])
        if context["warning_today"]:
            show_covers([context["warning_today"]])
        return context
