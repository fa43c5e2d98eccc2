"""A page's text, read aloud: the sound, and when each sentence is said."""

import uuid
from pathlib import PurePath
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from media.choices import StageState


def narration_path(narration: "Narration", filename: str) -> str:
    return f"narrations/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"


def recording_path(narration: "Narration", filename: str) -> str:
    """Beside the videos' originals, which only staff may fetch."""
    return f"originals/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"


class Narration(models.Model):
    """What is to be read aloud (`text`), and what has been (`audio` and what belongs to it).

    Between the two lies a stage, as for a video. Until it has ended, the sound and the sentences
    of the text before stay, so that they always fit each other. Digests are those of
    media.narrating.digest_of.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="spoken", verbose_name=_("页面")
    )
    text = models.TextField(_("朗读稿"))
    text_digest = models.CharField(max_length=64)

    #: Somebody's own recording, as it came, and the text that it was made for.
    recording = models.FileField(_("录音"), upload_to=recording_path, max_length=120, blank=True)
    recording_name = models.CharField(max_length=255, blank=True)
    recording_digest = models.CharField(max_length=64, blank=True)

    audio = models.FileField(upload_to=narration_path, max_length=120, blank=True)
    #: The text that is read in it; blank while there is none.
    audio_digest = models.CharField(max_length=64, blank=True)
    #: Whose voice it is, for editors: a narrator's name in the settings, or words of ours.
    voice = models.CharField(_("声音"), max_length=32, blank=True)
    duration_ms = models.PositiveIntegerField(_("时长（毫秒）"), null=True)
    #: [{"text": …, "start_ms": …, "end_ms": …}] in order; empty while there is no sound.
    sentences = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(_("生成时间"), null=True)

    class Meta:
        verbose_name = _("朗读")
        verbose_name_plural = _("朗读")
        ordering: ClassVar = ["page__path"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(text=""), name="a_narration_has_something_to_say"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    audio="", audio_digest="", duration_ms__isnull=True, made_at__isnull=True
                )
                | (
                    ~models.Q(audio="")
                    & ~models.Q(audio_digest="")
                    & models.Q(duration_ms__gt=0, made_at__isnull=False)
                ),
                name="a_narrations_sound_comes_with_all_that_is_known_of_it",
            ),
            models.CheckConstraint(
                condition=models.Q(recording="", recording_digest="")
                | (~models.Q(recording="") & ~models.Q(recording_digest="")),
                name="a_recording_says_for_which_text_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return str(self.page.title)

    def get_absolute_url(self) -> str:
        """The sentences' times as WebVTT."""
        return reverse("subtitles:narration", args=[self.pk])

    @property
    def reads_the_text(self) -> bool:
        """Whether the sound says the present text."""
        return bool(self.audio) and self.audio_digest == self.text_digest

    @property
    def own_recording(self) -> models.fields.files.FieldFile | None:
        """Somebody's recording of the present text; None when there is none, or of another."""
        return self.recording if self.recording_digest == self.text_digest else None

    @property
    def is_playable(self) -> bool:
        """Whether the sound may be heard: it says the text, or what will say it is on its way."""
        if not self.audio:
            return False
        stage = next(iter(self.stages.all()), None)
        return self.reads_the_text or (stage is not None and stage.state != StageState.FAILED)
