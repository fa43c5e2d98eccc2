from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from courses.blocks.stream import QuizzesBlock, StepsBlock
from courses.choices import PracticeKind
from courses.film_index import index_of
from courses.last_lesson import keep_last_lesson
from courses.models.base import LargePrintPage
from courses.models.practice import PracticePage
from courses.models.progress import LessonMark
from courses.paper import address_of, square
from courses.progress.marking import mark_quiz_tried
from courses.progress.screen import note_lesson, notebook_of, notebook_to_write
from courses.progress.standing import show_marks
from media.choices import ENDED
from media.models import Video
from media.queries import spoken_text_of
from subtitles.models import Track

#: At most seven choices a screen (elder-screens): six lessons and the way on.
LESSONS_A_SCREEN = 6
ANSWERS = {"0", "1", "2"}


class LessonPage(LargePrintPage):
    """One thing to learn. Every lesson warns of a fraud and tells the way without a phone."""

    goal = models.CharField(_("学会"), max_length=40)
    video = models.ForeignKey(
        Video,
        verbose_name=_("视频"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="lessons",
    )
    steps = StreamField(StepsBlock(), verbose_name=_("步骤"))
    practice_kind = models.CharField(
        _("练习方式"), max_length=8, choices=PracticeKind.choices, blank=True
    )
    practice_text = models.CharField(_("练一练"), max_length=80, blank=True)
    quizzes = StreamField(QuizzesBlock(), verbose_name=_("小测验"), blank=True)
    fraud_line = models.CharField(_("防骗一句话"), max_length=40)
    offline_route = models.CharField(_("不用手机怎么办"), max_length=60)
    narration = models.TextField(_("朗读稿"), blank=True)
    scenarios = models.JSONField(_("政策场景"), default=list, blank=True)
    staff_note = models.TextField(_("编辑备注（学员看不到）"), blank=True)
    #: Digest of the starter's entry that this page was made from; blank for lessons written here.
    starter_digest = models.CharField(max_length=64, blank=True, editable=False)

    content_panels: ClassVar = [
        *LargePrintPage.content_panels,
        FieldPanel("goal"),
        FieldPanel("video"),
        FieldPanel("steps"),
        MultiFieldPanel(
            [FieldPanel("practice_kind"), FieldPanel("practice_text")], heading=_("练一练")
        ),
        FieldPanel("quizzes"),
        FieldPanel("fraud_line"),
        FieldPanel("offline_route"),
        MultiFieldPanel(
            [FieldPanel("narration"), HelpPanel(template="courses/admin/narration_panel.html")],
            heading=_("朗读"),
        ),
        FieldPanel("staff_note"),
    ]
    search_fields: ClassVar = [
        *LargePrintPage.search_fields,
        index.SearchField("goal"),
        index.SearchField("steps"),
        index.SearchField("fraud_line"),
        index.SearchField("offline_route"),
    ]
    is_lesson = True
    #: What whoever looks at the page has done of it; None: nothing, or nobody has asked.
    mark: LessonMark | None = None

    parent_page_types: ClassVar = ["courses.ClassroomPage"]
    subpage_types: ClassVar = ["courses.PracticePage"]
    template = "courses/lesson_page.html"

    class Meta:
        verbose_name = _("课")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An answer is a link, so that it needs no script; the first one is written down."""
        if request.GET.get("answer") in ANSWERS and (notebook := notebook_to_write(request)):
            mark_quiz_tried(notebook, lesson=self)
        note_lesson(request, self)
        response: HttpResponse = super().serve(request, *args, **kwargs)
        keep_last_lesson(request, response, self.pk)
        return response

    def may_be_kept(self, request: HttpRequest) -> bool:
        """Not while its film is in the making, since it says how far that is."""
        return self.video is None or not self.video.stages.exclude(state__in=ENDED).exists()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        siblings = LessonPage.objects.sibling_of(self, inclusive=False).live()
        context["previous_lesson"] = siblings.filter(path__lt=self.path).last()
        #: The screen of its classroom that shows this lesson, for the way back.
        context["screen_above"] = (
            siblings.filter(path__lt=self.path).count() // LESSONS_A_SCREEN + 1
        )
        context["next_lesson"] = siblings.filter(path__gt=self.path).first()
        #: On the pretend phone; None where it is practised otherwise.
        context["practice"] = PracticePage.objects.child_of(self).live().first()
        context["spoken"] = spoken_text_of(self, text=self.text_to_read)
        track = None if self.video is None else self.published_track(self.video)
        context["track"] = track
        context["index"] = None
        if self.video is not None and track is not None and track.cues.all():
            searched = request.GET.get("words", "")
            context["index"] = index_of(self.video, track, searched=searched)
        chosen = request.GET.get("answer", "")
        #: Which answer of the quiz the learner chose (0–2); None before that.
        context["chosen_answer"] = int(chosen) if chosen in ANSWERS else None
        quiz = request.GET.get("quiz", "")
        #: The quiz that it answers, counted from 1.
        context["chosen_quiz"] = int(quiz) if quiz in {"2", "3"} else 1
        show_marks(notebook_of(request), [self])
        context["address"] = address_of(self.get_url(request) or "/")
        #: On paper only: the way back to this page.
        context["square"] = square(context["address"])
        return context

    @property
    def text_to_read(self) -> str:
        """The words that a teacher would say; where none are written, the page's own."""
        if self.narration.strip():
            return self.narration
        steps = [block.value["words"] for block in self.steps]
        return "\n".join([self.goal, *steps, self.fraud_line, self.offline_route])

    @staticmethod
    def published_track(video: Video) -> Track | None:
        """The video's subtitles in the language that it speaks; None while there are none.

        A track without a cue waits for the machine, or for whoever takes what came in the film.
        """
        track = (
            Track.objects.filter(video=video, language=video.spoken_language)
            .prefetch_related("cues")
            .first()
        )
        return track if track and track.cues.all() else None
