"""Shelves beside the classrooms: teachers that people like, chosen courses, learners' stories."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.images import get_image_model_string
from wagtail.models import Orderable, Page
from wagtail.search import index

from courses.drawings import Drawing, drawing
from courses.models.base import LargePrintPage
from courses.models.five_questions import answers_of, five_of
from courses.models.lesson import LESSONS_A_SCREEN, LessonPage
from courses.models.on_tiles import show_on_tiles
from courses.models.own_parts_of_lists import own_parts_of_list
from courses.models.watching import way_through
from courses.own_parts import OwnParts
from courses.progress.screen import record_of
from courses.progress.summary import learnt_by
from courses.sharing import course_marks, whole_address
from courses.stories import StoryForm, hand_in_story, title_of_story
from lms.limits import allows, refuse
from media.covers.queries import show_covers
from media.models import Cover

#: What a tile shows of a series without a lesson, and of a story.
NO_LESSON_DRAWING, STORY_DRAWING = "teacher", "say"


class ShelfPage(RoutablePageMixin, LargePrintPage):
    """One shelf, with a title of the editors' choice (网红教师、精品课程、经验交流)."""

    introduction = models.CharField(_("一句话介绍"), max_length=60)
    accepts_stories = models.BooleanField(
        _("学员可以投稿"),
        default=False,
        help_text=_("页面上会出现“讲讲我的故事”。投来的稿子要您看过、发布了，别人才看得到。"),
    )

    content_panels: ClassVar = [
        *LargePrintPage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("accepts_stories"),
    ]
    parent_page_types: ClassVar = ["courses.HomePage"]
    subpage_types: ClassVar = ["courses.TeacherPage", "courses.CoursePage", "courses.StoryPage"]
    template = "courses/shelf_page.html"

    class Meta:
        verbose_name = _("专栏")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        on_it = Page.objects.child_of(self).live().specific()
        context["on_it"] = Paginator(on_it, LESSONS_A_SCREEN).get_page(request.GET.get("p"))
        show_covers(context["on_it"])
        return context

    @path("tell/", name="tell")
    def tell(self, request: HttpRequest) -> HttpResponse:
        """A learner hands a story in; editors see it as a draft under this shelf."""
        if not self.accepts_stories:
            return self.render(request)
        form = StoryForm(request.POST or None)
        handed_in = False
        if form.is_valid():
            if not allows(request, "story"):
                return refuse(request)
            told = form.cleaned_data
            title = title_of_story(teller=told["teller"], words=told["words"])
            hand_in_story(shelf=self, story=StoryPage(title=title, **told))
            handed_in = True
        context = {"form": form, "handed_in": handed_in, "page_above": self, "screen_above": 1}
        response: HttpResponse = self.render(
            request, context_overrides=context, template="courses/tell_story.html"
        )
        response.status_code = 422 if form.errors else 200
        return response


class ChosenLesson(Orderable):
    """A lesson that a teacher or a course shows, in the editor's order."""

    lesson = models.ForeignKey(
        LessonPage, verbose_name=_("课"), on_delete=models.CASCADE, related_name="+"
    )

    panels: ClassVar = [PageChooserPanel("lesson")]

    class Meta(Orderable.Meta):
        abstract = True


class LessonsOfPage(LargePrintPage):
    """A page that shows some lessons in order."""

    introduction = models.CharField(_("一句话介绍"), max_length=60)
    about = models.TextField(_("介绍"), max_length=400, blank=True)
    picture = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("照片"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    content_panels: ClassVar = [
        *LargePrintPage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("about"),
        FieldPanel("picture"),
        InlinePanel("chosen_lessons", heading=_("课"), label=_("一课"), max_num=12),
    ]
    search_fields: ClassVar = [
        *LargePrintPage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("about"),
    ]
    parent_page_types: ClassVar = ["courses.ShelfPage"]
    subpage_types: ClassVar[list[str]] = []

    #: On its tile (media.covers.queries.show_covers); None: not drawn yet.
    cover: Cover | None = None

    class Meta:
        abstract = True

    @property
    def cover_drawing(self) -> Drawing | None:
        """Of its first lesson, until there is a cover."""
        return next(
            (each.cover_drawing for each in self.lessons_in_order() if each.drawing),
            drawing(NO_LESSON_DRAWING),
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        record = record_of(request)
        screens = Paginator(self.lessons_in_order(), LESSONS_A_SCREEN)
        lessons = screens.get_page(request.GET.get("p"))
        show_on_tiles(record, list(lessons))
        context["lessons"] = lessons
        context["watching"] = way_through(self, seen=learnt_by(record))
        return context

    def own_parts(self, request: HttpRequest, context: dict[str, Any]) -> OwnParts:
        return own_parts_of_list(self, request, context, tells_sum=False)

    def lessons_in_order(self) -> list[LessonPage]:
        """For everybody, as the editor put them. Asked once, as a classroom's are."""
        return self.open_lessons

    @cached_property
    def open_lessons(self) -> list[LessonPage]:
        keys = list(self.chosen_lessons.values_list("lesson", flat=True))
        open_to_all = LessonPage.objects.live().public().in_bulk(keys)
        return [open_to_all[key] for key in keys if key in open_to_all]


class TeacherPage(LessonsOfPage):
    """A teacher whom people like to watch (网红教师)."""

    template = "courses/lessons_of_page.html"

    class Meta:
        verbose_name = _("老师")


class CoursePage(LessonsOfPage):
    """Lessons put together with care, to be taken one after another (精品课程)."""

    template = "courses/lessons_of_page.html"

    class Meta:
        verbose_name = _("精品课程")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        record = record_of(request)
        answers = answers_of(record).get(self.pk)
        context["five"] = five_of(self, answers=answers, learnt=learnt_by(record))
        return context

    def get_marks(self, request: HttpRequest | None = None) -> dict[str, Any]:
        return course_marks(
            title=self.title,
            description=self.introduction,
            url=whole_address(self.get_url(request) or "/"),
            parts=self.lessons_in_order(),
            request=request,
        )


class TeachersLesson(ChosenLesson):
    page = ParentalKey(TeacherPage, on_delete=models.CASCADE, related_name="chosen_lessons")


class CoursesLesson(ChosenLesson):
    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="chosen_lessons")


class StoryPage(LargePrintPage):
    """What a learner tells of learning (经验交流). Nobody sees it before an editor publishes it."""

    is_judged = False

    teller = models.CharField(_("怎么称呼"), max_length=20)
    place = models.CharField(_("哪个村居"), max_length=30, blank=True)
    words = models.TextField(_("故事"), max_length=600)
    picture = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("图片"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    content_panels: ClassVar = [
        *LargePrintPage.content_panels,
        FieldPanel("teller"),
        FieldPanel("place"),
        FieldPanel("words"),
        FieldPanel("picture"),
    ]
    search_fields: ClassVar = [*LargePrintPage.search_fields, index.SearchField("words")]
    parent_page_types: ClassVar = ["courses.ShelfPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "courses/story_page.html"
    #: On its tile (media.covers.queries.show_covers); None: not drawn yet.
    cover: Cover | None = None

    class Meta:
        verbose_name = _("学员故事")

    @property
    def cover_drawing(self) -> Drawing | None:
        return drawing(STORY_DRAWING)

    @property
    def introduction(self) -> str:
        """Who tells it, for the shelf."""
        return f"{self.teller}，{self.place}" if self.place else self.teller
