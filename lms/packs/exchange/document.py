"""数据/courses.json: what it holds. Its JSON Schema lies in docs/course-pack.schema.json, made from
these classes, and what is written is checked against them as what is read is.

Strict: what is not named here is refused, so that nothing of a stranger's comes in unlooked at.
"""

import json
import re
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from lms.manuals.exchange.documents import Document as ManualDocument

FOLDER: Final = "数据"
DOCUMENT_NAME: Final = "courses.json"
FORMAT: Final = "yinling-courses"
VERSION: Final = 1
MOST_DOCUMENT_BYTES: Final = 48 * 2**20
MOST_ROOMS: Final = 40
MOST_LESSONS: Final = 1_000  # of one classroom
MOST_PICTURES: Final = 20_000
MOST_MANUALS: Final = 2_000

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


def _words(longest: int, *, shortest: int = 0) -> Any:
    return Annotated[
        str,
        StringConstraints(min_length=shortest, max_length=longest),
        AfterValidator(refuse_unwanted),
    ]


Line = _words(255)
Title = _words(255, shortest=1)
Text = _words(20_000)
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


class Box(Part):
    x: Percent
    y: Percent
    w: Percent
    h: Percent


class Area(Part):
    text: Line
    box: Box
    press: Line | None = ""
    next: Line | None = ""
    miss: Line | None = ""


class Widget(Area):
    kind: Line
    icon: Line | None = ""
    colour: Line | None = ""
    keys: Annotated[int, Field(ge=1, le=12)] | None = None


class Screen(Part):
    id: Key
    name: Line
    title: Line
    say: Line
    hint: Line
    description: Line
    sound: Line | None = ""


class DrawnScreen(Screen):
    type: Literal["drawn"]
    widgets: Annotated[list[Widget], Field(max_length=100)]


class PictureScreen(Screen):
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


class Cue(Said):
    chapter: Line = ""


class Scene(Part):
    start_ms: Moment
    end_ms: Moment
    words: Line
    number: Annotated[int, Field(ge=0, le=99)]
    lead: float


class Spoken(Part):
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
    cues: Annotated[list[Cue], Field(max_length=20_000)] = []
    is_reviewed: bool = False
    rights: Rights = Rights()


# --- Pages ------------------------------------------------------------------------------------


class PagePart(Part):
    key: Key
    slug: Slug
    title: Title
    seo_title: Line = ""
    search_description: Text = ""
    rights: Rights = Rights()


class Practice(PagePart):
    screens: Annotated[
        list[Annotated[DrawnScreen | PictureScreen, Field(discriminator="type")]],
        Field(min_length=1, max_length=60),
    ]


class MovedBorder(Part):
    scene: Line
    words: Text
    clause: Text
    nth: Annotated[int, Field(ge=0, le=10_000)] = 0


class Lesson(PagePart):
    goal: Line
    drawing: Line = ""
    picture: PictureName | None = None
    makes_film: bool = True
    scene_borders: Annotated[list[MovedBorder], Field(max_length=500)] = []
    steps: Annotated[list[Step], Field(min_length=1, max_length=60)]
    practice_kind: Line = ""
    practice_text: Line = ""
    quizzes: Annotated[list[Quiz], Field(max_length=20)] = []
    fraud_line: Line
    offline_route: Line
    narration: Text = ""
    scenarios: Annotated[list[Line], Field(max_length=50)] = []
    practice: Practice | None = None
    spoken: Spoken | None = None
    film: Film | None = None


class Drill(PagePart):
    introduction: Line
    items_a_round: Annotated[int, Field(ge=2, le=30)]
    items: Annotated[list[DrillItem], Field(min_length=2, max_length=200)]


class Classroom(PagePart):
    subject: Literal["science", "smart-tech", "anti-fraud", "digital-life"]
    short_name: Line
    introduction: Line
    lessons: Annotated[list[Lesson], Field(max_length=MOST_LESSONS)] = []
    drills: Annotated[list[Drill], Field(max_length=100)] = []


class Shelf(Part):
    """Where a series stands; not a page that is taken over, only the place for it."""

    slug: Slug
    title: Title
    introduction: Line


class Series(PagePart):
    introduction: Line
    about: Text = ""
    picture: PictureName | None = None
    shelf: Shelf
    #: Keys, in order; those that are in no classroom here were taken in before, or are left out.
    lessons: Annotated[list[Key], Field(max_length=60)]


class Maker(Part):
    name: Title
    #: 统一社会信用代码
    code: Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")]


class PackedManual(Part):
    """A live manual, as its ZIP has it (docs/features/manual-exchange.md), and the files of the
    pictures that it names."""

    code: Annotated[str, StringConstraints(pattern=r"^[2-9BCDFGHJKMNPQRTVWXY]{6}$")]
    maker: Maker
    document: ManualDocument
    pictures: Annotated[dict[str, PictureName], Field(max_length=200)] = {}
    rights: Rights = Rights()

    @model_validator(mode="after")
    def _has_its_pictures(self) -> Self:
        if self.document.picture_names != set(self.pictures):
            raise ValueError("other pictures than it names")
        return self


class CoursePack(Part):
    """What one city's lessons are, for another city or for a box in a village."""

    format: Literal["yinling-courses"]
    version: Literal[1]
    #: Whose they are.
    city: Line = ""
    classrooms: Annotated[list[Classroom], Field(max_length=MOST_ROOMS)]
    series: Annotated[list[Series], Field(max_length=500)] = []
    pictures: Annotated[list[Picture], Field(max_length=MOST_PICTURES)] = []
    manuals: Annotated[list[PackedManual], Field(max_length=MOST_MANUALS)] = []

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        keys = [page.key for page in self.pages()]
        if len(set(keys)) < len(keys):
            raise ValueError("a key stands there twice")
        files = [picture.file for picture in self.pictures]
        if len(set(files)) < len(files):
            raise ValueError("a picture stands there twice")
        codes = [manual.code for manual in self.manuals]
        if len(set(codes)) < len(codes):
            raise ValueError("a manual stands there twice")
        if self.pictures_named() - set(files):
            raise ValueError("a picture is named that is not told of")
        return self

    def lessons(self) -> list[Lesson]:
        return [lesson for room in self.classrooms for lesson in room.lessons]

    def pages(self) -> list[PagePart]:
        found: list[PagePart] = []
        for room in self.classrooms:
            found += [room, *room.lessons, *room.drills]
            found += [lesson.practice for lesson in room.lessons if lesson.practice]
        return [*found, *self.series]

    def pictures_named(self) -> set[str]:
        """Of pages, which become pictures of the library."""
        named = {each.picture for each in (*self.lessons(), *self.series) if each.picture}
        for lesson in self.lessons():
            named |= {step.picture.file for step in lesson.steps if step.picture}
            for screen in lesson.practice.screens if lesson.practice else []:
                if isinstance(screen, PictureScreen):
                    named.add(screen.picture)
        return named

    def films(self) -> list[Film]:
        return [lesson.film for lesson in self.lessons() if lesson.film]


def json_schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **CoursePack.model_json_schema(),
    }


def as_json(pack: CoursePack) -> str:
    """The same for the same content, so that a stick is written anew only where it changed."""
    return json.dumps(pack.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
