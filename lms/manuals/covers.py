"""What the cover of a manual shows: its first picture, whole, else a drawing of its kind."""

from collections.abc import Iterable
from typing import Any, Final

from django.templatetags.static import static

from courses.drawings import drawing
from courses.sharing import Sharing, whole_address
from lms.manuals.choices import ProductKind
from lms.manuals.models import Manual, ManualPicture, ManualVersion
from media.covers.queries import covers_named
from media.covers.scenes import CoverScene
from media.covers.services import drop_cover, want_cover

DRAWINGS: Final[dict[str, str]] = {
    ProductKind.MEDICAL: "blood-pressure",
    ProductKind.HEATING: "socket",
    ProductKind.ELECTRICAL: "unplug",
    ProductKind.PHONE: "phone",
    ProductKind.TELEVISION: "television",
    ProductKind.SPEAKER: "speaker",
    ProductKind.WEARABLE: "clock",
    ProductKind.OTHER: "settings",
}
COLOUR: Final = "ink"


def name_of(manual: Manual) -> str:
    """`Cover.name` of a manual."""
    return f"manual-{manual.pk}"


def scene_of(manual: Manual) -> CoverScene:
    pictures = ManualPicture.objects.filter(steps__task__version=manual.published_version)
    first = pictures.order_by("steps__task__position", "steps__position").first()
    if first is not None:
        return CoverScene(COLOUR, photo=first.file.name or "", whole=True)
    drawn = drawing(DRAWINGS[manual.product.kind])
    return CoverScene(COLOUR, (drawn.svg,) if drawn else ())


def show_covers(manuals: Iterable[Any]) -> None:
    """Put on each its cover, as `cover` (None until it is drawn) and `cover_drawing`. One query."""
    shown = list(manuals)
    found = covers_named(name_of(manual) for manual in shown)
    for manual in shown:
        manual.cover = found.get(name_of(manual))
        manual.cover_drawing = drawing(DRAWINGS[manual.product.kind])


def sharing_of(version: ManualVersion) -> Sharing:
    """How its page looks in a chat and to a search engine."""
    manual = version.manual
    cover = covers_named([name_of(manual)]).get(name_of(manual))
    picture = str(cover.jpeg.url) if cover else static("pictures/share.png")
    return Sharing(
        title=version.title,
        description=str(manual.product),
        url=whole_address(manual.get_short_url()),
        picture=whole_address(picture),
        kind="article",
        marks={},
    )


def cover_published_manual(*, instance: Manual, **signal: Any) -> None:
    """Receiver of Wagtail's published."""
    want_cover(name_of(instance), scene_of(instance))


def drop_cover_of_manual(*, instance: Manual, **signal: Any) -> None:
    """Receiver of unpublished, and of post_delete."""
    drop_cover(name_of(instance))
