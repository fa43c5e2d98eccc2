"""Manuals as PDFs: the whole manual, and a card of one sheet; A4, 18 pt and larger."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from PIL import Image, ImageDraw

from courses.paper import kept_pdf, qr_code
from lms.manuals.models import ManualStep, ManualVersion

#: Raise it to have all PDFs made anew, as a change of a template does.
RECIPE: Final = 1
CARD, WHOLE = "manuals/catalogue/card.html", "manuals/catalogue/paper.html"
STYLE: Final = "manuals/catalogue/paper.css"
#: Pixels of a picture's longer side: some 150 dpi on paper.
PICTURE_SIDE: Final = 800
MARKER: Final = "#c11b10"
#: Room on a card: lines of steps, and characters in a line.
CARD_LINES: Final = 20
CARD_LINE: Final = 20
#: Of the sentence that says where the steps are for which there was no room.
MORE_LINES: Final = 2


@dataclass(frozen=True)
class PrintedStep:
    step: ManualStep
    picture: str  # a data: URL; empty without a picture


@dataclass(frozen=True)
class PrintedTask:
    title: str
    #: Empty on a card that has no room for them; its QR code leads to the whole manual.
    steps: list[PrintedStep]


def manual_pdf(version: ManualVersion) -> bytes:
    """The whole manual. Raises PaperNotReady."""
    return _kept(version, WHOLE, lambda: whole_tasks(version))


def manual_card(version: ManualVersion) -> bytes:
    """One sheet to hang beside the product. Raises PaperNotReady."""
    return _kept(version, CARD, lambda: card_tasks(version))


def whole_tasks(version: ManualVersion) -> list[PrintedTask]:
    return [
        PrintedTask(
            task.title, [PrintedStep(step, picture_on_paper(step)) for step in task.steps.all()]
        )
        for task in version.tasks.all()
    ]


def card_tasks(version: ManualVersion) -> list[PrintedTask]:
    """Tasks with their steps while there is room, then only titles, then none."""
    room = CARD_LINES - sum(lines_of(w.words) for w in version.warnings.all()[:3])
    every_step = (step for task in version.tasks.all() for step in task.steps.all())
    wanted = sum(lines_of(step.words) for step in every_step) + 2 * len(version.tasks.all())
    room -= MORE_LINES if wanted > room else 0
    tasks: list[PrintedTask] = []
    for task in version.tasks.all():
        steps = [PrintedStep(step, "") for step in task.steps.all()]
        needed = 2 + sum(lines_of(each.step.words) for each in steps)
        if needed > room:
            steps, needed = [], 1
        if needed > room:
            break
        tasks.append(PrintedTask(task.title, steps))
        room -= needed
    return tasks


def lines_of(words: str) -> int:
    return -(-len(words) // CARD_LINE)


def _kept(version: ManualVersion, template: str, tasks: Callable[[], list[PrintedTask]]) -> bytes:
    manual = version.manual
    url = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + manual.get_short_url()

    def html() -> str:
        told = tasks()
        context = {
            "version": version,
            "product": manual.product,
            "has_left": manual.organisation.has_left,
            "address": url.partition("://")[2],
            "qr_code": qr_code(url),
            "tasks": told,
            "has_more": sum(bool(task.steps) for task in told) < len(version.tasks.all()),
        }
        return render_to_string(template, context)

    name = f"{Path(template).stem}-{manual.short_code}"
    if version.pk != manual.published_version_id:  # a preview, kept beside the published PDF
        name = f"draft-{name}"
    return kept_pdf(name, version=_version(version, template, url), html=html)


def _version(version: ManualVersion, template: str, url: str) -> str:
    """A digest of all that the PDF depends on. A published version does not change, but it may
    become overdue, and its manufacturer may leave."""
    looks = [
        (Path(settings.BASE_DIR) / "templates" / name).read_text() for name in (template, STYLE)
    ]
    state = (version.is_overdue, version.manual.organisation.has_left, str(version.manual.product))
    parts = (RECIPE, looks, version.pk, version.changed_at, state, url)
    return sha256(repr(parts).encode()).hexdigest()[:16]


def picture_on_paper(step: ManualStep) -> str:
    """Its picture with the marker drawn in, as a data: URL; empty without a picture."""
    if step.picture is None:
        return ""
    with step.picture.file.open("rb") as file:
        image = Image.open(BytesIO(file.read())).convert("RGB")
    image.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    if marker := step.marker:
        right, bottom = marker.x + marker.w, marker.y + marker.h
        place = [
            per_cent * side / 100
            for per_cent, side in zip(
                (marker.x, marker.y, right, bottom), image.size * 2, strict=True
            )
        ]
        ImageDraw.Draw(image).rounded_rectangle(place, radius=14, outline=MARKER, width=8)
    drawn = BytesIO()
    image.save(drawn, "JPEG", quality=88)
    return f"data:image/jpeg;base64,{b64encode(drawn.getvalue()).decode()}"
