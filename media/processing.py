"""The stages that every video passes here: probe, renditions, poster, audio."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media import publishing, services
from media.card import draw_card
from media.drawn_poster import draw_poster
from media.hearing import examine
from media.ladder import CARD_HEIGHT, CARD_WIDTH, RenditionSpec, plan_renditions
from media.loudness import Loudness, measure_loudness
from media.models import Video
from media.poster import make_poster
from media.probe import Probe, probe
from media.renditions import DamagedPicture, make_at_once, make_audio, make_renditions
from media.stages import NotNeeded, Progress, StageKind, register

#: Raise it when the files made from an unchanged original should come out otherwise.
RECIPE = 3
#: Share of the renditions' time that goes into listening for the loudness first.
LOUDNESS_SHARE = 0.1
#: A film as long as this is worth a second decode, so that its smallest picture comes early.
EARLY_FROM_MS = 10 * 60_000


def probe_fingerprint(video: Video) -> str:
    # The language says which of several sounds is the best.
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
    """Without what decides the sound: a picture is the same in every language."""
    parameters = (video.original.name, title_on_card(video), RECIPE)
    return sha256(repr(parameters).encode()).hexdigest()


def title_on_card(video: Video) -> str | None:
    """What is written over a sound alone; None for a film, whose picture has nothing of it."""
    return video.title if video.has_picture is False else None


@contextmanager
def scratch_folder(name: str) -> Iterator[Path]:
    """An empty folder under var/work/, gone afterwards; what a killed run left goes now.

    Its own in each run: one that was suspended beyond its lease cannot take away another's.
    """
    work = Path(settings.VAR_DIR) / "work"
    for left in work.glob(f"{name}.*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = work / f"{name}.{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def probe_original(video: Video) -> Probe:
    """The facts, those of the sound in use as the probe stage heard it. Raises UnusableMedia."""
    facts = probe(Path(video.original.path), track=video.sound_in_use)
    return replace(
        facts,
        out_of_phase=any(
            sound["out_of_phase"] for sound in video.sounds if sound["track"] == facts.audio_track
        ),
    )


def probe_video(video: Video, progress: Progress) -> None:
    facts = examine(Path(video.original.path), language=video.spoken_language)
    publishing.record_facts(video, facts)


def publish_at_once(video: Video, spec: RenditionSpec, facts: Probe) -> None:
    """So that a film which fits can be watched while its sound is measured and the rest is made."""
    with scratch_folder(f"at-once-{video.key.hex}") as folder:
        path = make_at_once(Path(video.original.path), spec, probe=facts, folder=folder)
        publishing.publish_rendition(
            video, name=spec.name, path=path, width=spec.width, height=spec.height
        )


def make_video_renditions(video: Video, progress: Progress) -> str | None:
    """Returns what an editor should know of the result, mostly None."""
    source = Path(video.original.path)
    facts = probe_original(video)
    specs = plan_renditions(facts)
    if specs[0].copy_video:
        publish_at_once(video, specs[0], facts)
    loudness = None
    if facts.has_audio:
        loudness = measure_loudness(
            source,
            duration_ms=facts.duration_ms,
            track=facts.audio_track,
            on_progress=partial(part_of, progress, 0, LOUDNESS_SHARE),
        )
    try:
        make_all(video, specs, facts, loudness, progress)
    except DamagedPicture:
        # What was to be copied is broken somewhere, as the decoder of the other sizes found.
        specs = plan_renditions(facts, may_copy=False)
        make_all(video, specs, facts, loudness, progress)
        return _("这个视频有一段坏了，已经重新转换。请看一遍，坏的地方可能会花一下。")
    return None


def make_all(
    video: Video,
    specs: list[RenditionSpec],
    facts: Probe,
    loudness: Loudness | None,
    progress: Progress,
) -> None:
    done = LOUDNESS_SHARE
    for run in in_runs(specs, facts):
        share = (1 - LOUDNESS_SHARE) * pixels(run) / pixels(specs)
        make_run(video, run, facts, loudness, partial(part_of, progress, done, share))
        done += share


def make_run(
    video: Video,
    specs: list[RenditionSpec],
    facts: Probe,
    loudness: Loudness | None,
    progress: Progress,
) -> None:
    with scratch_folder(f"renditions-{video.key.hex}") as folder:
        card = None
        if not facts.has_video:
            card = folder / "card.png"
            draw_card(video.title, card, width=specs[0].width, height=specs[0].height)
        paths = make_renditions(
            Path(video.original.path),
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
    """Tell how far the whole is, of which `share` is this part and `before` came first."""
    progress(before + share * done)


def pixels(specs: list[RenditionSpec]) -> int:
    """Of one picture in every size, to which the time of encoding is nearly proportional."""
    return sum(spec.width * spec.height for spec in specs)


def in_runs(specs: list[RenditionSpec], facts: Probe) -> list[list[RenditionSpec]]:
    """What one FFmpeg makes together: all, with one decode; but of a long film that must be encoded
    the smallest picture first, which takes a third of the time (docs/decisions/018)."""
    at_once = specs[0].copy_video or not facts.has_video or len(specs) == 1
    if at_once or facts.duration_ms < EARLY_FROM_MS:
        return [specs]
    return [specs[-1:], specs[:-1]]


def make_video_poster(video: Video, progress: Progress) -> None:
    """A drawn one stands until the film's own is there, and for good where none can be had."""
    source = Path(video.original.path)
    with scratch_folder(f"poster-{video.key.hex}") as folder:
        target = folder / "poster.jpg"
        facts = probe(source)
        if not facts.has_video:
            draw_card(video.title, target, width=CARD_WIDTH, height=CARD_HEIGHT)
            publishing.publish_poster(video, target)
            return
        if not video.poster:
            draw_poster(target)
            publishing.publish_poster(video, target)
        make_poster(source, target, probe=facts, on_progress=progress)
        publishing.publish_poster(video, target)


def make_video_audio(video: Video, progress: Progress) -> None:
    """Sound alone, taken from the smallest rendition, whose loudness is right already."""
    if not video.has_audio:
        raise NotNeeded(_("这个视频没有声音。"))
    source = Path(video.moving_renditions[-1].file.path)
    with scratch_folder(f"audio-{video.key.hex}") as folder:
        target = folder / "audio.m4a"
        make_audio(source, target, probe=probe(source), loudness=None, on_progress=progress)
        publishing.publish_rendition(video, name="audio", path=target, width=None, height=None)


def register_stages() -> None:
    drawn = gettext_lazy("没有取到封面，先用画好的。视频照样能看。")
    for name, label, needs, run, decided_by, without in (
        ("probe", gettext_lazy("检查文件"), (), probe_video, probe_fingerprint, ""),
        (
            "poster",
            gettext_lazy("取封面"),
            ("probe",),
            make_video_poster,
            poster_fingerprint,
            drawn,
        ),
        (
            "renditions",
            gettext_lazy("转换画面"),
            ("probe",),
            make_video_renditions,
            fingerprint,
            "",
        ),
        ("audio", gettext_lazy("取出声音"), ("renditions",), make_video_audio, fingerprint, ""),
    ):
        register(StageKind(name, label, "media", needs, run, decided_by, without=without))
