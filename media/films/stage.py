"""The stage that makes a film: draw, encode, join, publish; behind everything else."""

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotDone
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from media.choices import StageState
from media.ffmpeg import poster, storyboard
from media.files import on_disk
from media.films import passages
from media.films.making import Kept, MadeFilm, make_film
from media.films.services import FILM, fingerprint, kept_films, note_made
from media.films.storyboard import Storyboard
from media.films.timeline import SpokenPart
from media.models import Film, Narration, Video
from media.pipeline import publishing, services
from media.pipeline.requeue import requeue_outdated
from media.pipeline.scratch import scratch_folder
from media.pipeline.stages import NotYet, Progress, StageFailed, StageKind, register

#: Films are made when nobody waits for the processor.
NICENESS = 10
REPORT_SECONDS = 0.5


def make_video_film(video: Video, progress: Progress) -> None:
    film = Film.objects.select_related("narration").get(video=video)
    narration = film.narration
    if not narration.reads_the_text:
        wait_for_sound(narration)
    with (
        on_disk(narration.audio) as sound,
        scratch_folder(f"film-{video.key.hex}") as folder,
    ):
        made = made_behind(film, sound, folder=folder, progress=progress)
        services.wait_for_database()
        publish(video, made, folder=folder)
        note_made(film, made.timeline)
    video.refresh_from_db()
    requeue_outdated(video)  # subtitles and the film to be carried away


def wait_for_sound(narration: Narration) -> None:
    """Raises NotYet while the text is being read, StageFailed where that did not succeed."""
    if narration.stages.filter(state=StageState.FAILED).exists():
        raise StageFailed(_("朗读没有做好，视频就没有声音。朗读做好以后，会自动接着做。"))
    raise NotYet(_("在等朗读。"))


def made_behind(film: Film, sound: Path, *, folder: Path, progress: Progress) -> MadeFilm:
    """Make the film in a thread of lower priority, which FFmpeg inherits; report from this one."""
    reached = [0.0]

    def work() -> MadeFilm:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        return make_film(
            Storyboard.from_json(film.storyboard),
            sound,
            [SpokenPart(s["text"], s["start_ms"], s["end_ms"]) for s in film.narration.sentences],
            folder=folder,
            kept=Kept(kept_films()),
            on_progress=lambda done: reached.__setitem__(0, done),
        )

    with ThreadPoolExecutor(1, thread_name_prefix="film") as one:
        future: Future[MadeFilm] = one.submit(work)
        while True:
            try:
                return future.result(timeout=REPORT_SECONDS)
            except NotDone:
                if future.done():
                    raise
                progress(reached[0])


def publish(video: Video, made: MadeFilm, *, folder: Path) -> None:
    for spec, path in zip(passages.SPECS, made.films, strict=True):
        publishing.publish_rendition(
            video, name=spec.name, path=path, width=spec.width, height=spec.height
        )
    publishing.publish_rendition(video, name="audio", path=made.sound, width=None, height=None)
    publishing.publish_poster(video, small_poster(made.pictures[0], folder / "poster.jpg"))
    publishing.publish_storyboard(video, thumbnails(made, folder=folder))


def small_poster(picture: Path, target: Path) -> Path:
    poster.save_small(smaller(picture, (poster.WIDTH, poster.HEIGHT)), target)
    return target


def thumbnails(made: MadeFilm, *, folder: Path) -> dict[int, Path]:
    """A small picture of each scene, by the moment at which it begins."""
    found: dict[int, Path] = {}
    for timed, picture in zip(made.timeline.scenes, made.pictures, strict=True):
        found[timed.start_ms] = target = folder / f"{timed.start_ms}.jpg"
        small = smaller(picture, (storyboard.WIDTH, storyboard.HEIGHT))
        small.save(target, "JPEG", quality=60, optimize=True, progressive=True)
    return found


def smaller(picture: Path, size: tuple[int, int]) -> Image.Image:
    with Image.open(picture) as opened:
        return opened.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def register_stages() -> None:
    register(
        StageKind(
            name=FILM,
            label=gettext_lazy("画画面，配朗读"),
            queue="media",
            needs=(),
            run=make_video_film,
            fingerprint=fingerprint,
            of_made_here=True,
            at_once=settings.FILMS_AT_ONCE,
        )
    )
