"""Writes covers: wanted, drawn, dropped."""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.db.models.fields.files import FieldFile
from wagtail.models import Page

from media.covers.drawing import draw_covers, packed
from media.covers.scenes import CoverScene
from media.films.drawing import NotDrawn
from media.models import Cover
from media.pipeline.behind import behind

logger = logging.getLogger(__name__)

#: Drawn in one process; the next round of the task takes the next.
AT_ONCE = 24
MOST_FAILURES = 3


def of_page(page: Page) -> str:
    """`Cover.name` of a page."""
    return f"page-{page.pk}"


def want_cover(name: str, scene: CoverScene) -> None:
    """Have it drawn, unless it shows this already."""
    wanted = {"scene": scene.as_json(), "digest": scene.digest, "failures": 0}
    if not Cover.objects.filter(name=name, digest=scene.digest).exists():
        Cover.objects.update_or_create(name=name, defaults=wanted)


def drop_cover(name: str) -> None:
    Cover.objects.filter(name=name).delete()


def draw_waiting_covers() -> int:
    """Draw those that do not show what is wanted. Returns how many were drawn.

    A scene that fails MOST_FAILURES times is left alone until something else is wanted.
    """
    waiting = list(
        Cover.objects.exclude(drawn_digest=F("digest"))
        .filter(failures__lt=MOST_FAILURES)
        .order_by("failures", "pk")[:AT_ONCE]
    )
    if not waiting:
        return 0
    try:
        return _draw(waiting)
    except (NotDrawn, OSError):
        logger.exception("%d covers could not be drawn together; each is tried alone", len(waiting))
    return sum(_draw_alone(cover) for cover in waiting)


def _draw(covers: Sequence[Cover]) -> int:
    scenes = [CoverScene.from_json(cover.scene) for cover in covers]
    for cover, (webp, jpeg) in zip(covers, behind(lambda _reached: _files(scenes)), strict=True):
        _keep(cover, webp=webp, jpeg=jpeg)
    return len(covers)


def _files(scenes: Sequence[CoverScene]) -> list[tuple[bytes, bytes]]:
    return [
        (packed(picture, kind="WEBP"), packed(picture, kind="JPEG"))
        for picture in draw_covers(scenes)
    ]


def _draw_alone(cover: Cover) -> int:
    try:
        return _draw([cover])
    except (NotDrawn, OSError):
        logger.exception("The cover %s could not be drawn", cover.name)
        Cover.objects.filter(pk=cover.pk).update(failures=F("failures") + 1)
        return 0


@transaction.atomic
def _keep(cover: Cover, *, webp: bytes, jpeg: bytes) -> None:
    """Unless another was wanted meanwhile, or it was dropped. The old files go."""
    row = Cover.objects.select_for_update().filter(pk=cover.pk, digest=cover.digest).first()
    if row is None:
        return
    for file, content, suffix in ((row.webp, webp, "webp"), (row.jpeg, jpeg, "jpg")):
        _remove_when_committed(file)
        file.save(f"cover.{suffix}", ContentFile(content), save=False)
    row.drawn_digest = cover.digest
    row.save()


def forget_files(*, instance: Cover, **signal: Any) -> None:
    """Receiver of post_delete."""
    for file in (instance.webp, instance.jpeg):
        _remove_when_committed(file)


def _remove_when_committed(file: FieldFile) -> None:
    if file.name:
        name, storage = file.name, file.storage
        transaction.on_commit(lambda: storage.delete(name))
