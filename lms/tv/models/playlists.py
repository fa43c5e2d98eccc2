"""Playlists of lobby and classroom screens: what is shown, by rule and by hand, and when."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable, Page

from courses.models import LessonPage
from lms.classes.choices import Weekday
from lms.tv.choices import FilmOrder, FilmsFrom
from lms.units.models import Unit
from media.models import Video

#: Kinds of pages whose lessons' films can be played by rule.
PAGES_WITH_FILMS = ["courses.ClassroomPage", "courses.CoursePage", "courses.TeacherPage"]


class Playlist(ClusterableModel):
    """What a screen in a lobby or classroom shows in turn (宣传片、公益广告、电视培训节目). Without
    times it is shown all day."""

    title = models.CharField(_("名称"), max_length=60)
    slug = models.SlugField(
        _("网址里的名字"),
        unique=True,
        help_text=_("小写字母、数字和短横线，比如 lobby。大屏打开 /screen/lobby/ 就开始播放。"),
    )

    #: Whose alerts its screens show; None: those for the whole city alone.
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("大屏在哪里"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    films_from = models.CharField(
        _("自动播放哪些课的视频"),
        max_length=8,
        choices=FilmsFrom.choices,
        default=FilmsFrom.NONE,
        blank=True,
        help_text=_("新的视频做好了，自己会加进来。"),
    )
    #: The classroom, the series or the teacher of FilmsFrom.PAGE; None otherwise.
    films_page = models.ForeignKey(
        Page,
        verbose_name=_("哪个课堂、精品课程或老师"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    films_order = models.CharField(
        _("先放哪个"), max_length=8, choices=FilmOrder.choices, default=FilmOrder.NEWEST
    )

    panels: ClassVar = [
        FieldPanel("title"),
        FieldPanel("slug"),
        FieldPanel("unit"),
        MultiFieldPanel(
            [
                FieldPanel("films_from"),
                PageChooserPanel("films_page", PAGES_WITH_FILMS),
                FieldPanel("films_order"),
            ],
            heading=_("自动播放"),
        ),
        InlinePanel("items", heading=_("另外放这些，放在最前面"), label=_("一项")),
        InlinePanel("times", heading=_("什么时候播放（不填就是全天）"), label=_("一段时间")),
    ]

    class Meta:
        verbose_name = _("大屏播放单")
        verbose_name_plural = _("大屏播放单")
        ordering: ClassVar = ["title"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(films_from__in=FilmsFrom.values),
                name="a_playlists_films_are_from_a_known_place",
            ),
            models.CheckConstraint(
                condition=models.Q(films_order__in=FilmOrder.values),
                name="a_playlists_order_is_a_known_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.films_from == FilmsFrom.PAGE and self.films_page is None:
            raise ValidationError({"films_page": _("请选一个课堂、一门精品课程或一位老师。")})

    def get_absolute_url(self) -> str:
        return reverse("tv:screen", args=[self.slug])


class PlaylistItem(Orderable):
    """A video, or a lesson whose steps are shown one after another."""

    playlist = ParentalKey(Playlist, on_delete=models.CASCADE, related_name="items")
    video = models.ForeignKey(
        Video, verbose_name=_("视频"), null=True, blank=True, on_delete=models.CASCADE
    )
    lesson = models.ForeignKey(
        LessonPage,
        verbose_name=_("课"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )

    panels: ClassVar = [FieldPanel("video"), PageChooserPanel("lesson")]

    class Meta(Orderable.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(video__isnull=False, lesson__isnull=True)
                | models.Q(video__isnull=True, lesson__isnull=False),
                name="a_playlists_item_is_a_video_or_a_lesson",
                violation_error_message=_("每一项选一个视频，或者选一课，二选一。"),
            )
        ]

    def __str__(self) -> str:
        return str(self.video or self.lesson)


class PlaylistTime(models.Model):
    """When a playlist is shown. `weekday` None: every day."""

    playlist = ParentalKey(Playlist, on_delete=models.CASCADE, related_name="times")
    weekday = models.PositiveSmallIntegerField(
        _("星期"), choices=Weekday.choices, null=True, blank=True, help_text=_("不选就是每天。")
    )
    starts_at = models.TimeField(_("从"))
    ends_at = models.TimeField(_("到"))

    class Meta:
        ordering: ClassVar = ["weekday", "starts_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="a_playlists_time_ends_after_it_starts",
                violation_error_message=_("结束的时间要比开始的时间晚。"),
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__isnull=True) | models.Q(weekday__range=(1, 7)),
                name="a_playlists_time_is_on_a_weekday",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"

    def as_minutes(self) -> dict[str, Any]:
        """Weekday (1 to 7, None for all) and minutes since midnight, for the screen's script."""
        return {
            "weekday": self.weekday,
            "from": self.starts_at.hour * 60 + self.starts_at.minute,
            "until": self.ends_at.hour * 60 + self.ends_at.minute,
        }
