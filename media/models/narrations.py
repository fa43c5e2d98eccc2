"""A text read aloud: the sound, and the times of its sentences."""

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
    """In the folder of the videos' originals, which only staff may fetch."""
    return f"originals/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"


class Narration(models.Model):
    """A text, mostly a page's, and the sound in which it is read aloud with its sentences.

    A stage makes the sound of the text. Until it has ended, the old sound and the old sentences
    stay, so that they always match each other. Digests are those of
    media.narration.services.digest_of.
    """

    #: None: the text is of something else, which knows its narration (a manual's version).
    page = models.OneToOneField(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="spoken",
        verbose_name=_("页面"),
    )
    text = models.TextField(_("朗读稿"))
    text_digest = models.CharField(max_length=64)

    #: An editor's recording as it was uploaded, and the digest of the text that it is for.
    recording = models.FileField(_("录音"), upload_to=recording_path, max_length=120, blank=True)
    recording_name = models.CharField(max_length=255, blank=True)
    recording_digest = models.CharField(max_length=64, blank=True)

    audio = models.FileField(upload_to=narration_path, max_length=120, blank=True)
    #: Digest of the text that is read in it; blank while there is no sound.
    audio_digest = models.CharField(max_length=64, blank=True)
    #: For editors: the narrator's name in the settings, or OWN_VOICE of media.narration.services.
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
        return self.title

    def get_absolute_url(self) -> str:
        """The sentences' times as WebVTT."""
        return reverse("subtitles:narration", args=[self.pk])

    @property
    def title(self) -> str:
        """The page's, else the first line that is read."""
        if self.page is not None:
            return str(self.page.title)
        return self.text.strip().partition("\n")[0].rstrip("。")

    @property
    def reads_the_text(self) -> bool:
        """Whether the sound says the present text."""
        return bool(self.audio) and self.audio_digest == self.text_digest

    @property
    def own_recording(self) -> models.fields.files.FieldFile | None:
        """The uploaded recording if it is of the present text; None otherwise."""
        return self.recording if self.recording_digest == self.text_digest else None

    @property
    def is_playable(self) -> bool:
        """Whether the sound is offered: it says the text, or a newer one is being made."""
        if not self.audio:
            return False
        if self.reads_the_text:
            return True
        stage = next(iter(self.stages.all()), None)
        return stage is not None and stage.state != StageState.FAILED
