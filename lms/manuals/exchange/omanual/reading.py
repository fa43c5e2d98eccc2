"""Reading an .omanual package, or a guide as iFixit's interface answers it."""

import json
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError

from bs4 import BeautifulSoup
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _
from pydantic import ValidationError

from lms.manuals.exchange.documents import PackageRefused, in_words, printable, read_document
from lms.manuals.exchange.omanual.guides import Guide, GuideStep, document_of_guides, plain
from lms.manuals.exchange.packages import (
    BROKEN,
    DOCUMENT_NAME,
    MOST_DOCUMENT_BYTES,
    MOST_MIB,
    MOST_PICTURE_BYTES,
    MOST_PICTURES,
    MOST_UNPACKED_BYTES,
    Package,
    refuse_other_pictures,
    refuse_strange,
    told_entries,
    too_big,
    unpacked,
)

MOST_ENTRIES: Final = 1000
#: Two generations of the format have different words for them.
GUIDES: Final = {"guide", "procedure"}
CATEGORIES: Final = {"category", "topic"}
PICTURES: Final = re.compile(r"\.(png|jpe?g|webp|heic)$", re.IGNORECASE)

Entries = dict[str, zipfile.ZipInfo]


def is_omanual(archive: zipfile.ZipFile) -> bool:
    """Whether what it holds is told in XML."""
    return any(name.lower().endswith(".xml") for name in archive.namelist())


def read_omanual(file: BinaryIO) -> Package:
    """The content of a package. Raises PackageRefused and nothing else."""
    data = file.read(MOST_MIB * 2**20 + 1)
    if len(data) > MOST_MIB * 2**20:
        raise PackageRefused(_("压缩包太大了，最多%(most)d MB。") % {"most": MOST_MIB})
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = checked_entries(archive)
            if DOCUMENT_NAME in entries:  # it was made here
                return own_package(archive, entries)
            return foreign_package(archive, entries)
    except ValidationError as error:
        raise PackageRefused(in_words(error)) from error
    except (DefusedXmlException, ParseError) as error:
        raise PackageRefused(_("压缩包里的XML写得不对，读不懂。")) from error
    except BROKEN as error:
        raise PackageRefused(_("这个压缩包坏了，或者不是ZIP。请重新打包，别设密码。")) from error


def checked_entries(archive: zipfile.ZipFile) -> Entries:
    """Files by name, from the archive's directory; nothing is unpacked yet."""
    entries: Entries = {}
    for name, entry in told_entries(archive):
        if name.endswith("/"):
            continue
        if posixpath.normpath(name) != name or name.startswith(("/", "..")) or "\0" in name:
            raise PackageRefused(
                _("压缩包里有一个文件名不能用：“%(name)s”。") % {"name": printable(name)}
            )
        if name in entries:
            raise PackageRefused(_("压缩包里有两个“%(name)s”。") % {"name": printable(name)})
        is_document = name.lower().endswith((".xml", ".json"))
        refuse_strange(entry, most=MOST_DOCUMENT_BYTES if is_document else MOST_PICTURE_BYTES)
        entries[name] = entry
    if len(entries) > MOST_ENTRIES:
        raise PackageRefused(_("压缩包里的文件太多了，最多%(most)d个。") % {"most": MOST_ENTRIES})
    if sum(entry.file_size for entry in entries.values()) > MOST_UNPACKED_BYTES:
        raise too_big()
    return entries


def own_package(archive: zipfile.ZipFile, entries: Entries) -> Package:
    document = read_document(unpacked(archive, entries[DOCUMENT_NAME]))
    brought = {name for name in entries if name.startswith("pictures/")}
    refuse_other_pictures(document, brought)
    return Package(document, {name: unpacked(archive, entries[name]) for name in brought})


def foreign_package(archive: zipfile.ZipFile, entries: Entries) -> Package:
    roots = {
        name: fromstring(unpacked(archive, entry))
        for name, entry in entries.items()
        if name.lower().endswith(".xml")
    }
    told = [(name, root) for name, root in in_order(roots) if tag(root) in GUIDES]
    if not told:
        raise PackageRefused(_("压缩包里没有一份操作步骤（oManual的guide.xml）。"))
    album = Album(entries)
    guides = [guide_of(root, folder=posixpath.dirname(name), album=album) for name, root in told]
    category = next((root for root in roots.values() if tag(root) in CATEGORIES), None)
    info = None if category is None else child(category, "category_info", "topic_info")
    product = words_of(info) or words_of(child(told[0][1], "category")) or guides[0].title
    document = document_of_guides(
        guides,
        brand=plain(None if info is None else info.get("manufacturer")) or _("没写品牌"),
        product=product or _("没写型号"),
        title=words_of(None if category is None else child(category, "title")) or guides[0].title,
    )
    pictures = {ours: unpacked(archive, entries[theirs]) for theirs, ours in album.names.items()}
    return Package(document, pictures, left_out=album.left_out)


