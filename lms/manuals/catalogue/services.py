"""Counting how often a manual or a step was opened and understood; never by whom."""

from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models import F

from lms.manuals.models import ManualStep, ManualTally, ManualVersion

Counted = Literal["views", "understood", "unclear"]


def count_reading(what: Counted, *, version: ManualVersion, step: ManualStep | None = None) -> None:
    """Add one. step None: for the manual as a whole."""
    tallies = ManualTally.objects.filter(version=version, step=step)
    one_more = {what: F(what) + 1}
    if tallies.update(**one_more):
        return
    try:
        with transaction.atomic():
            ManualTally.objects.create(version=version, step=step, **{what: 1})
    except IntegrityError:  # another request has just made the row
        tallies.update(**one_more)
