"""A film that the program makes itself, out of a storyboard and a narration."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from media.models.narrations import Narration
from media.models.videos import Video


class Film(models.Model):
    """What is shown while a narration is read, and the video that was made of both.

    The video has no original: its files are made by the stage "film", which is queued whenever
    the storyboard or the narration's sound changes. Until it has ended, the old files stay.
    """

    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="film")
    narration = models.OneToOneField(Narration, on_delete=models.CASCADE, related_name="film")
    #: A media.films.storyboard.Storyboard as data, and its digest.
    storyboard = models.JSONField()
    storyboard_digest = models.CharField(max_length=64)
    #: Of the files that are there, in order: [{"start_ms", "end_ms", "words", "number", "lead"}].
    scenes = models.JSONField(default=list, blank=True)
    #: What is said in them, a clause each, in the film's time: [{"text", "start_ms", "end_ms"}].
    said = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(_("生成时间"), null=True)

    class Meta:
        verbose_name = _("自动做的视频")
        verbose_name_plural = _("自动做的视频")
        ordering: ClassVar = ["narration__page__path"]

    def __str__(self) -> str:
        return self.video.title
