"""What each row of a table is beside the ledger: new, changed in these fields, the same, or bad."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.ledger.choices import RowVerdict
from lms.ledger.models import Measure
from lms.ledger.queries import responsible_people
from lms.ledger.sheets.cells import kept_value, text_of
from lms.ledger.sheets.columns import (
    COLUMNS,
    Beside,
    Fields,
    beside,
    cell_of,
    without_added,
)
from lms.ledger.sheets.reading import LedgerRow
from lms.ledger.words import in_words
from lms.units.models import Unit

Key = tuple[str, str]


def match_rows(rows: Sequence[LedgerRow], *, unit: Unit, columns: Collection[str]) -> None:
    """Judge each, in place. `columns`: those that the table has, by key; the others are not
    touched."""
    known = list(
        Measure.objects.of(unit).select_related("unit", "lead_unit", "person", "closed_by")
    )
    added = beside(known)
    ledger = _Ledger(known)
    by_name = {each.name: each for each in unit.get_children().filter(closed_on__isnull=True)}
    seen: dict[Key, int] = {}
    taken: set[int] = set()
    for row in rows:
        row.changes, row.measure, row.version = [], None, None
        row.person = row.lead_unit = None
        row.verdict = RowVerdict.BAD
        if row.problems:
            continue
        fields = row.fields()
        key = (fields.get("clause", ""), fields["task"])
        twin = seen.setdefault(key, row.line)
        if twin != row.line:
            row.problems = [
                _("和第%(line)d行是同一条：政策条款和任务都一样。请删去一行。") % {"line": twin}
            ]
            continue
        measure = ledger.meant_by(fields, taken)
        if measure is None:
            led_by = by_name.get(fields.get("lead", ""))
            person = _person(fields.get("person_name", ""), led_by or unit)
            row.verdict, row.lead_unit = RowVerdict.NEW, led_by.pk if led_by else None
            row.person = person.pk if person else None
            continue
        taken.add(measure.pk)
        row.measure, row.version = measure.pk, measure.version
        changed = changed_fields(row, measure, columns=columns, added=added[measure.pk])
        row.changes = [
            [name, in_words(measure, name), in_words(measure, name, value)]
            for name, value in changed.items()
        ]
        row.verdict = RowVerdict.CHANGED if changed else RowVerdict.SAME


def changed_fields(
    row: LedgerRow, measure: Measure, *, columns: Collection[str], added: Beside
) -> Fields:
    """What the row says otherwise than the ledger. A cell is read only where it is not what would
    be written into it."""
    changed: dict[str, Any] = {}
    for column in COLUMNS:
        if column.key not in columns:
            continue
        value = kept_value(row.cells.get(column.key))
        if text_of(value) == text_of(cell_of(measure, column, added)):
            continue
        for name, said in column.read(without_added(value, column, added)).items():
            if name == "is_closed" and measure.closed_at is not None:
                continue  # closed here: opened again on its page, with a reason
            if said != getattr(measure, name):
                changed[name] = said
    if "person_name" in changed:
        person = _person(changed["person_name"], measure.acting_unit)
        if person != measure.person:
            changed["person"] = person
    return changed


class _Ledger:
    """The rows that there are, by what an office knows them by."""

    def __init__(self, known: Iterable[Measure]) -> None:
        self.by_task: dict[Key, list[Measure]] = defaultdict(list)
        self.by_number: dict[Key, list[Measure]] = defaultdict(list)
        for measure in known:
            self.by_task[measure.clause, measure.task].append(measure)
            if measure.number:
                self.by_number[measure.number, measure.clause].append(measure)

    def meant_by(self, fields: Fields, taken: Collection[int]) -> Measure | None:
        """Of one clause and task; else of one number and clause, whose task was put otherwise.
        None: it is not there, or several are alike and no number tells which."""
        clause, number = fields.get("clause", ""), fields.get("number", "")
        alike = [each for each in self.by_task[clause, fields["task"]] if each.pk not in taken]
        if len(alike) > 1:
            alike = [each for each in alike if each.number == number]
        if not alike and number and clause:
            alike = [each for each in self.by_number[number, clause] if each.pk not in taken]
        return alike[0] if len(alike) == 1 else None


def _person(name: str, unit: Unit) -> User | None:
    """Somebody of that name who may be responsible; None: nobody, or several are called so."""
    if not name:
        return None
    found = [each for each in responsible_people(unit) if each.get_full_name() == name]
    return found[0] if len(found) == 1 else None
