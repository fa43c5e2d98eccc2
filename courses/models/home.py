from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from courses.last_lesson import has_been_here, last_lesson_key
from courses.models.base import LargePrintPage
from courses.models.classroom import ClassroomPage
from courses.models.lesson import LessonPage
from courses.progress.screen import notebook_of
from courses.progress.standing import standings


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

    def may_be_kept(self, request: HttpRequest) -> bool:
        return not has_been_here(request)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        classrooms = list(ClassroomPage.objects.child_of(self).live())
        notebook = notebook_of(request)
        found = standings(notebook, classrooms) if notebook else [None] * len(classrooms)
        #: Each with how far the learner is in it; None before anything was done.
        context["classrooms"] = list(zip(classrooms, found, strict=True))
        context["notebook"] = notebook
        context["done"] = sum(each.done for each in found if each)
        last = (notebook and notebook.last_lesson_id) or last_lesson_key(request)
        #: Where the learner stopped; None before the first lesson, and when that one has gone.
        context["last_lesson"] = LessonPage.objects.live().filter(pk=last).first()
        return context
