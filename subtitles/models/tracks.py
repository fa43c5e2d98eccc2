"""Subtitle tracks and their cues, as they stand now; what they were before is in versions.py."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media.choices import SpokenLanguage
from media.models import Video
from subtitles.choices import TrackState
from subtitles.cues import UNHEARD, Cue, Doubt, moved_doubts
from subtitles.cues.problems import Reason

LONGEST_TEXT = 120  # characters
LONGEST_CHAPTER = 20


class Track(models.Model):
    """The subtitles of a video in one language. How they were made is kept with them."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="tracks")
    language = models.CharField(max_length=8)  # as in Video.spoken_language
    state = models.CharField(
        _("核对情况"), max_length=8, choices=TrackState.choices, default=TrackState.MACHINE
    )
    engine = models.CharField(max_length=32)
    model = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)
    #: Counts the changes of its cues, so that two people at work can tell what each has seen.
    edit = models.PositiveIntegerField(default=0)
    #: When a person last changed a cue; None while it stands as the machine made it.
    corrected_at = models.DateTimeField(null=True, blank=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("字幕")
        verbose_name_plural = _("字幕")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["video", "language"], name="a_video_has_one_track_of_a_language"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=TrackState.values),
                name="a_tracks_state_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=TrackState.REVIEWED, reviewed_at__isnull=False, reviewed_by__isnull=False
                )
                | models.Q(
                    state__in=(TrackState.MACHINE, TrackState.SCRIPT),
                    reviewed_at__isnull=True,
                    reviewed_by__isnull=True,
                ),
                name="a_reviewed_track_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        language = dict(SpokenLanguage.choices).get(self.language, self.language)
        return f"{self.video}（{language}）"

    def get_absolute_url(self) -> str:
        """The track as WebVTT."""
        return reverse("subtitles:track", args=[self.video.key, self.pk, "vtt"])

    @property
    def is_machine_made(self) -> bool:
        """Whether the mark 机器字幕，未经核对 must be shown."""
        return self.state == TrackState.MACHINE

    @property
    def is_from_script(self) -> bool:
        """Whether it says what was read aloud, word for word: nobody need check it."""
        return self.state == TrackState.SCRIPT


def is_open_hole(cue: str = "") -> models.Q:
    """Holes that nobody has filled or waived yet. `cue` is the way to the
    cue, as "cues__" from a track."""
    waived = models.Q((f"{cue}waived__has_key", Reason.UNHEARD.value))
    return models.Q((f"{cue}text", UNHEARD)) & ~waived


class TrackCueQuerySet(models.QuerySet["TrackCue"]):
    def holes(self) -> Self:
        return self.filter(is_open_hole())


class TrackCue(models.Model):
    """One cue: one or two lines shown together. Times in milliseconds from the video's start."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="cues")
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    text = models.CharField(max_length=LONGEST_TEXT)  # lines parted by \n
    #: Name of the chapter that begins here; blank for most.
    chapter = models.CharField(max_length=LONGEST_CHAPTER, blank=True)
    #: The least that the recogniser gave to a word, 0–1; None for a cue that a person wrote.
    probability = models.FloatField(null=True)
    #: Words that it was not sure of, [from, to, probability] each, counted in `heard`.
    doubts = models.JSONField(default=list)
    #: When each word was said, [from, to, start_ms, end_ms] each, counted in `heard`.
    word_times = models.JSONField(default=list)
    #: The text as the machine heard it; blank where a person made the cue.
    heard = models.CharField(max_length=LONGEST_TEXT, blank=True)
    #: Codes of the rules that it breaks, for the reviewer; see subtitles.cues.problems.
    problems = models.JSONField(default=list)
    #: Which of them somebody let pass: {code: {"by": name, "at": ISO time}}.
    waived = models.JSONField(default=dict)
    #: When a reviewer was last in it, played it or wrote its words; None since a machine made it.
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    #: `Track.edit` when its words or times last changed; 0 as the first machine made it.
    revision = models.PositiveIntegerField(default=0)
    #: `Track.edit` when anything of it last changed, its problems included.
    noted = models.PositiveIntegerField(default=0)

    objects = TrackCueQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["start_ms", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(end_ms__gt=models.F("start_ms")),
                name="a_cue_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="a_cue_says_something"),
            models.UniqueConstraint(
                fields=["track", "start_ms"], name="two_cues_of_a_track_never_start_together"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n"))

    @property
    def open_doubts(self) -> list[Any]:
        """Those of `doubts` whose words stand as the machine heard them, counted in `text`."""
        return moved_doubts(self.heard, self.text, self.doubts)

    @property
    def open_times(self) -> list[Any]:
        """Those of `word_times` whose words stand as the machine heard them, counted in `text`."""
        return moved_doubts(self.heard, self.text, self.word_times)

    def as_cue(self) -> Cue:
        return Cue(
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            lines=self.lines,
            probability=self.probability,
            doubts=tuple(Doubt(*doubt) for doubt in self.open_doubts),
            chapter=self.chapter,
        )
