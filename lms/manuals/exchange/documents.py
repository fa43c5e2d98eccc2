"""manual.json: what it holds, reading it, and making it from a version.

Its JSON Schema is at /manuals/api/manual.schema.json; see docs/features/manual-exchange.md. The
schema publishes the names of the classes here, so they differ from those of our models.
"""

import json
import unicodedata
from datetime import date
from pathlib import PurePath
from typing import Annotated, Any, Final, Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from courses.readability.plain_text import UNSEEN, only_seen
from lms.manuals.choices import ProductKind
from lms.manuals.editor.services.writing import MOST_PARTS
from lms.manuals.models import ManualPicture, ManualStep, ManualVersion

PICTURE_NAME = r"^pictures/[a-z0-9][a-z0-9-]{0,59}\.(png|jpg|jpeg|webp|heic)$"


class PackageRefused(Exception):
    """A ZIP, or the manual.json in it, that cannot be taken in; the text says what is wrong."""


def refuse_unseen(words: str) -> str:
    if any(unicodedata.category(sign) in UNSEEN for sign in words):
        raise ValueError("unseen")
    return words


#: One line without invisible signs, and without blanks around it.
Visible = AfterValidator(refuse_unseen)
Words20 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20), Visible]
Words40 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), Visible]
Words60 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Visible]
Words120 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), Visible]
Words200 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Visible]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), Visible
]


class DocumentPart(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Marker(DocumentPart):
    """Per cent of the picture's width and height, from its top left corner."""

    x: Annotated[int, Field(ge=0, le=99)]
    y: Annotated[int, Field(ge=0, le=99)]
    w: Annotated[int, Field(ge=1, le=100)]
    h: Annotated[int, Field(ge=1, le=100)]

    @model_validator(mode="after")
    def _lies_within(self) -> Self:
        if self.x + self.w > 100 or self.y + self.h > 100:
            raise ValueError("outside")
        return self


class Step(DocumentPart):
    words: Words200 = ""
    picture: Annotated[str, Field(pattern=PICTURE_NAME)] | None = None
    alt: Words120 = ""
    marker: Marker | None = None
    warning: Words120 = ""
    expected: Words120 = ""

    @model_validator(mode="after")
    def _marks_a_picture(self) -> Self:
        if self.marker and not self.picture:
            raise ValueError("nothing to mark")
        return self


class Task(DocumentPart):
    title: Words60 = ""
    steps: Annotated[list[Step], Field(max_length=MOST_PARTS)] = []


class Trouble(DocumentPart):
    problem: Words60 = ""
    remedy: Words200 = ""


class Product(DocumentPart):
    brand: Name
    model: Name
    name: Name
    kind: ProductKind
    #: Of the 智慧健康养老产品及服务推广目录 that lists it.
    catalogue_year: Annotated[int, Field(ge=2018, le=2100)] | None = None
    catalogue_class: Words40 = ""
    catalogue_number: Words20 = ""


class Document(DocumentPart):
    """A simplified manual of one product, as manual.json holds it."""

    format: Literal["yinling-manual"]
    version: Literal[1]
    product: Product
    title: Words60 = ""
    software_version: Words40 = ""
    service_telephone: Words20 = ""
    checked_on: date | None = None
    review_due: date | None = None
    warnings: Annotated[list[Words120], Field(max_length=MOST_PARTS)] = []
    tasks: Annotated[list[Task], Field(max_length=MOST_PARTS)] = []
    troubles: Annotated[list[Trouble], Field(max_length=MOST_PARTS)] = []

    @model_validator(mode="after")
    def _is_due_after_the_check(self) -> Self:
        if self.checked_on and self.review_due and self.review_due <= self.checked_on:
            raise ValueError("due before")
        return self

    @property
    def picture_names(self) -> set[str]:
        return {step.picture for task in self.tasks for step in task.steps if step.picture}


def json_schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Document.model_json_schema(),
    }


# --- Reading ----------------------------------------------------------------------------------


