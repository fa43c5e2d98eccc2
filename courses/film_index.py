"""What a film says and where: its chapters with their pictures, its lines, and a search in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from media.models import Thumbnail, Video
from subtitles.chinese.cleaning import spoken_text
from subtitles.models import TrackCue
from subtitles.recognition.hints import hot_words

CHOICES = 5  # words offered as buttons; with the field, six controls beside the lines
LONGEST_SEARCH = 20


@dataclass(frozen=True)
class FilmMoment:
    start_ms: int

    @property
    def minutes(self) -> int:
        return self.start_ms // 60_000

    @property
    def seconds(self) -> int:
        return self.start_ms // 1000 % 60

    @property
    def starts_at(self) -> str:
        """In seconds, as a media fragment has it."""
        return f"{self.start_ms / 1000:.1f}"


@dataclass(frozen=True)
class Chapter(FilmMoment):
    title: str
    picture: Thumbnail | None


@dataclass(frozen=True)
class TranscriptLine(FilmMoment):
    """What is said in one cue, on one line, and when."""

    end_ms: int
    words: str


@dataclass(frozen=True)
class FilmIndex:
    chapters: list[Chapter]
    lines: list[TranscriptLine]  # those that hold what was searched for, or all
    words: list[str]  # words of our lessons that this film says, offered as buttons
    searched: str  # blank: nothing was
    film: str  # address of the file, for browsers without scripts


def index_of(video: Video, cues: Sequence[TrackCue], *, searched: str = "") -> FilmIndex:
    """cues: all of its track, in order. `searched` is what a person typed or pressed."""
    searched = searched.strip()[:LONGEST_SEARCH]
    lines = [TranscriptLine(cue.start_ms, cue.end_ms, "".join(cue.lines)) for cue in cues]
    said = "".join(line.words for line in lines)
    wanted = spoken_text(searched)
    pictures = list(video.thumbnails.all())
    moving = video.moving_renditions
    return FilmIndex(
        chapters=[
            Chapter(cue.start_ms, cue.chapter, picture_at(pictures, cue.start_ms))
            for cue in cues
            if cue.chapter
        ],
        lines=[line for line in lines if wanted in spoken_text(line.words)],
        words=words_in(said),
        searched=searched,
        film=moving[-1].file.url if moving else "",
    )


def picture_at(pictures: Sequence[Thumbnail], at_ms: int) -> Thumbnail | None:
    """The first from that moment on, since a chapter's own picture comes a little after its
    first word; else the last one. None: there are none yet."""
    return next((one for one in pictures if one.at_ms >= at_ms), pictures[-1] if pictures else None)


def words_in(said: str) -> list[str]:
    """The words of our list that are said most, none of them within another."""
    found = sorted(
        (word for word in hot_words() if word in said),
        key=lambda word: (-said.count(word), -len(word), said.index(word)),
    )
    kept: list[str] = []
    for word in found:
        if not any(word in other or other in word for other in kept):
            kept.append(word)
    return kept[:CHOICES]
