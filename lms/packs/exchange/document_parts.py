"""What lessons in 数据/courses.json are made of: words, pictures, blocks, films and sounds.

Strict: what is not named here is refused, so that nothing of a stranger's comes in unlooked at.
"""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

FOLDER: Final = "数据"

#: Signs that steer a terminal or turn the direction of writing round.
UNWANTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
UUID_PATTERN: Final = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
PICTURE_PATTERN: Final = r"^pictures/[0-9a-f]{64}\.(png|jpg|webp|gif|avif)$"
SOUND_PATTERN: Final = r"^sounds/[0-9a-f]{64}\.m4a$"
#: Of a film, from the pack's own folder; whether it stays in it is looked at besides.
FILM_PATTERN: Final = r"^[^/\\:*?\"<>|\x00-\x1f][^\\:*?\"<>|\x00-\x1f]*\.mp4$"


def refuse_unwanted(words: str) -> str:
    if UNWANTED.search(words):
        raise ValueError("unwanted signs")
    return words


#: Of them each kind of words is made.
Wanted: Final = AfterValidator(refuse_unwanted)
Line = Annotated[str, StringConstraints(max_length=255), Wanted]
Title = Annotated[str, StringConstraints(min_length=1, max_length=255), Wanted]
Text = Annotated[str, StringConstraints(max_length=20_000), Wanted]
#: A page's, or a block's.
Key = Annotated[str, StringConstraints(pattern=UUID_PATTERN)]
Slug = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\s/?#%\\]+$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PictureName = Annotated[str, StringConstraints(pattern=PICTURE_PATTERN)]
SoundName = Annotated[str, StringConstraints(pattern=SOUND_PATTERN)]
FilmPath = Annotated[str, StringConstraints(max_length=240, pattern=FILM_PATTERN)]
Moment = Annotated[int, Field(ge=0, le=24 * 3_600_000)]  # milliseconds
Percent = Annotated[int, Field(ge=0, le=100)]
Side = Annotated[int, Field(ge=1, le=16_384)]  # pixels
Bytes = Annotated[int, Field(ge=1, le=2**40)]


class Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Rights(Part):
    """Under which licence it may be used, and whose it is; blank where nobody said."""

    licence: Line = ""
    source: Line = ""


class Picture(Part):
    file: PictureName
    title: Title
    description: Line = ""
    #: x, y, width and height in pixels of what must be seen; None: nobody said.
    focus: Annotated[list[int], Field(min_length=4, max_length=4)] | None = None
    rights: Rights = Rights()


# --- Blocks -----------------------------------------------------------------------------------


class StepPicture(Part):
    file: PictureName
    alt: Line | None = ""
    decorative: bool | None = False


class Step(Part):
    type: Literal["step"]
    id: Key
    words: Line
    drawing: Line = ""
    picture: StepPicture | None = None


class Quiz(Part):
    type: Literal["quiz"]
    id: Key
    question: Line
    options: Annotated[list[Line], Field(max_length=6)]
    answer: Line
    why: Line


class PackedBox(Part):
    x: Percent
    y: Percent
    w: Percent
    h: Percent


class Area(Part):
    text: Line
    box: PackedBox
    press: Line | None = ""
    next: Line | None = ""
    miss: Line | None = ""


class PackedWidget(Area):
    kind: Line
    icon: Line | None = ""
    colour: Line | None = ""
    keys: Annotated[int, Field(ge=1, le=12)] | None = None


class PackedScreen(Part):
    id: Key
    name: Line
    title: Line
    say: Line
    hint: Line
    description: Line
    sound: Line | None = ""


class DrawnScreen(PackedScreen):
    type: Literal["drawn"]
    widgets: Annotated[list[PackedWidget], Field(max_length=100)]


class PictureScreen(PackedScreen):
    type: Literal["picture"]
    picture: PictureName
    areas: Annotated[list[Area], Field(max_length=100)]


class DrillItem(Part):
    type: Literal["item"]
    id: Key
    channel: Line
    sender: Line
    text: Line
    verdict: Line
    sign: Line
    advice: Line
    lessons: Annotated[list[Key], Field(max_length=20)] = []


# --- Films and sounds -------------------------------------------------------------------------


class Said(Part):
    text: Text
    start_ms: Moment
    end_ms: Moment

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        if self.end_ms < self.start_ms:
            raise ValueError("ends before it begins")
        return self


class PackedCue(Said):
    chapter: Line = ""


class Scene(Part):
    start_ms: Moment
    end_ms: Moment
    words: Line
    number: Annotated[int, Field(ge=0, le=99)]
    lead: float


class PackedSound(Part):
    """A lesson read aloud. It is of the lesson's words as long as its sentences are theirs."""

    file: SoundName
    duration_ms: Annotated[int, Field(ge=1, le=24 * 3_600_000)]
    voice: Annotated[str, StringConstraints(max_length=32)] = ""
    sentences: Annotated[list[Said], Field(min_length=1, max_length=2_000)]
    rights: Rights = Rights()


class FilmFile(Part):
    """One file of a film: 720p, 360p …; for `audio` a sound, without sides."""

    name: Literal["1080p", "720p", "360p", "audio"]
    #: From the pack's folder.
    path: FilmPath | Annotated[str, StringConstraints(pattern=f"^{FOLDER}/{SOUND_PATTERN[1:]}")]
    size: Bytes
    sha256: Sha256
    width: Side | None = None
    height: Side | None = None


class Thumbnail(Part):
    at_ms: Moment
    file: PictureName


class Film(Part):
    title: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    #: Made of the lesson's own words by the program; otherwise somebody chose it.
    is_made: bool
    spoken_language: Literal["zh", "yue"]
    duration_ms: Annotated[int, Field(ge=1, le=24 * 3_600_000)]
    files: Annotated[list[FilmFile], Field(min_length=1, max_length=4)]
    #: Whether the files have the subtitles in the picture, so that no others are shown over them.
    has_words_in_picture: bool
    poster: PictureName | None = None
    thumbnails: Annotated[list[Thumbnail], Field(max_length=500)] = []
    #: Of a film that is made: when each scene is shown, and what is said.
    scenes: Annotated[list[Scene], Field(max_length=500)] = []
    said: Annotated[list[Said], Field(max_length=5_000)] = []
    #: Of a film that somebody chose: its subtitles, and whether a person has looked at them.
    cues: Annotated[list[PackedCue], Field(max_length=20_000)] = []
    is_reviewed: bool = False
    rights: Rights = Rights()
