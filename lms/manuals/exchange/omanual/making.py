"""Making an .omanual package from a version.

Beside its XML it holds `manual.json`, so that what oManual has no word for (the frame on a picture)
comes back here as it went; other programs pass it over.
"""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.manuals.exchange.documents import Document, Step, Task, document_of, pictures_by_name
from lms.manuals.exchange.omanual.guides import CAUTION
from lms.manuals.exchange.packages import DOCUMENT_NAME
from lms.manuals.models import ManualVersion

NAMESPACE = "http://omanual.com/"
LOCALE = "zh"
register_namespace("", NAMESPACE)


def omanual_of(version: ManualVersion) -> bytes:
    """The package. Pictures are stored uncompressed, since they would not shrink."""
    document = document_of(version)
    date = timezone.localtime(version.created_at).strftime("%Y-%m-%dT%H:%M:%S")
    paths = [f"guide-{number}/guide.xml" for number in range(1, len(document.tasks) + 1)]
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.xml", written(manifest(document, paths)))
        archive.writestr("category.xml", written(category(document, paths)))
        for path, task in zip(paths, document.tasks, strict=True):
            archive.writestr(path, written(guide(task, document, date)))
        archive.writestr(DOCUMENT_NAME, document.model_dump_json(indent=2))
        for name, picture in pictures_by_name(version).items():
            with picture.file.open("rb") as content:
                archive.writestr(name, content.read(), zipfile.ZIP_STORED)
    return file.getvalue()


def written(root: Element) -> bytes:
    return tostring(root, encoding="utf-8", xml_declaration=True)


def named(name: str, **attributes: str) -> Element:
    return Element(f"{{{NAMESPACE}}}{name}", attributes)


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    made = SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    made.text = text or None
    return made


def product_name(document: Document) -> str:
    return f"{document.product.brand}{document.product.model}"


def manifest(document: Document, paths: Sequence[str]) -> Element:
    root = named("manifest", locale=LOCALE)
    add(root, "title", document.title)
    add(root, "description", document.product.name)
    add(add(root, "categories"), "category", product_name(document))
    add_guides(root, document, paths)
    add(add(root, "documents"), "document", "category.xml", type="category")
    return root


def add_guides(root: Element, document: Document, paths: Sequence[str]) -> None:
    """Each with all four elements that the schema asks for; the guides have no address."""
    guides = add(root, "guides")
    for number, (path, task) in enumerate(zip(paths, document.tasks, strict=True), 1):
        told = add(guides, "guide", id=str(number), subject=task.title, type="technique")
        add(told, "title", task.title)
        add(told, "url")
        add(told, "path", path)
        add(told, "image", first_picture(task))


def category(document: Document, paths: Sequence[str]) -> Element:
    root = named("category", locale=LOCALE)
    add(root, "title", document.title)
    maker = {"manufacturer": document.product.brand}
    add(root, "category_info", f"{document.product.model} {document.product.name}", **maker)
    add(root, "image")
    add(root, "description", document.product.name)
    flags = add(root, "flags")
    for words in document.warnings:
        add(flags, "flag", words, title=_("注意"))
    for empty in ("ancestors", "children"):
        add(root, empty)
    add(root, "solutions", count="0", url="")
    for empty in ("parts", "tools"):
        add(root, empty)
    contents = add(root, "contents")
    for trouble in document.troubles:
        add(contents, "h2", trouble.problem)
        add(contents, "p", trouble.remedy)
    add_guides(root, document, paths)
    add(root, "documents")
    return root


def first_picture(task: Task) -> str:
    """Its name in the package, empty where there is none."""
    return next((step.picture for step in task.steps if step.picture), "")


def guide(task: Task, document: Document, date: str) -> Element:
    """All elements that the schema asks for, empty where we know nothing of it."""
    root = named("guide", locale=LOCALE)
    add(root, "title", task.title, subject=task.title, type="technique")
    add(root, "summary", document.title)
    first = first_picture(task)
    add(root, "image", f"../{first}" if first else "")
    add(root, "author", document.product.brand)
    for unknown in ("time_required", "difficulty"):
        add(root, unknown)
    add(root, "category", product_name(document))
    introduction = add(root, "introduction")
    for words in document.warnings:
        add(introduction, "p", words)
    for unknown in ("tools", "parts", "flags", "documents", "prerequisites"):
        add(root, unknown)
    steps = add(root, "steps")
    for number, step in enumerate(task.steps):
        add_step(steps, step, number)
    add(root, "conclusion")
    add(root, "modified_date", date)
    add(root, "created_date", date)
    return root


def add_step(steps: Element, step: Step, number: int) -> None:
    told = add(steps, "step", number=str(number), title="")
    lines = add(told, "lines")
    said = (("black", step.words), (CAUTION, step.warning), ("icon_note", step.expected))
    for bullet, text in said:
        if text:
            add(lines, "line", text, bullet=bullet, level="0")
    if step.picture:
        add(add(told, "media", type="image"), "image", f"../{step.picture}")
