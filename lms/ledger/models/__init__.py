"""The work ledger: its rows, what became of them, and the tables that they came in."""

from lms.ledger.models.changes import ChangeIsFinal, MeasureChange
from lms.ledger.models.evidence import Evidence
from lms.ledger.models.imports import PREVIEW_FOR, LedgerImport
from lms.ledger.models.measures import (
    LONG,
    LONGEST,
    RESPONSIBLE,
    SHORT,
    SOON,
    Measure,
    MeasureQuerySet,
    MeasureStays,
)
from lms.ledger.models.pressing import WORDS_MOST, Pressing

__all__ = [
    "LONG",
    "LONGEST",
    "PREVIEW_FOR",
    "RESPONSIBLE",
    "SHORT",
    "SOON",
    "WORDS_MOST",
    "ChangeIsFinal",
    "Evidence",
    "LedgerImport",
    "Measure",
    "MeasureChange",
    "MeasureQuerySet",
    "MeasureStays",
    "Pressing",
]
