"""The stage that makes a film: draw, encode, join, publish; behind everything else."""

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
from media.pipeline.behind import behind
from media.pipeline.requeue import requeue_outdated
from media.pipeline.scratch import scratch_folder
from media.pipeline.stages import NotYet, Progress, StageFailed, StageKind, register


def make_video_film(video: Video, progress: Progress) -> None:
    film = Film.objects.select_related("narration").get(video=video)
    narration = film.narration
    if not narration.reads_the_text:
        wait_for_sound(narration)
    with (
        on_disk(narration.audio) as sound,
        scratch_folder(f"film-{video.key.hex}") as folder,
    ):
        made, front, pictures = behind(
            lambda reached: make(film, sound, folder=folder, on_progress=reached), progress
        )
        services.wait_for_database()
        publish(video, made, front, pictures)
        note_made(film, made.timeline)
    video.refresh_from_db()
    requeue_outdated(video)  # subtitles and the film to be carried away


def wait_for_sound(narration: Narration) -> None:
    """Raises NotYet while the text is being read, StageFailed where that did not succeed."""
    if narration.stages.filter(state=StageState.FAILED).exists():
        raise StageFailed(_("朗读没有做好，视频就没有声音。朗读做好以后，会自动接着做。"))
    raise NotYet(_("在等朗读。"))


def make(
    film: Film, sound: Path, *, folder: Path, on_progress: Progress
) -> tuple[MadeFilm, Path, dict[int, Path]]:
    """The film, its poster, and a small picture of each scene."""
    made = make_film(
        Storyboard.from_json(film.storyboard),
        sound,
        [SpokenPart(s["text"], s["start_ms"], s["end_ms"]) for s in film.narration.sentences],
        folder=folder,
        kept=Kept(kept_films()),
        on_progress=on_progress,
    )
    return (
        made,
        small_poster(made.pictures[0], folder / "poster.jpg"),
        thumbnails(made, folder=folder),
    )


def publish(video: Video, made: MadeFilm, front: Path, pictures: dict[int, Path]) -> None:
    for spec, path in zip(passages.SPECS, made.films, strict=True):
        publishing.publish_rendition(
            video, name=spec.name, path=path, width=spec.width, height=spec.height
        )
    publishing.publish_rendition(video, name="audio", path=made.sound, width=None, height=None)
    publishing.publish_poster(video, front)
    publishing.publish_storyboard(video, pictures)


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
