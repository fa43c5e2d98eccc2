from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from courses.last_lesson import last_lesson_key
from courses.models.base import LargePrintPage
from courses.models.classroom import ClassroomPage
from courses.models.lesson import LessonPage


class HomePage(LargePrintPage):
    """Four doors, one a classroom."""

    introduction = models.CharField(_("一句话介绍"), max_length=60)

    content_panels: ClassVar = [*LargePrintPage.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar = ["courses.ClassroomPage", "courses.ShelfPage"]
    max_count = 1
    #: The tools of this page lead to whatever has no door of its own.
    is_front_door = True
    template = "courses/home_page.html"

    class Meta:
        verbose_name = _("首页")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["classrooms"] = ClassroomPage.objects.child_of(self).live()
        #: Where the learner stopped; None before the first lesson, and when that one has gone.
        context["last_lesson"] = (
            LessonPage.objects.live().filter(pk=last_lesson_key(request)).first()
        )
        return context
