"""Verbs that write tables: keep one to be looked at, import it, take it back."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.ledger.choices import Act, ImportState, RowVerdict, Way
from lms.ledger.matching import changed_fields, match_rows
from lms.ledger.models import LedgerImport, Measure
from lms.ledger.services.refusals import LedgerRefused
from lms.ledger.services.rows import locked, make_measure, note, write
from lms.ledger.sheets.columns import Fields, beside
from lms.ledger.sheets.reading import LedgerRow, LedgerTable
from lms.units.models import Unit

FILE_NAME_MOST = 120


@transaction.atomic
def preview_table(table: LedgerTable, *, unit: Unit, file_name: str, sent_by: User) -> LedgerImport:
    """Keep a table with what importing it would do; nothing is written into the ledger yet. Throws
    away what others left lying too long."""
    sweep_tables()
    match_rows(table.rows, unit=unit, columns=columns_of(table.layout))
    return LedgerImport.objects.create(
        unit=unit,
        file_name=file_name[-FILE_NAME_MOST:],
        layout=table.layout,
        rows=[row.as_json() for row in table.rows],
        notes=table.notes,
        sent_by=sent_by,
    )


def sweep_tables() -> int:
    """Throw previews away that nobody confirmed in time; returns how many."""
    count, _kinds = LedgerImport.objects.expired().delete()
    return count


def rows_of(sent: LedgerImport) -> list[LedgerRow]:
    return [LedgerRow.from_json(row) for row in sent.rows]


def columns_of(layout: dict[str, Any]) -> list[str]:
    return [key for key, _words in layout["headings"]]


def drop_table(sent: LedgerImport) -> None:
    """Throw a table away that was only looked at."""
    LedgerImport.objects.filter(pk=sent.pk, state=ImportState.PREVIEW).delete()


@transaction.atomic
def confirm_table(sent: LedgerImport, *, by: User) -> int:
    """Do what the preview showed, and return 0. Where that would be something else by now, since
    somebody changed one of the rows meanwhile, do nothing, keep the new preview with those rows
    marked, and return how many they are. Raises LedgerRefused when it is imported already, or there
    is nothing to do."""
    sent = _held(sent, state=ImportState.PREVIEW)
    Unit.objects.select_for_update().get(pk=sent.unit_id)
    rows = rows_of(sent)
    if differing := _judge_again(rows, sent):
        sent.rows = [row.as_json() for row in rows]
        sent.save(update_fields=["rows"])
        return differing
    done = [row for row in rows if row.verdict != RowVerdict.BAD]
    if not done:
        raise LedgerRefused(_("没有可以导入的行。请照每一行下面写的改好，再上传。"))
    for row in done:
        if row.measure is None:
            _make(row, sent, by=by)
        else:
            _bring_up_to_date(row, sent, by=by)
    sent.state, sent.done_at = ImportState.DONE, timezone.now()
    sent.made = sum(row.verdict == RowVerdict.NEW for row in done)
    sent.changed = sum(row.verdict == RowVerdict.CHANGED for row in done)
    sent.rows = [row.as_json() for row in done if row.verdict != RowVerdict.SAME]
    sent.save()
    return 0


def _judge_again(rows: Sequence[LedgerRow], sent: LedgerImport) -> int:
    """Returns how many rows are not what they were; these are marked."""
    before = [(row.verdict, row.measure, row.version, list(row.changes)) for row in rows]
    match_rows(rows, unit=sent.unit, columns=columns_of(sent.layout))
    for row, was in zip(rows, before, strict=True):
        row.differs = was != (row.verdict, row.measure, row.version, row.changes)
    return sum(row.differs for row in rows)


def _make(row: LedgerRow, sent: LedgerImport, *, by: User) -> None:
    fields: Fields = row.fields()
    if row.person is not None:
        fields["person"] = User.objects.get(pk=row.person)
    if row.lead_unit is not None:
        fields["lead_unit"] = Unit.objects.get(pk=row.lead_unit)
    made = make_measure(unit=sent.unit, fields=fields, by=by, way=Way.SHEET, cells=row.cells)
    row.measure, row.version = made.pk, made.version


def _bring_up_to_date(row: LedgerRow, sent: LedgerImport, *, by: User) -> None:
    """Its cells are kept also where they say nothing new: they go out as they came last."""
    assert row.measure is not None
    measure = locked(Measure(pk=row.measure))
    columns = columns_of(sent.layout)
    fields = changed_fields(row, measure, columns=columns, added=beside([measure])[measure.pk])
    row.before = {name: _as_json(getattr(measure, name)) for name in fields}
    row.cells_before = measure.cells
    others = {key: kept for key, kept in measure.cells.items() if key not in columns}
    measure.cells = others | row.cells
    if fields:
        write(measure, fields, by=by, way=Way.SHEET, also=("cells",))
    else:
        measure.save(update_fields=["cells"])
    row.version = measure.version


def _as_json(value: Any) -> Any:
    if isinstance(value, User):
        return value.pk
    return value.isoformat() if hasattr(value, "isoformat") else value


@transaction.atomic
def undo_table(sent: LedgerImport, *, by: User) -> list[Measure]:
    """Take a whole import back: what it added goes, what it changed is as before. Rows that
    somebody has changed since stay as they are, and are returned. Raises LedgerRefused when it is
    undone already."""
    sent = _held(sent, state=ImportState.DONE)
    stays = []
    for row in rows_of(sent):
        assert row.measure is not None
        measure = Measure.objects.select_for_update(of=("self",)).get(pk=row.measure)
        if measure.taken_away_at is not None:
            continue
        if measure.version != row.version or _has_more(measure, row):
            stays.append(measure)
        elif row.verdict == RowVerdict.NEW:
            measure.taken_away_at = timezone.now()
            measure.version += 1
            measure.save(update_fields=["taken_away_at", "version"])
            note(measure, Act.UNDONE, sent.file_name, by=by, way=Way.UNDO)
        else:
            fields = {name: _from_json(name, value) for name, value in row.before.items()}
            measure.cells = row.cells_before
            write(measure, fields, by=by, way=Way.UNDO, also=("cells",))
    sent.state = ImportState.UNDONE
    sent.undone_at, sent.undone_by = timezone.now(), by
    sent.save(update_fields=["state", "undone_at", "undone_by"])
    return stays


def _has_more(measure: Measure, row: LedgerRow) -> bool:
    """Whether a row that was added has been worked on: evidence, 督办."""
    if row.verdict != RowVerdict.NEW:
        return False
    return measure.evidence.there().exists() or measure.pressings.exists()


def _from_json(name: str, value: Any) -> Any:
    if name == "person":
        return User.objects.filter(pk=value).first() if value else None
    field: Field[Any, Any] = Measure._meta.get_field(name)  # type: ignore[assignment]
    return field.to_python(value)


def _held(sent: LedgerImport, *, state: ImportState) -> LedgerImport:
    """Whoever sends the same thing twice waits here. Raises LedgerRefused."""
    held = LedgerImport.objects.select_for_update(of=("self",)).select_related("unit")
    found = held.filter(pk=sent.pk).first()
    if found is None:
        raise LedgerRefused(_("这份表格已经不在了，请重新上传。"))
    if found.state != state:
        raise LedgerRefused(
            _("这份表格已经撤销过了。")
            if found.state == ImportState.UNDONE
            else _("这份表格已经导入过了，没有再导入一遍。")
        )
    return found
