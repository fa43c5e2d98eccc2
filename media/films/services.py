"""Writes films: requests, what was made, deletion."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from media.choices import ENDED, StageState
from media.films.storyboard import Storyboard
from media.films.timeline import Timeline
from media.models import Film, Narration, Stage, Video
from media.pipeline.publishing import delete_video

#: Name of the stage that makes the files.
FILM = "film"
#: Raise it to have every film made anew.
RECIPE = 1


def digest_of(storyboard: Storyboard) -> str:
    return sha256(repr(storyboard).encode()).hexdigest()


def fingerprint(video: Video) -> str:
    film = video.film
    parameters = (
        film.storyboard_digest,
        video.title,
        film.narration.audio.name,
        RECIPE,
        settings.VIDEO_LOUDNESS_LUFS,
    )
    return sha256(repr(parameters).encode()).hexdigest()


def kept_films() -> Path:
    """Where pictures and passages are kept; all in it can be made again."""
    return Path(settings.VAR_DIR) / "films"


@transaction.atomic
def request_film(narration: Narration, storyboard: Storyboard) -> Film:
    """Have a film made of what is read aloud, unless it has been made of just that."""
    digest = digest_of(storyboard)
    own = Film.objects.filter(narration=narration).order_by("pk")  # no page to join and lock
    film = own.select_for_update().first()
    if film is None:
        video = Video.objects.create(title=storyboard.title)
        return Film.objects.create(
            video=video,
            narration=narration,
            storyboard=storyboard.as_json(),
            storyboard_digest=digest,
        )
    if film.storyboard_digest != digest:
        film.storyboard, film.storyboard_digest = storyboard.as_json(), digest
        film.save(update_fields=["storyboard", "storyboard_digest"])
        if film.video.title != storyboard.title:
            film.video.title = storyboard.title
            film.video.save(update_fields=["title"])
        queue_if_outdated(film)
    return film


def queue_if_outdated(film: Film) -> None:
    """Queue its making afresh where it has ended with something else than what stands now."""
    ended = Stage.objects.filter(video_id=film.video_id, kind=FILM, state__in=ENDED)
    ended.exclude(fingerprint=fingerprint(film.video)).update(
        state=StageState.QUEUED, attempts=0, progress=0, message="", due_at=timezone.now()
    )


def renew_film(*, instance: Narration, **signal: object) -> None:
    """Receiver of post_save: another sound is another film."""
    film = Film.objects.select_related("video", "narration").filter(narration=instance).first()
    if film is not None:
        queue_if_outdated(film)


def forget_film(narration: Narration) -> None:
    """Remove the film that was made of a narration, if there is one, with its files."""
    film = Film.objects.filter(narration=narration).first()
    if film is not None:
        delete_video(film.video)


def forget_video(*, instance: Film, **signal: object) -> None:
    """Receiver of post_delete: with its narration a film goes, and so does its video."""
    video = Video.objects.filter(pk=instance.video_id).first()
    if video is not None:
        delete_video(video)


def note_made(film: Film, timeline: Timeline) -> None:
    """What was made: when each scene is shown, and what is said in it."""
    film.scenes = [
        {
            "start_ms": timed.start_ms,
            "end_ms": timed.end_ms,
            "words": timed.scene.words.replace("\n", ""),
            "number": timed.scene.number,
            "lead": timed.lead,
        }
        for timed in timeline.scenes
    ]
    film.said = [
        {"text": part.text, "start_ms": part.start_ms, "end_ms": part.end_ms}
        for part in timeline.said
    ]
    film.made_at = timezone.now()
    film.save(update_fields=["scenes", "said", "made_at"])
    video = film.video
    video.duration_ms, video.has_audio, video.has_picture = timeline.duration_ms, True, True
    video.save(update_fields=["duration_ms", "has_audio", "has_picture"])
