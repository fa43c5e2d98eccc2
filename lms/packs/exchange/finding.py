"""Which page here is the one that a pack tells of."""

from itertools import chain, count
from typing import Any

from wagtail.models import Page

from courses.models import ClassroomPage
from lms.packs.exchange.document import Classroom, PagePart
from lms.packs.exchange.models import TakenPart


def page_for(
    kind: type[Any], entry: PagePart, *, row: TakenPart | None, parent: Page | None
) -> Any | None:
    """By what was taken before; by its key, which a page that was written here has in other cities
    too; else by its place: two cities' starters have the same lessons, and other keys."""
    if row is not None and row.page_id is not None:
        return kind.objects.filter(pk=row.page_id).first()
    found = kind.objects.filter(translation_key=entry.key).first()
    if found is not None or parent is None:
        return found
    ours = kind.objects.child_of(parent).filter(taken__isnull=True)
    found = ours.filter(slug=entry.slug).first()
    if found is None and isinstance(entry, Classroom):
        same = list(ClassroomPage.objects.child_of(parent).filter(subject=entry.subject)[:2])
        found = same[0] if len(same) == 1 and not hasattr(same[0], "taken") else None
    return found


def free_slug(parent: Page, wanted: str) -> str:
    taken = {*Page.objects.child_of(parent).values_list("slug", flat=True)}
    others = (f"{wanted}-{number}" for number in count(2))
    return next(slug for slug in chain([wanted], others) if slug not in taken)


def is_free_key(key: str) -> bool:
    return not Page.objects.filter(translation_key=key).exists()


def is_starters_own(page: Any) -> bool:
    """Whether it stands as the starter made it: nobody here has ever saved it."""
    made = getattr(page, "starter_digest", "")
    return bool(made) and not page.revisions.filter(user__isnull=False).exists()
