"""Counting by the units right below one, in one question to the database."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.urls import reverse

from lms.reports.question import Question
from lms.units.choices import Level
from lms.units.models import Unit, path_below


def rows_below(unit: Unit) -> list[Unit]:
    """Which units a table has rows for: the open ones right below; of a village itself."""
    return [unit] if unit.level == Level.VILLAGE else list(unit.get_children().open())


def counted_below(
    found: QuerySet[Any], unit: Unit, *, prefix: str, **counts: Any
) -> tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Any]]:
    """`counts`, which are aggregates, of what is at each unit right below, by its path, and of all
    together, in which people are counted once. `prefix` reaches the unit. Two queries."""
    inside = found.filter(path_below(unit, prefix=prefix))
    length = len(unit.path) if unit.level == Level.VILLAGE else len(unit.path) + Unit.steplen
    by_path = (
        inside.annotate(below=Substr(f"{prefix}path", 1, length))
        .order_by()
        .values("below")
        .annotate(**counts)
    )
    return {row.pop("below"): row for row in by_path}, inside.aggregate(**counts)


def address_of(unit: Unit, question: Question) -> str:
    """Of its page of figures; blank for the one that is asked of."""
    if unit == question.unit:
        return ""
    return f"{reverse('reports:unit', args=[unit.code])}?{question.query}"