class Album:
    """The pictures that guides name: those that are in the package, under names of ours."""

    def __init__(self, entries: Mapping[str, zipfile.ZipInfo]) -> None:
        self.entries = entries
        self.names: dict[str, str] = {}
        #: Named but not in the package, such as those that are on the internet only.
        self.left_out = 0

    def find(self, path: str, folder: str) -> str | None:
        """The name here of what a file in that folder calls so; None if it did not come along."""
        inside = posixpath.normpath(posixpath.join(folder, path))
        kind = PICTURES.search(inside)
        if inside not in self.entries or not kind:
            self.left_out += 1
            return None
        if inside not in self.names and len(self.names) == MOST_PICTURES:
            raise PackageRefused(_("图片太多了，最多%(most)d张。") % {"most": MOST_PICTURES})
        number = len(self.names) + 1
        return self.names.setdefault(inside, f"pictures/{number:03}.{kind[1].lower()}")


def in_order(roots: Mapping[str, Element]) -> Iterator[tuple[str, Element]]:
    """As a category or a manifest lists them, then the rest by name."""
    listed = [
        posixpath.normpath(plain(path.text))
        for name, root in roots.items()
        if tag(root) not in GUIDES
        for path in root.iter()
        if tag(path) == "path"
    ]
    for name in [*dict.fromkeys(listed), *sorted(roots.keys() - set(listed))]:
        if name in roots:
            yield name, roots[name]


def guide_of(root: Element, *, folder: str, album: Album) -> Guide:
    steps = child(root, "steps")
    return Guide(
        title=words_of(child(root, "title")),
        introduction=words_of(child(root, "introduction")) or words_of(child(root, "summary")),
        conclusion=words_of(child(root, "conclusion")),
        steps=tuple(
            GuideStep(
                title=plain(step.get("title")),
                lines=tuple(
                    (line.get("bullet", ""), words_of(line))
                    for line in step.iter()
                    if tag(line) == "line"
                ),
                pictures=pictures_of(step, folder, album),
            )
            for step in (() if steps is None else steps)
        ),
    )


def pictures_of(step: Element, folder: str, album: Album) -> tuple[str, ...]:
    paths = (plain(image.text) for image in step.iter() if tag(image) == "image")
    return tuple(name for path in paths if path and (name := album.find(path, folder)))


def tag(element: Element) -> str:
    """Without its namespace, of which there are two in use."""
    return str(element.tag).rpartition("}")[2]


def child(element: Element, *names: str) -> Element | None:
    return next((each for each in element if tag(each) in names), None)


def words_of(element: Element | None) -> str:
    """Its text and that of all within, as one line."""
    return "" if element is None else plain(" ".join(element.itertext()))


# --- iFixit's interface -----------------------------------------------------------------------


def read_ifixit(file: BinaryIO) -> Package:
    """A guide as https://www.ifixit.com/api/2.0/guides/… answers it. Its pictures are on the
    internet and do not come along. Raises PackageRefused and nothing else."""
    data = file.read(MOST_DOCUMENT_BYTES + 1)
    if len(data) > MOST_DOCUMENT_BYTES:
        raise too_big()
    try:
        told = json.loads(data)
        within = told.get("guide", told)
        guide, left_out = guide_of_json(within)
        product = plain(within.get("category") or told.get("topic") or within["title"])
        document = document_of_guides(
            [guide], brand=_("没写品牌"), product=product, title=guide.title
        )
    except ValidationError as error:
        raise PackageRefused(in_words(error)) from error
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise PackageRefused(_("这个JSON不是iFixit的一份操作步骤，读不懂。")) from error
    return Package(document, {}, left_out=left_out)


def guide_of_json(told: dict[str, Any]) -> tuple[Guide, int]:
    """The guide, and how many pictures it names."""
    steps = [
        GuideStep(
            title=plain(step.get("title")),
            lines=tuple((line["bullet"], rendered(line)) for line in step["lines"]),
        )
        for step in told["steps"]
    ]
    media = [step.get("media") or {} for step in told["steps"]]
    pictures = sum(len(each["data"]) for each in media if each.get("type") == "image")
    introduction = rendered({"text_rendered": told.get("introduction_rendered") or ""})
    conclusion = rendered({"text_rendered": told.get("conclusion_rendered") or ""})
    title = plain(told.get("title") or told.get("subject") or told.get("category"))
    return Guide(title, tuple(steps), introduction, conclusion), pictures


def rendered(line: dict[str, Any]) -> str:
    """The words of a piece of HTML."""
    html = line.get("text_rendered") or line.get("text_raw") or ""
    return plain(BeautifulSoup(html, "html.parser").get_text(" "))