def read_document(content: bytes) -> Document:
    try:
        text = content.decode("utf-8-sig")
        json.loads(text, object_pairs_hook=refuse_twice)  # pydantic takes the last of equal names
        return Document.model_validate_json(text)
    except ValidationError as error:
        raise PackageRefused(in_words(error)) from error
    except (ValueError, RecursionError) as error:
        raise PackageRefused(_("manual.json不是写对了的JSON（UTF-8）。")) from error


def refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


#: Pydantic's types of errors, in words.
PROBLEMS: Final = {
    "missing": gettext_lazy("少了这一项"),
    "extra_forbidden": gettext_lazy("没有这一项"),
    "string_too_long": gettext_lazy("太长，最多%(max_length)d个字"),
    "string_too_short": gettext_lazy("不能空着"),
    "too_long": gettext_lazy("太多，最多%(max_length)d个"),
    "string_pattern_mismatch": gettext_lazy("图片名只能用小写字母、数字和横线，放在pictures里"),
    "value_error": gettext_lazy("几个数对不上，或者有看不见的字"),
}


def in_words(error: ValidationError) -> str:
    """The first problem: where and what."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    problem = str(PROBLEMS.get(first["type"], _("写得不对"))) % first.get("ctx", {})
    return _("manual.json里的%(place)s：%(problem)s。") % {
        "place": printable(place) or "{}",
        "problem": problem,
    }


def printable(name: str) -> str:
    """A name from outside, shortened and without invisible signs."""
    return "".join(c for c in name if unicodedata.category(c) not in UNSEEN)[:60]


# --- Making -----------------------------------------------------------------------------------


def package_name(picture: ManualPicture, number: int) -> str:
    return f"pictures/{number:02}{PurePath(str(picture.file.name)).suffix}"


def pictures_by_name(version: ManualVersion) -> dict[str, ManualPicture]:
    """In the order of reading, each picture once."""
    steps = (step for task in version.tasks.all() for step in task.steps.all())
    pictures = list(dict.fromkeys(step.picture for step in steps if step.picture))
    return {package_name(picture, n): picture for n, picture in enumerate(pictures, 1)}


def document_of(version: ManualVersion) -> Document:
    """Without the version's video. Costs no query when the version came by `with_content`.

    It is not validated, so that every version can be exported. Invisible signs are removed, so that
    the package can be imported again.
    """
    names = {picture: name for name, picture in pictures_by_name(version).items()}
    product = version.manual.product
    return Document.model_construct(
        format="yinling-manual",
        version=1,
        product=Product.model_construct(
            brand=only_seen(product.brand),
            model=only_seen(product.model),
            name=only_seen(product.name),
            kind=ProductKind(product.kind),
            catalogue_year=product.catalogue_year,
            catalogue_class=only_seen(product.catalogue_class),
            catalogue_number=only_seen(product.catalogue_number),
        ),
        title=only_seen(version.title),
        software_version=only_seen(version.software_version),
        service_telephone=only_seen(version.service_telephone),
        checked_on=version.checked_on,
        review_due=version.review_due,
        warnings=[only_seen(warning.words) for warning in version.warnings.all()],
        tasks=[
            Task.model_construct(
                title=only_seen(task.title),
                steps=[step_of(step, names) for step in task.steps.all()],
            )
            for task in version.tasks.all()
        ],
        troubles=[
            Trouble.model_construct(
                problem=only_seen(trouble.problem), remedy=only_seen(trouble.remedy)
            )
            for trouble in version.troubles.all()
        ],
    )


def step_of(step: ManualStep, names: dict[ManualPicture, str]) -> Step:
    box = step.marker
    return Step.model_construct(
        words=only_seen(step.words),
        picture=names[step.picture] if step.picture else None,
        alt=only_seen(step.alt),
        marker=Marker.model_construct(x=box.x, y=box.y, w=box.w, h=box.h) if box else None,
        warning=only_seen(step.warning),
        expected=only_seen(step.expected),
    )
