from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from courses.choices import Subject
from courses.models.base import LargePrintPage
from courses.models.drill import DrillPage
from courses.models.lesson import LESSONS_A_SCREEN, LessonPage
from courses.progress.screen import notebook_of
from courses.progress.standing import show_marks, standings


class ClassroomPage(LargePrintPage):
    subject = models.CharField(_("课堂"), max_length=16, choices=Subject.choices)
    short_name = models.CharField(_("短名"), max_length=8)
    introduction = models.CharField(_("一句话介绍"), max_length=60)

    content_panels: ClassVar = [
        *LargePrintPage.content_panels,
        FieldPanel("subject"),
        FieldPanel("short_name"),
        FieldPanel("introduction"),
    ]
    parent_page_types: ClassVar = ["courses.HomePage"]
    subpage_types: ClassVar = ["courses.LessonPage", "courses.DrillPage"]
    template = "courses/classroom_page.html"

    class Meta:
        verbose_name = _("课堂")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(subject__in=Subject.values),
                name="a_classrooms_subject_is_one_of_the_four",
            )
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        lessons = LessonPage.objects.child_of(self).live()
        context["lessons"] = Paginator(lessons, LESSONS_A_SCREEN).get_page(request.GET.get("p"))
        notebook = notebook_of(request)
        show_marks(notebook, context["lessons"])
        #: How far the learner is; None before anything was done.
        context["standing"] = standings(notebook, [self])[0] if notebook else None
        context["drills"] = DrillPage.objects.child_of(self).live()
        return context
