"""The stages that every video passes here: probe, poster, renditions, audio, storyboard."""

from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media.ffmpeg.ladder import CARD_HEIGHT, CARD_WIDTH, RenditionSpec, plan_renditions
from media.ffmpeg.loudness import Loudness, measure_loudness
from media.ffmpeg.poster import make_poster
from media.ffmpeg.probe import Probe, probe
from media.ffmpeg.renditions import DamagedPicture, make_at_once, make_audio, make_renditions
from media.ffmpeg.speech_detection import examine
from media.ffmpeg.storyboard import make_storyboard
from media.files import on_disk
from media.models import Video
from media.pipeline import publishing, services
from media.pipeline.placeholder_poster import draw_placeholder_poster
from media.pipeline.scratch import scratch_folder
from media.pipeline.stages import NotNeeded, Progress, StageKind, register
from media.pipeline.title_card import draw_title_card

#: Increase it when an unchanged original should be processed differently.
RECIPE = 3
#: The same for the storyboard, which no other setting changes.
STORYBOARD_RECIPE = 1
#: Share of the renditions' time that is spent on measuring the loudness.
LOUDNESS_SHARE = 0.1
#: From this length on a film is decoded twice, so that its smallest rendition comes early.
EARLY_FROM_MS = 10 * 60_000


def probe_fingerprint(video: Video) -> str:
    # The language decides which of several sounds is selected.
    parameters = (video.original.name, video.spoken_language, RECIPE)
    return sha256(repr(parameters).encode()).hexdigest()


def fingerprint(video: Video) -> str:
    parameters = (
        video.original.name,
        video.spoken_language,
        video.chosen_sound,
        title_on_card(video),
        RECIPE,
        settings.VIDEO_LOUDNESS_LUFS,
    )
    return sha256(repr(parameters).encode()).hexdigest()


def poster_fingerprint(video: Video) -> str:
    """Leaves out what decides the sound, on which the poster does not depend."""
    parameters = (video.original.name, title_on_card(video), RECIPE)
    return sha256(repr(parameters).encode()).hexdigest()


def storyboard_fingerprint(video: Video) -> str:
    return sha256(repr((video.original.name, STORYBOARD_RECIPE)).encode()).hexdigest()


def title_on_card(video: Video) -> str | None:
    """The title on the title card of sound alone; None for a film, which has no card."""
    return video.title if video.has_picture is False else None


def probe_original(video: Video, source: Path) -> Probe:
    """The facts of the original, with the sound that is used. Raises UnusableMedia."""
    facts = probe(source, track=video.sound_in_use)
    return replace(
        facts,
        out_of_phase=any(
            sound["out_of_phase"] for sound in video.sounds if sound["track"] == facts.audio_track
        ),
    )


def probe_video(video: Video, progress: Progress) -> None:
    with on_disk(video.original) as source:
        facts = examine(source, language=video.spoken_language)
    publishing.record_facts(video, facts)


def publish_at_once(video: Video, source: Path, spec: RenditionSpec, facts: Probe) -> None:
    """Publish a film that can be copied before its sound is measured and the rest is made."""
    with scratch_folder(f"at-once-{video.key.hex}") as folder:
        path = make_at_once(source, spec, probe=facts, folder=folder)
        publishing.publish_rendition(
            video, name=spec.name, path=path, width=spec.width, height=spec.height
        )


def make_video_renditions(video: Video, progress: Progress) -> str | None:
    """Returns a message for the editor, mostly None."""
    with on_disk(video.original) as source:
        return make_renditions_of(video, source, progress)


def make_renditions_of(video: Video, source: Path, progress: Progress) -> str | None:
    facts = probe_original(video, source)
    specs = plan_renditions(facts)
    if specs[0].copy_video:
        publish_at_once(video, source, specs[0], facts)
    loudness = None
    if facts.has_audio:
        loudness = measure_loudness(
            source,
            duration_ms=facts.duration_ms,
            track=facts.audio_track,
            on_progress=partial(part_of, progress, 0, LOUDNESS_SHARE),
        )
    try:
        make_all(video, source, specs, facts, loudness, progress)
    except DamagedPicture:
        # Decoding for the other sizes showed that the picture to be copied is damaged.
        specs = plan_renditions(facts, may_copy=False)
        make_all(video, source, specs, facts, loudness, progress)
        return _("这个视频有一段坏了，已经重新转换。请看一遍，坏的地方可能会花一下。")
    return None


def make_all(
    video: Video,
    source: Path,
    specs: list[RenditionSpec],
    facts: Probe,
    loudness: Loudness | None,
    progress: Progress,
) -> None:
    done = LOUDNESS_SHARE
    for run in in_runs(specs, facts):
        share = (1 - LOUDNESS_SHARE) * pixels(run) / pixels(specs)
        make_run(video, source, run, facts, loudness, partial(part_of, progress, done, share))
        done += share


