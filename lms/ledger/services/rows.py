"""Verbs that write rows of the ledger. Each writes into its history who changed what from what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.ledger.choices import Act, Way
from lms.ledger.models import Measure, MeasureChange
from lms.ledger.services.refusals import LedgerRefused
from lms.ledger.sheets.cells import says_done
from lms.ledger.words import TRACKED, in_words
from lms.units.models import Unit

ROWS_OF_A_UNIT = 2_000


@dataclass(frozen=True)
class Edited:
    """What a saving did."""

    changed: list[str]
    #: Who changed other fields of the row meanwhile; nothing of theirs was touched.
    others: list[User] = field(default_factory=list)


class RowChanged(Exception):
    """Somebody else changed the same fields meanwhile, and nothing was saved."""

    def __init__(self, measure: Measure, mine: list[str], theirs: dict[str, MeasureChange]) -> None:
        super().__init__(measure)
        #: As it stands now.
        self.measure = measure
        #: The fields that the user meant to change.
        self.mine = mine
        #: The latest change of each of these that others made, by field.
        self.theirs = theirs


@transaction.atomic
def make_measure(
    *,
    unit: Unit,
    fields: Mapping[str, Any],
    by: User,
    way: Way = Way.PAGE,
    cells: Mapping[str, Any] | None = None,
) -> Measure:
    """Raises LedgerRefused where the unit's ledger is full, or the unit is closed."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    if not unit.is_open:
        raise LedgerRefused(_("“%(unit)s”已经撤销，不能再添。") % {"unit": unit.name})
    there = Measure.objects.filter(unit=unit)
    if there.there().count() >= ROWS_OF_A_UNIT:
        raise LedgerRefused(
            _("“%(unit)s”的台账已经有%(count)d条。请先把办结的下载存好，再撤下一些。")
            % {"unit": unit.name, "count": ROWS_OF_A_UNIT}
        )
    last = there.aggregate(last=Max("place"))["last"] or 0
    measure = Measure(unit=unit, place=last + 1, cells=dict(cells or {}), **fields)
    measure.save()
    note(measure, Act.MADE, by=by, way=way)
    return measure


@transaction.atomic
def edit_measure(measure: Measure, *, fields: Mapping[str, Any], version: int, by: User) -> Edited:
    """`version`: of the row that the user had before them. What others changed since and the user
    did not stays; raises RowChanged where both changed the same."""
    row = locked(measure)
    since = row.changes.filter(version__gt=version).exclude(field="").order_by("pk")
    base: dict[str, str] = {}
    theirs: dict[str, MeasureChange] = {}
    for change in since.select_related("by"):
        base.setdefault(change.field, change.was)
        theirs[change.field] = change

    def is_mine(name: str, value: Any) -> bool:
        if name in base:
            return in_words(row, name, value) != base[name]
        return bool(value != getattr(row, name))

    mine = [name for name, value in fields.items() if is_mine(name, value)]
    clashing = {
        name: theirs[name]
        for name in mine
        if name in theirs and in_words(row, name, fields[name]) != in_words(row, name)
    }
    if clashing:
        raise RowChanged(row, mine, clashing)
    changed = write(row, {name: fields[name] for name in mine}, by=by)
    others = {change.by_id: change.by for change in theirs.values() if change.by_id != by.pk}
    return Edited(changed, list(others.values()))


@transaction.atomic
def close_measure(measure: Measure, *, by: User) -> None:
    """It is done, and who said so. Raises LedgerRefused where it is closed already."""
    row = locked(measure)
    if row.is_closed:
        raise LedgerRefused(_("这一条已经办结了。"))
    fields: dict[str, Any] = {"is_closed": True}
    if row.closed_words and not says_done(row.closed_words):
        fields["closed_words"] = ""
    row.closed_at, row.closed_by = timezone.now(), by
    write(row, fields, by=by, also=("closed_at", "closed_by"))


@transaction.atomic
def reopen_measure(measure: Measure, *, why: str, by: User) -> None:
    """Raises LedgerRefused where it is open, or nothing says why."""
    row = locked(measure)
    if not row.is_closed:
        raise LedgerRefused(_("这一条本来就没有办结。"))
    why = given(why, _("请写明为什么重新打开，例如：复查没有做到。"))
    fields: dict[str, Any] = {"is_closed": False}
    if row.closed_words:
        fields["closed_words"] = ""
    row.closed_at = row.closed_by = None
    write(row, fields, by=by, also=("closed_at", "closed_by"))
    note(row, Act.REOPENED, why, by=by)


@transaction.atomic
def take_away_measure(measure: Measure, *, why: str, by: User) -> None:
    """It stands in no ledger any more; its history stays. Raises LedgerRefused where nothing says
    why."""
    row = locked(measure)
    why = given(why, _("请写明为什么撤下，例如：和第3条重复。"))
    row.taken_away_at = timezone.now()
    row.version += 1
    row.save(update_fields=["taken_away_at", "version"])
    note(row, Act.TAKEN_AWAY, why, by=by)


# --- What all of them do ----------------------------------------------------------------------


def locked(measure: Measure) -> Measure:
    """As it stands now; nobody else changes it meanwhile. Raises LedgerRefused where it was taken
    away."""
    rows = Measure.objects.there().select_for_update(of=("self",))
    found = (
        rows.select_related("unit", "lead_unit", "person", "closed_by")
        .filter(pk=measure.pk)
        .first()
    )
    if found is None:
        raise LedgerRefused(_("这一条刚才被撤下了。"))
    return found


def write(
    row: Measure,
    fields: Mapping[str, Any],
    *,
    by: User,
    way: Way = Way.PAGE,
    also: Collection[str] = (),
) -> list[str]:
    """Set these of a row that is locked, note each that differs, and save them with `also`.
    Returns those that differed."""
    changes = []
    for name in sorted(fields, key=TRACKED.index):
        was, now = in_words(row, name), in_words(row, name, fields[name])
        if was == now and getattr(row, name) == fields[name]:
            continue
        setattr(row, name, fields[name])
        changes.append(MeasureChange(measure=row, field=name, was=was, now=now, way=way, by=by))
    if not (changes or also):
        return []
    row.version += 1
    for change in changes:
        change.version = row.version
    MeasureChange.objects.bulk_create(changes)
    changed = [change.field for change in changes]
    row.save(update_fields=[*changed, "version", *also])
    return changed


def note(row: Measure, act: Act, said: str = "", *, by: User, way: Way = Way.PAGE) -> None:
    """Something done to the whole row, and what more there is to say of it."""
    MeasureChange(measure=row, version=row.version, act=act, now=said, way=way, by=by).save()


def given(typed: str, otherwise: str, *, most: int = 200) -> str:
    """What was typed, without blanks around. Raises LedgerRefused where it is nothing."""
    if not typed.strip():
        raise LedgerRefused(otherwise)
    return typed.strip()[:most]
