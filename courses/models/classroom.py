from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from courses.choices import Subject
from courses.models.base import LargePrintPage
from courses.models.drill import DrillPage
from courses.models.five_questions import answers_of, five_of
from courses.models.lesson import LESSONS_A_SCREEN, LessonPage
from courses.models.on_tiles import show_on_tiles
from courses.models.own_parts_of_lists import own_parts_of_list
from courses.models.watching import way_through
from courses.own_parts import OwnParts
from courses.progress.screen import record_of
from courses.progress.summary import learnt_by, summarise_progress
from courses.sharing import course_marks, whole_address
from media.covers.queries import show_covers


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

    def lessons_in_order(self) -> list[LessonPage]:
        """For everybody. Asked once, for the page's marks, its row of films and its questions."""
        return self.open_lessons

    @cached_property
    def open_lessons(self) -> list[LessonPage]:
        return list(LessonPage.objects.child_of(self).live().public())

    def get_marks(self, request: HttpRequest | None = None) -> dict[str, Any]:
        return course_marks(
            title=self.title,
            description=self.introduction,
            url=whole_address(self.get_url(request) or "/"),
            parts=self.lessons_in_order(),
            request=request,
        )

    def own_parts(self, request: HttpRequest, context: dict[str, Any]) -> OwnParts:
        return own_parts_of_list(self, request, context, tells_sum=True)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        lessons = LessonPage.objects.child_of(self).live()
        context["lessons"] = Paginator(lessons, LESSONS_A_SCREEN).get_page(request.GET.get("p"))
        record = record_of(request)
        show_on_tiles(record, list(context["lessons"]))
        #: How far the learner is; None before anything was done.
        context["summary"] = None
        if record:
            open_to_all = LessonPage.objects.live().public()
            [context["summary"]] = summarise_progress(record, [self], lessons=open_to_all)
        learnt = learnt_by(record)
        context["watching"] = way_through(self, seen=learnt)
        answers = answers_of(record).get(self.pk)
        context["five"] = five_of(self, answers=answers, learnt=learnt)
        context["drills"] = drills = list(DrillPage.objects.child_of(self).live())
        show_covers(drills)
        return context