def make_run(
    video: Video,
    source: Path,
    specs: list[RenditionSpec],
    facts: Probe,
    loudness: Loudness | None,
    progress: Progress,
) -> None:
    with scratch_folder(f"renditions-{video.key.hex}") as folder:
        card = None
        if not facts.has_video:
            card = folder / "card.png"
            draw_title_card(video.title, card, width=specs[0].width, height=specs[0].height)
        paths = make_renditions(
            source,
            specs,
            probe=facts,
            loudness=loudness,
            folder=folder,
            card=card,
            on_progress=progress,
        )
        services.wait_for_database()
        for spec, path in zip(specs, paths, strict=True):
            publishing.publish_rendition(
                video, name=spec.name, path=path, width=spec.width, height=spec.height
            )


def part_of(progress: Progress, before: float, share: float, done: float) -> None:
    """Report the progress of the whole: this part is `share` of it, after `before`."""
    progress(before + share * done)


def pixels(specs: list[RenditionSpec]) -> int:
    """Pixels of one picture in every size; the time of encoding is nearly proportional."""
    return sum(spec.width * spec.height for spec in specs)


def in_runs(specs: list[RenditionSpec], facts: Probe) -> list[list[RenditionSpec]]:
    """The renditions grouped by FFmpeg run: all in one, with one decode; but for a long film that
    must be encoded the smallest alone first, which takes a third of the time (decision 018)."""
    at_once = specs[0].copy_video or not facts.has_video or len(specs) == 1
    if at_once or facts.duration_ms < EARLY_FROM_MS:
        return [specs]
    return [specs[-1:], specs[:-1]]


def make_video_poster(video: Video, progress: Progress) -> None:
    """The placeholder poster stays until the film's own is there, or for good."""
    with on_disk(video.original) as source, scratch_folder(f"poster-{video.key.hex}") as folder:
        target = folder / "poster.jpg"
        facts = probe(source)
        if not facts.has_video:
            draw_title_card(video.title, target, width=CARD_WIDTH, height=CARD_HEIGHT)
            publishing.publish_poster(video, target)
            return
        if not video.poster:
            draw_placeholder_poster(target)
            publishing.publish_poster(video, target)
        make_poster(source, target, probe=facts, on_progress=progress)
        publishing.publish_poster(video, target)


def make_video_audio(video: Video, progress: Progress) -> None:
    """Sound alone, from the smallest rendition, whose loudness is corrected already."""
    if not video.has_audio:
        raise NotNeeded(_("这个视频没有声音。"))
    with (
        on_disk(video.moving_renditions[-1].file) as source,
        scratch_folder(f"audio-{video.key.hex}") as folder,
    ):
        target = folder / "audio.m4a"
        make_audio(source, target, probe=probe(source), loudness=None, on_progress=progress)
        publishing.publish_rendition(video, name="audio", path=target, width=None, height=None)


def make_video_storyboard(video: Video, progress: Progress) -> None:
    """From the smallest rendition, which is upright and quick to decode."""
    if video.has_picture is False:
        raise NotNeeded(_("这里只有声音，没有画面，不用取小图。"))
    with (
        on_disk(video.moving_renditions[-1].file) as source,
        scratch_folder(f"storyboard-{video.key.hex}") as folder,
    ):
        pictures = make_storyboard(source, folder, probe=probe(source), on_progress=progress)
        publishing.publish_storyboard(video, pictures)


def register_stages() -> None:
    register(
        StageKind(
            name="probe",
            label=gettext_lazy("检查文件"),
            queue="media",
            needs=(),
            run=probe_video,
            fingerprint=probe_fingerprint,
        )
    )
    register(
        StageKind(
            name="poster",
            label=gettext_lazy("取封面"),
            queue="media",
            needs=("probe",),
            run=make_video_poster,
            fingerprint=poster_fingerprint,
            failure_message=gettext_lazy("没有取到封面，先用画好的。视频照样能看。"),
        )
    )
    register(
        StageKind(
            name="renditions",
            label=gettext_lazy("转换画面"),
            queue="media",
            needs=("probe",),
            run=make_video_renditions,
            fingerprint=fingerprint,
        )
    )
    register(
        StageKind(
            name="audio",
            label=gettext_lazy("取出声音"),
            queue="media",
            needs=("renditions",),
            run=make_video_audio,
            fingerprint=fingerprint,
        )
    )
    register(
        StageKind(
            name="storyboard",
            label=gettext_lazy("取小图"),
            queue="media",
            needs=("renditions",),
            run=make_video_storyboard,
            fingerprint=storyboard_fingerprint,
            failure_message=gettext_lazy("没有取到小图。视频照样能看，只是章节旁边没有图。"),
        )
    )
