from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page
from wagtail.search import index

from courses.blocks.stream import QuizzesBlock, StepsBlock
from courses.choices import PracticeKind, Tallied
from courses.drawing_chooser import LONGEST_NAME, DrawingChooser
from courses.drawings import Drawing, drawing
from courses.film_index import index_of
from courses.last_lesson import keep_last_lesson
from courses.models.base import LargePrintPage
from courses.models.on_tiles import Offers
from courses.models.practice import PracticePage
from courses.models.watching import LIST, watched_through
from courses.own_parts import Here, OwnParts
from courses.paper import address_of, qr_code
from courses.progress.marking import mark_quiz_tried
from courses.progress.models import LessonMark
from courses.progress.screen import note_lesson, record_of, record_to_write
from courses.progress.summary import HowFar, show_marks
from courses.progress.tallies import count
from courses.sharing import film_marks, whole_address
from courses.storyboard_panel import StoryboardPanel
from media.choices import ENDED
from media.films.storyboard import moved_borders
from media.models import Cover, Video
from media.narration.queries import spoken_text_of
from subtitles.models import Track, TrackCue

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
    #: Name of one of courses.drawings; the page's own picture goes before it.
    drawing = models.CharField(_("图画"), max_length=LONGEST_NAME, blank=True)
    picture = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("自己的图片"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("有自己的图片，就不用图画。"),
    )
    #: Of the lesson's own words, pictures and screens; a film in `video` is shown in its place.
    makes_film = models.BooleanField(
        _("自动做成视频"),
        default=True,
        help_text=_("用朗读、步骤和练习机的画面做一个视频。上面选了视频的，放选的那个。"),
    )
    #: Where an editor moved the beginning of a scene: media.films.storyboard.MovedBorder, as data.
    scene_borders = models.JSONField(_("分镜"), default=list, blank=True)
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
        MultiFieldPanel(
            [FieldPanel("drawing", widget=DrawingChooser), FieldPanel("picture")],
            heading=_("封面上的图"),
        ),
        FieldPanel("video"),
        FieldPanel("makes_film"),
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
        StoryboardPanel("scene_borders", heading=_("分镜：哪句话配哪个画面")),
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
    sharing_kind = "article"
    #: On its tile (media.covers.queries.show_covers); None: not drawn yet.
    cover: Cover | None = None
    #: What the learner who looks at the page has done of it (show_marks); None: nothing.
    mark: LessonMark | None = None
    #: What its tile says besides (show_on_tiles); None: nothing, and how_far for who is unknown.
    offers: Offers | None = None
    how_far: HowFar | None = None

    parent_page_types: ClassVar = ["courses.ClassroomPage"]
    subpage_types: ClassVar = ["courses.PracticePage"]
    template = "courses/lesson_page.html"

    class Meta:
        verbose_name = _("课")

    def clean(self) -> None:
        super().clean()
        if self.drawing and drawing(self.drawing) is None:
            raise ValidationError({"drawing": _("没有这张图画，请另选一张。")})
        self.scene_borders = self.scene_borders or []
        try:
            moved_borders(self.scene_borders)
        except ValueError as error:
            raise ValidationError({"scene_borders": _("分镜没有存好，请再挪一次。")}) from error

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An answer is a link, so that it needs no script; the first one is written down."""
        if request.GET.get("answer") in ANSWERS:
            if record := record_to_write(request):
                mark_quiz_tried(record, lesson=self)
            self.count_answer(request)
        note_lesson(request, self.pk)
        response: HttpResponse = super().serve(request, *args, **kwargs)
        keep_last_lesson(request, response, self.pk)
        return response

    def may_be_kept(self, request: HttpRequest) -> bool:
        """No while its film is being made: the page shows how far that is. Nor in a row of films
        in which it is not, of which there are as many as numbers."""
        if LIST in request.GET and watched_through(request, self) is None:
            return False
        return self.video is None or not self.video.stages.exclude(state__in=ENDED).exists()

    def own_parts(self, request: HttpRequest, context: dict[str, Any]) -> OwnParts:
        return OwnPartsOfLesson(self.pk, self.has_quiz)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        beside, below = self.lessons_beside_and_pages_below()
        before = [each for each in beside if each.path < self.path]
        context["previous_lesson"] = before[-1] if before else None
        #: The screen of its classroom that shows this lesson, for the way back.
        context["screen_above"] = len(before) // LESSONS_A_SCREEN + 1
        context["next_lesson"] = next((each for each in beside if each.path > self.path), None)
        #: The row of films that is watched; None where it is this lesson alone.
        context["watching"] = watching = watched_through(request, self)
        if watching is not None:
            everything = [each.pk for each in watching.page.lessons_in_order()]
            context["screen_above"] = everything.index(self.pk) // LESSONS_A_SCREEN + 1
        #: On the pretend phone; None where it is practised otherwise.
        context["practice"] = next(iter(below), None)
        context["spoken"] = spoken_text_of(self, text=self.text_to_read)
        context["film"] = film = self.film_to_watch
        cues = [] if film is None else self.published_cues(film)
        context["track"] = cues[0].track if cues else None
        context["index"] = None
        if film is not None and cues:
            searched = request.GET.get("words", "")
            context["index"] = index_of(film, cues, searched=searched)
        chosen = request.GET.get("answer", "")
        #: Which answer of the quiz the learner chose (0–2); None before that.
        context["chosen_answer"] = int(chosen) if chosen in ANSWERS else None
        #: The quiz that it answers, counted from 1.
        context["chosen_quiz"] = quiz_of(request)
        show_marks(record_of(request), [self])
        context["address"] = address_of(self.get_url(request) or "/")
        #: Shown on paper only: it leads back to this page.
        context["qr_code"] = qr_code(context["address"])
        return context

    def count_answer(self, request: HttpRequest) -> None:
        """For editors, by the words of question and answer; nobody knows whose it was."""
        number, chosen = quiz_of(request), request.GET["answer"]
        if number > len(self.quizzes):
            return
        quiz = self.quizzes[number - 1].value
        count(
            request,
            Tallied.RIGHT if chosen == quiz["answer"] else Tallied.WRONG,
            lesson=self.pk,
            place=quiz["question"],
            chosen=quiz["options"][int(chosen)],
        )

    @cached_property
    def film_to_watch(self) -> Video | None:
        """The video that somebody chose, else the one made of the lesson, once it is there."""
        chosen, film = self.video, self.video
        if chosen is None and self.makes_film:
            made = getattr(getattr(self, "spoken", None), "film", None)
            film = made and made.video
        if film is None:
            return None
        prefetch_related_objects([film], "renditions", "thumbnails")
        return film if chosen or film.moving_renditions else None

    def lessons_beside_and_pages_below(self) -> tuple[list[Page], list[Page]]:
        """The other lessons of its classroom and the practices of this one, in order; one query,
        of what links to them need."""
        practices = ContentType.objects.get_for_model(PracticePage)
        is_beside = Q(depth=self.depth, path__startswith=self.path[: -self.steplen])
        is_below = Q(depth=self.depth + 1, path__startswith=self.path)
        pages = Page.objects.live().filter(
            is_beside & Q(content_type=self.content_type_id) | is_below & Q(content_type=practices)
        )
        shown = pages.only("title", "path", "depth", "url_path")
        found = list(shown.exclude(pk=self.pk).order_by("path"))
        beside = [page for page in found if page.depth == self.depth]
        return beside, [page for page in found if page.depth > self.depth]

    @property
    def one_line(self) -> str:
        return self.goal

    @property
    def picture_without_cover(self) -> str:
        film = self.film_to_watch
        if film is not None and film.poster:
            return str(film.poster.url)
        return super().picture_without_cover

    def get_marks(self, request: HttpRequest | None = None) -> dict[str, Any]:
        film = self.film_to_watch
        if film is None or not film.moving_renditions:
            return {}
        return film_marks(
            film,
            title=self.title,
            description=self.goal,
            picture=whole_address(self.cover_url),
            url=whole_address(self.get_url(request) or "/"),
        )

    @property
    def cover_drawing(self) -> Drawing | None:
        """What its cover shows, and its tile until there is a cover."""
        return drawing(self.drawing)

    @property
    def has_quiz(self) -> bool:
        return bool(self.quizzes)

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

        A track without a cue counts as none: it waits for the machine or for a reviewer.
        """
        cues = LessonPage.published_cues(video)
        return cues[0].track if cues else None

    @staticmethod
    def published_cues(video: Video) -> list[TrackCue]:
        """Of the same, in order, each with its track. One query."""
        cues = list(
            TrackCue.objects.filter(track__video=video, track__language=video.spoken_language)
            .select_related("track")
            .order_by("start_ms", "pk")
        )
        for cue in cues:
            cue.track.video = video
        return cues


@dataclass(frozen=True)
class OwnPartsOfLesson:
    """What was done of it."""

    pk: int
    quizzes: bool

    def of(self, here: Here) -> Mapping[str, str]:
        if here.mark is None:
            return {}
        mark = here.mark
        done = bool(mark.done_at), mark.is_gone_through, bool(mark.quiz_at)
        return {
            "seen": str(mark.seen_parts),
            "learnt": learnt(self.pk, self.quizzes, *done, language=get_language()),
        }


@lru_cache(maxsize=2000)
def learnt(
    pk: int,
    quizzes: bool,
    done_at: bool,
    is_gone_through: bool,
    quiz_at: bool,
    *,
    language: str | None,
) -> SafeString:
    """Made of nothing else than these; what of a mark is named says whether it is."""
    mark = {"done_at": done_at, "is_gone_through": is_gone_through, "quiz_at": quiz_at}
    page = {"pk": pk, "quizzes": quizzes, "mark": mark}
    return render_to_string("courses/parts/learnt.html", {"page": page})


def quiz_of(request: HttpRequest) -> int:
    """Which of a lesson's quizzes an address answers, counted from 1."""
    number = request.GET.get("quiz", "")
    return int(number) if number in {"2", "3"} else 1
