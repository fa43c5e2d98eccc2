"""Films and readings as the site's templates know them, lying in the pack."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from courses.models import LessonPage
from lms.packs.reader.links import IN_MEDIA, IN_PACK, MOMENTS
from media.models import Narration, Video
from media.narration.queries import spoken_text_of


@dataclass(frozen=True)
class PackedFile:
    url: str


@dataclass(frozen=True)
class PackedRendition:
    file: PackedFile
    height: int = 0


@dataclass(frozen=True)
class PackedFilm:
    """What templates/courses/player.html shows of a media.models.Video."""

    key: str
    duration_ms: int | None
    poster: PackedFile | None
    moving_renditions: Sequence[PackedRendition]
    keepsake: None = None


@dataclass(frozen=True)
class PackedNarration:
    audio: PackedFile
    moments: str

    def get_absolute_url(self) -> str:
        return self.moments


@dataclass(frozen=True)
class PackedSpeech:
    """What templates/courses/parts/reading.html shows of a SpokenText."""

    said_and_shown: Sequence[tuple[str, str]]
    narration: PackedNarration | None


def film_of(video: Video | None, *, path: str, key: str) -> PackedFilm:
    """``path``: of the file in the pack; ``key``: by which a browser remembers the place in it."""
    poster = video.poster.name if video is not None and video.poster else None
    return PackedFilm(
        key=key,
        duration_ms=None if video is None else video.duration_ms,
        poster=PackedFile(IN_MEDIA + quote(poster)) if poster else None,
        moving_renditions=[PackedRendition(PackedFile(IN_PACK + quote(path)))],
    )


def speech_of(lesson: LessonPage) -> PackedSpeech | None:
    """None for a lesson that says nothing; without a sound a browser reads it, where it can."""
    spoken = spoken_text_of(lesson, text=lesson.text_to_read)
    if spoken is None:
        return None
    narration = None if spoken.narration is None else _packed(spoken.narration)
    return PackedSpeech(spoken.said_and_shown, narration)


def _packed(narration: Narration) -> PackedNarration:
    starts = ",".join(str(sentence["start_ms"]) for sentence in narration.sentences)
    audio = PackedFile(IN_MEDIA + quote(str(narration.audio.name)))
    return PackedNarration(audio, MOMENTS + starts)
