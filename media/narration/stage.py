"""The stage of a narration: read, bring to VIDEO_LOUDNESS_LUFS, publish."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext_lazy

from media.ffmpeg.loudness import measure_loudness
from media.ffmpeg.renditions import make_audio
from media.ffmpeg.speech_detection import examine
from media.files import on_disk
from media.models import Narration
from media.narration.narrators import (
    NarrationRefused,
    Narrator,
    NarratorUnavailable,
    machine_narrator,
)
from media.narration.narrators.recording import READ_IN, Recording
from media.narration.sentences import split_sentences
from media.narration.services import NARRATION, OWN_VOICE, TextChanged, publish_narration
from media.pipeline.scratch import scratch_folder
from media.pipeline.stages import Progress, StageFailed, StageKind, register

#: Increase it when the same text in the same voice should be made differently.
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


@contextmanager
def chosen_narrator(narration: Narration) -> Iterator[Narrator]:
    """An uploaded recording of the present text, else the narrator of the settings."""
    if recording := narration.own_recording:
        with on_disk(recording) as source:
            yield Recording(source)
    else:
        yield machine_narrator()


def make_narration(narration: Narration, progress: Progress) -> None:
    with scratch_folder(f"narration-{narration.pk}") as folder:
        try:
            with chosen_narrator(narration) as narrator:
                reading = narrator.read(
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
