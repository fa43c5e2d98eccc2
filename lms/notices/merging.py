"""Whose notices and wishes are when two learners turn out to be one person, or two after all."""

from typing import Any

from lms.notices.models import Delivery, Wish
from lms.people.models import Learner


def merge_notices(kept: Learner, gone: Learner) -> dict[str, list[int]]:
    """Give the kept one what the kept one was not told by the same way, and all that was said of
    short messages. Returns which were moved."""
    told = Delivery.objects.filter(learner=kept).values_list("notice", "way")
    known = set(told)
    theirs = Delivery.objects.filter(learner=gone)
    moved = [
        key
        for key, notice, way in theirs.values_list("pk", "notice", "way")
        if (notice, way) not in known
    ]
    Delivery.objects.filter(pk__in=moved).update(learner=kept)
    wishes = list(Wish.objects.filter(learner=gone).values_list("pk", flat=True))
    Wish.objects.filter(pk__in=wishes).give_to(kept)
    return {"deliveries": moved, "wishes": wishes}


def undo_notices(kept: Learner, gone: Learner, note: dict[str, Any]) -> None:
    Delivery.objects.filter(pk__in=note["deliveries"], learner=kept).update(learner=gone)
    Wish.objects.filter(pk__in=note["wishes"], learner=kept).give_to(gone)
