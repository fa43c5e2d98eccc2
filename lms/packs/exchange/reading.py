"""Takes a course pack in."""

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from lms.accounts.models import User
from lms.manuals.exchange.documents import PackageRefused
from lms.packs.exchange.arriving import Arrived
from lms.packs.exchange.document import CoursePack, Lesson
from lms.packs.exchange.films_in import FilmTaker, digest_of_film
from lms.packs.exchange.manuals_in import ManualTaker
from lms.packs.exchange.models import TakenPart
from lms.packs.exchange.pages_in import Preview, kept_picture
from lms.packs.exchange.parsing import read_document
from lms.packs.exchange.saved_files import saved_files
from lms.packs.exchange.taken import Outcome, Taken, TakenPage
from lms.packs.exchange.taker import Taker
from lms.packs.manifest import MANIFEST, WHOLE
from lms.packs.refusals import PackError

__all__ = ["Taken", "TakenPage", "look_into", "read_courses"]


def read_courses(
    folder: Path, *, publish: bool, by: User | None, only: Collection[str] | None = None
) -> Taken:
    """Take over what 数据/ says, as drafts or live at once.

    As drafts: what is new is an unpublished page, what changed there and not here gets a draft, and
    what somebody here changed stays as it is. `publish`, for a village box with its own city's
    pack: all is as it is there; of a whole pack, what is no longer in it is unpublished.
    `only`: keys of the lessons that are taken, with their classrooms; None: everything.

    All or nothing: raises PackError with a sentence.
    """
    pack = narrowed(read_document(folder), only)
    arrived = Arrived(folder)
    try:
        with saved_files() as saved:
            manuals = ManualTaker(arrived, saved, by=by, publish=publish)
            films = look_at_files(pack, arrived)
            manuals.clean(pack.manuals)
            for path in [path for paths in films.values() for path in paths]:
                saved.prepare(path)
            with transaction.atomic():
                taker = Taker(
                    pack,
                    arrived,
                    saved,
                    FilmTaker(arrived, saved, by=by, is_trusted=publish, is_final=publish),
                    paths=films,
                    publish=publish,
                    by=by,
                )
                taken = taker.take()
                taken += [manuals.take(entry) for entry in pack.manuals]
                if publish and only is None:
                    taken += unpublish_gone(pack, folder, by=by)
    except ValidationError as error:
        raise PackError(" ".join(error.messages)) from error
    except PackageRefused as error:
        raise PackError(str(error)) from error
    return Taken.of(taken)


def look_into(folder: Path, *, publish: bool = False) -> Taken:
    """What would become of it; nothing is written."""
    pack = read_document(folder)
    arrived = Arrived(folder)
    manuals = ManualTaker(arrived, None, by=None, publish=publish)
    taken = Preview(pack, arrived, publish=publish).take()
    taken += [manuals.take(entry) for entry in pack.manuals]
    if publish:
        taken += [gone(row) for row in rows_gone(pack, folder)]
    return Taken.of(taken)


def narrowed(pack: CoursePack, only: Collection[str] | None) -> CoursePack:
    """The pack with these lessons alone, and without classrooms and series that have none of them.
    Manuals are no lessons: they go with all of it only."""
    if only is None:
        return pack
    rooms = [
        room.model_copy(update={"lessons": [each for each in room.lessons if each.key in only]})
        for room in pack.classrooms
    ]
    return pack.model_copy(
        update={
            "classrooms": [room for room in rooms if room.lessons],
            "series": [each for each in pack.series if set(each.lessons) & set(only)],
            "manuals": [],
        }
    )


def look_at_files(pack: CoursePack, arrived: Arrived) -> dict[str, list[Path]]:
    """Of each lesson whose film is new here, its files, by its key. What was taken before was
    opened then. Raises PackError for a file that is missing, another, or cannot be opened."""
    named = [arrived.picture(name) for name in sorted(pack.pictures_named())]
    pictures = [path for path in named if kept_picture(path) is None]
    rows = {row.key: row for row in TakenPart.objects.filter(page__isnull=False)}
    sounds: dict[str, Path] = {}
    films: dict[str, list[Path]] = {}
    for lesson in pack.lessons():
        if lesson.spoken:
            path, row = arrived.sound(lesson.spoken), rows.get(lesson.key)
            if row is None or row.sound != path.stem:
                sounds[lesson.key] = path
        if lesson.film and is_new_film(lesson, rows.get(lesson.key)):
            paths = arrived.film(lesson.film)
            if paths is not None:
                films[lesson.key] = paths
                shown = [each.file for each in lesson.film.thumbnails]
                shown += [lesson.film.poster] if lesson.film.poster else []
                pictures += [arrived.picture(name) for name in shown]
    media = [path for paths in films.values() for path in paths]
    arrived.open_all(pictures=pictures, media=[*media, *sounds.values()])
    for lesson in pack.lessons():
        if lesson.film and lesson.key in films:
            arrived.check_film(lesson.film, films[lesson.key])
        if lesson.key in sounds:
            arrived.check_sound(sounds[lesson.key])
    return films


def is_new_film(lesson: Lesson, row: TakenPart | None) -> bool:
    return row is None or row.film != digest_of_film(lesson.film)


def unpublish_gone(pack: CoursePack, folder: Path, *, by: User | None) -> list[TakenPage]:
    """Pages that were taken before and are not in this pack, which has all of its city's."""
    rows = list(rows_gone(pack, folder))
    for row in rows:
        assert row.page is not None
        row.page.specific.unpublish(user=by)
    return [gone(row) for row in rows]


def rows_gone(pack: CoursePack, folder: Path) -> Iterable[TakenPart]:
    """Of live pages that are no longer in a whole pack."""
    if not is_whole(folder):
        return []
    told = [page.key for page in pack.pages()]
    return TakenPart.objects.filter(page__live=True).exclude(key__in=told).select_related("page")


def gone(row: TakenPart) -> TakenPage:
    page: Any = row.page
    kind = str(page.specific_class._meta.verbose_name)
    return TakenPage(row.key, kind, page.title, Outcome.GONE, page=page.pk)


def is_whole(folder: Path) -> bool:
    """Whether the pack has all lessons of its city, as its manifest says, which is verified before
    the pack is taken over; no for 数据/ alone."""
    try:
        return bool(json.loads((folder / MANIFEST).read_bytes())["scope"] == WHOLE)
    except (OSError, ValueError, KeyError, TypeError):
        return False
