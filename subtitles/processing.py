"""The transcript: the stage that turns a video's speech into machine subtitles."""

import shutil
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media.ffmpeg.extraction import extract_speech
from media.files import on_disk
from media.models import Video
from media.pipeline.processing import probe_original
from media.pipeline.scratch import scratch_folder
from media.pipeline.stages import NotNeeded, Progress, StageFailed, StageKind, register
from subtitles.engines import EngineUnavailable
from subtitles.recognition.hints import learn_hot_words, options_for, vocabulary_beside
from subtitles.recognition.machine import make_cues
from subtitles.tracks.embedded import offer_embedded
from subtitles.tracks.publishing import publish_machine_track
from subtitles.tracks.script import publish_script_track

#: Share of the stage's time that taking the sound out of the video needs.
EXTRACTION_SHARE = 0.05
#: Increase it when the same script should be cut into other cues.
SCRIPT_RECIPE = 2


def fingerprint(video: Video) -> str:
    parameters: tuple[object, ...] = (video.original.name, options_for(video))
    if video.chosen_sound is not None:
        parameters += (video.chosen_sound,)
    return sha256(repr(parameters).encode()).hexdigest()


def make_transcript(video: Video, progress: Progress) -> str:
    """Listen, and publish machine subtitles unless a person's stand there already.

    Chunks that are finished wait in a folder of their own, so that a death costs one chunk.
    Subtitles that the film brought along are offered beside them; returns what became of those.
    """
    with on_disk(video.original) as source:
        return transcript_of(video, source, progress)


def transcript_of(video: Video, source: Path, progress: Progress) -> str:
    facts = probe_original(video, source)
    note = ""
    if facts.subtitles:
        with scratch_folder(f"embedded-{video.key.hex}") as folder:
            note = offer_embedded(video, source, facts, folder=folder)
    if not video.has_audio:
        words = _("这个视频没有声音，不用做字幕。")
        raise NotNeeded(f"{words} {note}".rstrip())
    options = options_for(video)
    learn_hot_words()
    work_dir = Path(settings.VAR_DIR) / "work" / f"transcript-{fingerprint(video)[:16]}"
    work_dir.mkdir(parents=True, exist_ok=True)
    speech = work_dir / "speech.wav"
    extract_speech(
        source,
        speech,
        duration_ms=facts.duration_ms,
        track=facts.audio_track,
        out_of_phase=facts.out_of_phase,
        on_progress=lambda done: progress(EXTRACTION_SHARE * done),
    )
    try:
        cues = make_cues(
            speech,
            work_dir=work_dir,
            options=options,
            vocabulary=vocabulary_beside(video),
            on_progress=lambda done: progress(EXTRACTION_SHARE + (1 - EXTRACTION_SHARE) * done),
        )
    except EngineUnavailable as reason:
        raise StageFailed(f"{reason} {note}".rstrip()) from reason
    publish_machine_track(video, options=options, cues=cues)
    shutil.rmtree(work_dir)
    return note


def script_fingerprint(video: Video) -> str:
    film = video.film
    parameters = (film.said, film.scenes, video.spoken_language, SCRIPT_RECIPE)
    return sha256(repr(parameters).encode()).hexdigest()


def make_script_track(video: Video, progress: Progress) -> None:
    publish_script_track(video)


def register_stages() -> None:
    register(
        StageKind(
            name="script",
            label=gettext_lazy("按讲稿做字幕"),
            queue="media",
            needs=("film",),
            run=make_script_track,
            fingerprint=script_fingerprint,
            of_made_here=True,
        )
    )
    register(
        StageKind(
            name="transcript",
            label=gettext_lazy("做字幕"),
            queue="subtitles",
            needs=("probe",),
            run=make_transcript,
            fingerprint=fingerprint,
        )
    )
