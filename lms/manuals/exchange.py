"""A manual as a ZIP: manual.json and its pictures, for who keeps manuals elsewhere.

What the ZIP holds is described by a JSON Schema (`/manuals/api/manual.schema.json`) and in
docs/features/manual-exchange.md. Whatever comes in is looked at before a byte of it is unpacked; it
touches no disk here, and nothing but PackageRefused is raised, whatever the file holds.
"""

import json
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import PurePath
from typing import Annotated, Any, BinaryIO, Final, Literal, Self

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

from lms.manuals.choices import ProductKind
from lms.manuals.models import ManualPicture, ManualVersion
from lms.manuals.models import Step as StepRow
from lms.manuals.plain_words import UNSEEN, only_seen
from lms.manuals.services.writing import MOST_PARTS

DOCUMENT_NAME: Final = "manual.json"
MOST_MIB: Final = 60  # of the ZIP
MOST_PICTURES: Final = 200
MOST_DOCUMENT_BYTES: Final = 2**20
MOST_PICTURE_BYTES: Final = 20 * 2**20
MOST_UNPACKED_BYTES: Final = 120 * 2**20
#: Pictures hardly shrink; a text that shrinks to a fiftieth is no text.
MOST_RATIO: Final = 50
SMALL_BYTES: Final = 64 * 2**10  # what is not worth a bomb

PICTURE_NAME = r"^pictures/[a-z0-9][a-z0-9-]{0,59}\.(png|jpg|jpeg|webp)$"
#: Whatever Python's reader raises at broken archives, as the fuzzed ones showed.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    MemoryError,
)


class PackageRefused(Exception):
    """A ZIP that cannot be taken in; the text says what is wrong with it."""


# --- What manual.json says --------------------------------------------------------------------


def seen(words: str) -> str:
    if any(unicodedata.category(sign) in UNSEEN for sign in words):
        raise ValueError("unseen")
    return words


#: One line of words, no blanks around it.
Seen = AfterValidator(seen)
Words20 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20), Seen]
Words40 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), Seen]
Words60 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Seen]
Words120 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), Seen]
Words200 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Seen]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), Seen]


class Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Marker(Part):
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


class Step(Part):
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


class Task(Part):
    title: Words60 = ""
    steps: Annotated[list[Step], Field(max_length=MOST_PARTS)] = []


class Trouble(Part):
    problem: Words60 = ""
    remedy: Words200 = ""


class Product(Part):
    brand: Name
    model: Name
    name: Name
    kind: ProductKind
    #: Of the 智慧健康养老产品及服务推广目录 that lists it.
    catalogue_year: Annotated[int, Field(ge=2018, le=2100)] | None = None


class Document(Part):
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


@dataclass(frozen=True)
class Package:
    document: Document
    #: Files as they came, unchecked but for their size, by the names that the document uses.
    pictures: dict[str, bytes]


def json_schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Document.model_json_schema(),
    }


# --- In ---------------------------------------------------------------------------------------


def read_package(file: BinaryIO) -> Package:
    """What a ZIP holds. Raises PackageRefused, and nothing else."""
    data = file.read(MOST_MIB * 2**20 + 1)
    if len(data) > MOST_MIB * 2**20:
        raise PackageRefused(_("压缩包太大了，最多%(most)d MB。") % {"most": MOST_MIB})
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = checked_entries(archive)
            document = read_document(unpacked(archive, entries[DOCUMENT_NAME]))
            refuse_other_pictures(document, set(entries) - {DOCUMENT_NAME})
            pictures = {
                name: unpacked(archive, entry)
                for name, entry in entries.items()
                if name != DOCUMENT_NAME
            }
    except BROKEN as error:
        raise PackageRefused(_("这个压缩包坏了，或者不是ZIP。请重新打包，别设密码。")) from error
    return Package(document, pictures)


def checked_entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """By name, from what the archive says of itself; nothing is unpacked yet."""
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        name = entry.orig_filename  # zipfile cuts the other one at a zero
        if name == "pictures/" and entry.file_size == 0:
            continue
        if name != DOCUMENT_NAME and not re.fullmatch(PICTURE_NAME, name):
            raise PackageRefused(
                _("压缩包里只能有manual.json和pictures里的图片，不能有“%(name)s”。")
                % {"name": printable(name)}
            )
        if name in entries:
            raise PackageRefused(_("压缩包里有两个“%(name)s”。") % {"name": name})
        refuse_strange(entry)
        entries[name] = entry
    if DOCUMENT_NAME not in entries:
        raise PackageRefused(_("压缩包里没有manual.json。它要放在最外面一层。"))
    if len(entries) > MOST_PICTURES + 1:
        raise PackageRefused(_("图片太多了，最多%(most)d张。") % {"most": MOST_PICTURES})
    if sum(entry.file_size for entry in entries.values()) > MOST_UNPACKED_BYTES:
        raise too_big()
    return entries


