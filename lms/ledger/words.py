"""What stands in a field of a row, in words: for its history, and for who is told of a change.

A history is written once and in one language, whatever language its writers' pages have.
"""

from typing import Any, Final

from django.conf import settings
from django.db.models import Field
from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.accounts.models import User
from lms.ledger.choices import Figure
from lms.ledger.models import Measure
from lms.units.models import Unit

#: Every field whose changes are kept, in the order in which they are shown.
TRACKED: Final = (
    "unit", "number", "clause", "task", "target", "figure", "year", "goal", "lead", "lead_unit",
    "partners",
    "person_name", "person", "starts_on", "due_words", "due_on", "percent", "progress",
    "evidence_words", "problem", "press_words", "closed_words", "is_closed",
)  # fmt: skip


def in_words(measure: Measure, name: str, *value: Any) -> str:
    """Of the field as it stands, or of the value that it is to have; blank for nothing."""
    said = value[0] if value else getattr(measure, name)
    if said is None or said == "":
        return ""
    if isinstance(said, bool):
        return "是" if said else "否"
    if isinstance(said, User):
        return said.shown_name()
    if isinstance(said, Unit):
        return said.name
    if name == "figure":
        with override(settings.LANGUAGE_CODE):
            return str(Figure(said).label)
    if name == "percent":
        return f"{said}%"
    return str(said)


def called(name: str) -> str:
    """What the field is called on the page."""
    if name == "is_closed":
        return _("已办结")
    field: Field[Any, Any] = Measure._meta.get_field(name)  # type: ignore[assignment]
    return str(field.verbose_name)
