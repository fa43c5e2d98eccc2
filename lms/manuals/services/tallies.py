"""Verbs that count how often something was opened and understood. Counts only, never who."""

from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models import F

from lms.manuals.models import ManualVersion, Step, Tally

Counted = Literal["views", "understood", "unclear"]


def count(what: Counted, *, version: ManualVersion, step: Step | None = None) -> None:
    """One more of it; step None is the manual as a whole."""
    tallies = Tally.objects.filter(version=version, step=step)
    one_more = {what: F(what) + 1}
    if tallies.update(**one_more):
        return
    try:
        with transaction.atomic():
            Tally.objects.create(version=version, step=step, **{what: 1})
    except IntegrityError:  # somebody else was the first at the same moment
        tallies.update(**one_more)