def refuse_strange(entry: zipfile.ZipInfo) -> None:
    """Links, passwords, methods that nobody uses, and what swells when it is unpacked."""
    mode = entry.external_attr >> 16
    if mode and (mode & 0o170000) not in {0, 0o100000}:
        raise PackageRefused(_("压缩包里只能放文件，不能放快捷方式。"))
    if entry.flag_bits & 0x1:
        raise PackageRefused(_("压缩包设了密码，打不开。请去掉密码。"))
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise PackageRefused(_("压缩的办法不常见，打不开。请用电脑自带的压缩。"))
    document = entry.filename == DOCUMENT_NAME
    if entry.file_size > (MOST_DOCUMENT_BYTES if document else MOST_PICTURE_BYTES):
        raise too_big()
    if entry.file_size > max(SMALL_BYTES, MOST_RATIO * entry.compress_size):
        raise too_big()


def too_big() -> PackageRefused:
    return PackageRefused(_("压缩包里的文件打开以后太大了。请把图片缩小一点。"))


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """No more than it says of itself, whatever it really holds."""
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise too_big()
    return content


def read_document(content: bytes) -> Document:
    try:
        text = content.decode("utf-8-sig")
        json.loads(text, object_pairs_hook=refuse_twice)  # pydantic would take the last of two
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


#: Pydantic's kinds of errors, in words.
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
    """Of the first problem, where it stands and what it is."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    problem = str(PROBLEMS.get(first["type"], _("写得不对"))) % first.get("ctx", {})
    return _("manual.json里的%(place)s：%(problem)s。") % {
        "place": printable(place) or "{}",
        "problem": problem,
    }


def refuse_other_pictures(document: Document, brought: set[str]) -> None:
    if missing := sorted(document.picture_names - brought):
        raise PackageRefused(_("压缩包里没有图片“%(name)s”。") % {"name": missing[0]})
    if unused := sorted(brought - document.picture_names):
        raise PackageRefused(_("图片“%(name)s”没有哪一步用到。") % {"name": unused[0]})


def printable(name: str) -> str:
    """A stranger's words, short and without what cannot be seen."""
    return "".join(c for c in name if unicodedata.category(c) not in UNSEEN)[:60]


# --- Out --------------------------------------------------------------------------------------


def package_name(picture: ManualPicture, number: int) -> str:
    return f"pictures/{number:02}{PurePath(str(picture.file.name)).suffix}"


def pictures_by_name(version: ManualVersion) -> dict[str, ManualPicture]:
    """In the order of reading, each once."""
    steps = (step for task in version.tasks.all() for step in task.steps.all())
    pictures = list(dict.fromkeys(step.picture for step in steps if step.picture))
    return {package_name(picture, n): picture for n, picture in enumerate(pictures, 1)}


def document_of(version: ManualVersion) -> Document:
    """Costs no query when the version came by `with_content`. A video does not go along.

    It is built unchecked: who asks for what stands here cannot help what was once kept. What
    cannot be seen stays behind, so that the package comes in again.
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


def step_of(step: StepRow, names: dict[ManualPicture, str]) -> Step:
    box = step.marker
    return Step.model_construct(
        words=only_seen(step.words),
        picture=names[step.picture] if step.picture else None,
        alt=only_seen(step.alt),
        marker=Marker.model_construct(x=box.x, y=box.y, w=box.w, h=box.h) if box else None,
        warning=only_seen(step.warning),
        expected=only_seen(step.expected),
    )


def package_of(version: ManualVersion) -> bytes:
    """The ZIP. Pictures are stored as they are: they would not shrink."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        text = document_of(version).model_dump_json(indent=2)
        archive.writestr(DOCUMENT_NAME, text, zipfile.ZIP_DEFLATED)
        for name, picture in pictures_by_name(version).items():
            with picture.file.open("rb") as content:
                archive.writestr(name, content.read())
    return file.getvalue()
