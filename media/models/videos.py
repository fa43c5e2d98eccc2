"""A video as it was uploaded, and the files made from it."""

import uuid
from pathlib import PurePath
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from media.choices import SpokenLanguage

#: Name of the rendition that has its subtitles in the picture.
KEEPSAKE = "keepsake"


def original_path(video: "Video", filename: str) -> str:
    """A random name under originals/, which only staff may fetch; FFmpeg needs the suffix."""
    suffix = PurePath(filename).suffix.lower()[:8]
    return f"originals/{uuid.uuid4().hex}{suffix}"


def poster_path(video: "Video", filename: str) -> str:
    return f"posters/{video.key.hex}-{uuid.uuid4().hex[:8]}.jpg"


def rendition_path(rendition: "Rendition", filename: str) -> str:
    suffix = PurePath(filename).suffix
    return f"videos/{rendition.video.key.hex}/{rendition.name}-{uuid.uuid4().hex[:8]}{suffix}"


class VideoQuerySet(models.QuerySet["Video"]):
    def watchable(self) -> Self:
        """Videos with at least one rendition that has a picture."""
        return self.filter(renditions__height__isnull=False).distinct()

    def without_stages(self) -> Self:
        """Videos whose stages have not been planned yet."""
        return self.filter(stages__isnull=True)


class Video(index.Indexed, models.Model):
    """The original is never changed. Facts about it are None until it is probed.

    A film that the program makes itself has no original; see media.models.films.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("标题"), max_length=120)
    original = models.FileField(
        _("视频文件"),
        upload_to=original_path,
        max_length=120,
        help_text=_("MP4、MOV 等常见视频都可以，MP3、M4A 等录音也行。上传后会自动转换、做字幕。"),
    )
    original_name = models.CharField(_("原来的文件名"), max_length=255, blank=True, editable=False)
    spoken_language = models.CharField(
        _("讲的是什么话"),
        help_text=_("字幕按这个来听写，选错了就会满是错字。"),
        max_length=8,
        choices=SpokenLanguage.choices,
        default=SpokenLanguage.MANDARIN,
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传的人"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    duration_ms = models.PositiveIntegerField(_("时长（毫秒）"), null=True, editable=False)
    has_audio = models.BooleanField(_("有声音"), null=True, editable=False)
    #: False for a recording of sound, which is shown with a title card.
    has_picture = models.BooleanField(_("有画面"), null=True, editable=False)
    #: The original's sound tracks, each a media.ffmpeg.tracks.SoundTrack.
    sounds = models.JSONField(default=list, editable=False)
    #: `track` of the sound that was selected, and of the one that an editor chose instead.
    best_sound = models.PositiveSmallIntegerField(null=True, editable=False)
    chosen_sound = models.PositiveSmallIntegerField(_("用哪一条声音"), null=True, blank=True)
    #: The original's text subtitles, each a media.ffmpeg.tracks.SubtitleStream.
    embedded_subtitles = models.JSONField(default=list, editable=False)
    poster = models.FileField(
        _("封面"), upload_to=poster_path, max_length=120, blank=True, editable=False
    )

    objects = VideoQuerySet.as_manager()

    search_fields: ClassVar = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
    ]

    class Meta:
        verbose_name = _("视频")
        verbose_name_plural = _("视频")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(spoken_language__in=SpokenLanguage.values),
                name="a_videos_language_is_a_known_one",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def sound_in_use(self) -> int | None:
        """`track` of the sound that is used; None until the original is probed."""
        return self.best_sound if self.chosen_sound is None else self.chosen_sound

    @property
    def is_made_here(self) -> bool:
        """Whether the program makes the film itself, out of a storyboard."""
        return not self.original

    @property
    def moving_renditions(self) -> list["Rendition"]:
        """The renditions with a picture, sharpest first; empty until the video is watchable."""
        moving = [r for r in self.renditions.all() if r.height is not None and r.name != KEEPSAKE]
        return sorted(moving, key=lambda r: r.height or 0, reverse=True)

    @property
    def audio_rendition(self) -> "Rendition | None":
        """Sound alone, for slow lines; None until it is made, or when the video is silent."""
        return next((r for r in self.renditions.all() if r.height is None), None)

    @property
    def keepsake(self) -> "Rendition | None":
        """The film with its subtitles in the picture, to be carried away; None: not made."""
        return next((r for r in self.renditions.all() if r.name == KEEPSAKE), None)


class Rendition(models.Model):
    """One playable file made from a video. `width` and `height` are None for sound alone."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=16)  # 1080p, 720p, 360p, audio, keepsake
    file = models.FileField(upload_to=rendition_path, max_length=120)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    size_bytes = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["video", "name"], name="a_video_has_one_rendition_of_a_name"
            ),
            models.CheckConstraint(
                condition=models.Q(width__isnull=True, height__isnull=True)
                | models.Q(width__gt=0, height__gt=0),
                name="a_rendition_has_both_sides_or_neither",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.video} {self.name}"
