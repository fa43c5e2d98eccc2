"""Playlists of lobby and classroom screens: what is shown in turn, and when."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.models import Orderable

from courses.models import LessonPage
from lms.classes.choices import Weekday
from media.models import Video


class Playlist(ClusterableModel):
    """What a screen in a lobby or classroom shows in turn (宣传片、公益广告、电视培训节目). Without
    times it is shown all day."""

    title = models.CharField(_("名称"), max_length=60)
    slug = models.SlugField(
        _("网址里的名字"),
        unique=True,
        help_text=_("小写字母、数字和短横线，比如 lobby。大屏打开 /screen/lobby/ 就开始播放。"),
    )

    panels: ClassVar = [
        FieldPanel("title"),
        FieldPanel("slug"),
        InlinePanel("items", heading=_("按顺序播放"), label=_("一项"), min_num=1),
        InlinePanel("times", heading=_("什么时候播放（不填就是全天）"), label=_("一段时间")),
    ]

    class Meta:
        verbose_name = _("大屏播放单")
        verbose_name_plural = _("大屏播放单")
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title

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
