"""数据/courses.json: what it holds. Its JSON Schema lies in docs/course-pack.schema.json, made from
these classes, and what is written is checked against them as what is read is.
"""

import json
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from lms.manuals.exchange.documents import Document as ManualDocument
from lms.packs.exchange.document_parts import (
    FOLDER,
    Area,
    DrawnScreen,
    DrillItem,
    Film,
    FilmFile,
    Key,
    Line,
    PackedBox,
    PackedCue,
    PackedScreen,
    PackedSound,
    PackedWidget,
    Part,
    Picture,
    PictureName,
    PictureScreen,
    Quiz,
    Rights,
    Said,
    Scene,
    Slug,
    Step,
    StepPicture,
    Text,
    Thumbnail,
    Title,
)

__all__ = [
    "DOCUMENT_NAME",
    "FOLDER",
    "FORMAT",
    "MOST_DOCUMENT_BYTES",
    "VERSION",
    "Area",
    "Classroom",
    "CoursePack",
    "DrawnScreen",
    "Drill",
    "DrillItem",
    "Film",
    "FilmFile",
    "Lesson",
    "Maker",
    "MovedBorder",
    "PackedBox",
    "PackedCue",
    "PackedManual",
    "PackedPractice",
    "PackedScreen",
    "PackedSound",
    "PackedWidget",
    "PagePart",
    "Part",
    "Picture",
    "PictureScreen",
    "Quiz",
    "Rights",
    "Said",
    "Scene",
    "Series",
    "Shelf",
    "Step",
    "StepPicture",
    "Thumbnail",
    "as_json",
    "json_schema",
]

DOCUMENT_NAME: Final = "courses.json"
FORMAT: Final = "yinling-courses"
VERSION: Final = 1
MOST_DOCUMENT_BYTES: Final = 48 * 2**20
MOST_ROOMS: Final = 40
MOST_LESSONS: Final = 1_000  # of one classroom
MOST_PICTURES: Final = 20_000
MOST_MANUALS: Final = 2_000


# --- Pages ------------------------------------------------------------------------------------


class PagePart(Part):
    key: Key
    slug: Slug
    title: Title
    seo_title: Line = ""
    search_description: Text = ""
    rights: Rights = Rights()


class PackedPractice(PagePart):
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
    practice: PackedPractice | None = None
    spoken: PackedSound | None = None
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
