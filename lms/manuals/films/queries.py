"""What of a version can be watched, and how far its film is."""

from dataclasses import dataclass

from lms.manuals.models import ManualVersion
from media.choices import ENDED
from media.films.services import FILM
from media.models import Video
from media.pipeline.queries import VideoProgress, progress_of
from subtitles.models import Track


@dataclass(frozen=True)
class VersionFilm:
    """The video of a version: the one that its maker brought, else the one made of its words."""

    video: Video
    is_brought: bool
    #: As it stands, reviewed or not; None while there are none.
    subtitles: Track | None
    progress: VideoProgress

    @property
    def is_of_before(self) -> bool:
        """Whether what can be watched was made before the last change of words or pictures."""
        making = [stage for stage in self.progress.stages if stage.kind == FILM]
        return self.progress.watchable and any(stage.state not in ENDED for stage in making)


def film_to_watch(version: ManualVersion) -> Video | None:
    """What elders watch: what the maker brought, else the film, once it can be watched."""
    if version.video is not None:
        return version.video.video
    films = Video.objects.watchable().prefetch_related("renditions")
    return films.filter(film=version.film_id).first() if version.film_id else None


def film_of(version: ManualVersion) -> VersionFilm | None:
    """For whoever writes and reviews it, however far it is; None where none was asked for."""
    shown = Video.objects.prefetch_related("renditions", "stages")
    if version.video is not None:
        video = shown.get(pk=version.video.video_id)
    elif version.film_id:
        video = shown.get(film=version.film_id)
    else:
        return None
    track = Track.objects.filter(video=video, language=video.spoken_language).first()
    return VersionFilm(video, version.video is not None, track, progress_of(video))
