"""The one stage of a narration: read, bring to the house's loudness, publish."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext_lazy

from media.hearing import examine
from media.loudness import measure_loudness
from media.models import Narration
from media.narrating import NARRATION, OWN_VOICE, TextChanged, publish_narration
from media.narrators import (
    NarrationRefused,
    Narrator,
    NarratorUnavailable,
    machine_narrator,
)
from media.narrators.recording import READ_IN, Recording
from media.processing import scratch_folder
from media.renditions import make_audio
from media.sentences import split_sentences
from media.stages import Progress, StageFailed, StageKind, register

#: Raise it when the same text in the same voice should come out otherwise.
RECIPE = 1
READING_SHARE = 0.7


def voice_of(narration: Narration) -> str:
    return OWN_VOICE if narration.own_recording else settings.NARRATOR


def fingerprint(narration: Narration) -> str:
    recording = narration.own_recording
    parameters = (
        narration.text_digest,
        recording.name if recording else settings.NARRATOR,
        RECIPE,
        settings.VIDEO_LOUDNESS_LUFS,
    )
    return sha256(repr(parameters).encode()).hexdigest()


def choose_narrator(narration: Narration) -> Narrator:
    """Somebody's recording of this very text comes before every machine."""
    recording = narration.own_recording
    return Recording(Path(recording.path)) if recording else machine_narrator()


def make_narration(narration: Narration, progress: Progress) -> None:
    with scratch_folder(f"narration-{narration.pk}") as folder:
        try:
            reading = choose_narrator(narration).read(
                split_sentences(narration.text),
                folder=folder,
                on_progress=lambda done: progress(READING_SHARE * done),
            )
        except (NarratorUnavailable, NarrationRefused) as reason:
            raise StageFailed(str(reason)) from reason
        facts = examine(reading.sound, language=READ_IN)
        target = folder / "reading.m4a"
        make_audio(
            reading.sound,
            target,
            probe=facts,
            loudness=measure_loudness(
                reading.sound, duration_ms=facts.duration_ms, track=facts.audio_track
            ),
        )
        try:
            with target.open("rb") as audio:
                publish_narration(
                    narration,
                    text_digest=narration.text_digest,
                    audio=File(audio),
                    name=target.name,
                    spans=reading.spans,
                    duration_ms=facts.duration_ms,
                    voice=voice_of(narration),
                )
        except TextChanged:
            return  # the stage was queued anew along with the text


def register_stages() -> None:
    register(
        StageKind(
            name=NARRATION,
            label=gettext_lazy("朗读"),
            queue="media",
            needs=(),
            run=make_narration,
            fingerprint=fingerprint,
            of=Narration,
        )
    )
