"""Taking back the latest change of a unit, one that was entered wrong: as if it had not been."""

from dataclasses import dataclass, field
from datetime import date

from django.db import models, transaction
from django.db.models import ProtectedError, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from lms.units.models import Unit, UnitPast, path_above
from lms.units.services.tree import UnitChangeRefused, hold_below, put_under


class ChangeKind(models.TextChoices):
    RENAME = "rename"
    MOVE = "move"
    MERGE = "merge"
    SPLIT = "split"
    CLOSE = "close"


@dataclass(frozen=True)
class LastChange:
    """The latest change of a unit, and what taking it back would undo."""

    kind: ChangeKind
    on: date
    #: The rows that would go: the unit's own for a rename or a move, for a merge those of the
    #: units that went over.
    pasts: list[UnitPast] = field(default_factory=list)
    #: Who took it over, or was made out of it.
    others: list[Unit] = field(default_factory=list)

    @property
    def token(self) -> str:
        """The same for the same change only, so that nobody takes back what has come since."""
        keys = "-".join(str(row.pk) for rows in (self.pasts, self.others) for row in rows)
        return f"{self.kind}:{self.on}:{keys}"


def last_change(unit: Unit) -> LastChange | None:
    """None when it has never changed. The rows tell days, not hours: all that was split off on one
    day is one change, and comes before the unit's other changes of that day; and an import is not
    told from the same change by hand."""
    if unit.closed_on is not None:
        return _merge_of(unit, unit.closed_on) or LastChange(ChangeKind.CLOSE, unit.closed_on)
    split = (
        unit.successions.filter(successor__opened_on=models.F("on")).order_by("-on", "-pk").first()
    )
    past = unit.pasts.select_related("parent").order_by("-until_date").first()
    if split is not None and (past is None or split.on >= past.until_date):
        parts = Unit.objects.filter(
            predecessions__unit=unit, predecessions__on=split.on, opened_on=split.on
        )
        return LastChange(ChangeKind.SPLIT, split.on, others=list(parts))
    if past is None:
        return None
    parent = unit.get_parent(update=True)
    stayed = past.parent_id == (parent.pk if parent else None)
    kind = ChangeKind.RENAME if stayed else ChangeKind.MOVE
    return LastChange(kind, past.until_date, pasts=[past])


def _merge_of(unit: Unit, on: date) -> LastChange | None:
    """The merge by which the unit closed on that day; None when it merely closed."""
    merge = unit.successions.filter(on=on).select_related("successor").order_by("-pk").first()
    if merge is None or merge.successor.opened_on == on:  # what was split off took nothing over
        return None
    into = merge.successor
    went_over = UnitPast.objects.filter(
        parent=unit, until_date=on, unit__path__startswith=into.path, unit__depth=into.depth + 1
    )
    pasts = list(went_over.select_related("unit", "parent").order_by("-unit__path"))
    return LastChange(ChangeKind.MERGE, on, pasts=pasts, others=[into])


@transaction.atomic
def undo_last_change(unit: Unit) -> LastChange:
    """Take the latest change back, so that no row tells of it any more. Returns what it was.

    Raises UnitChangeRefused when there is none, or something has been built upon it since.
    """
    change = last_change(unit)
    if change is None:
        raise UnitChangeRefused(_("“%(name)s”没有变更过。") % {"name": unit.name})
    match change.kind:
        case ChangeKind.RENAME | ChangeKind.MOVE:
            _bring_back(unit, change.pasts[0])
        case ChangeKind.CLOSE:
            _reopen(unit)
        case ChangeKind.MERGE:
            _reopen(unit)
            hold_below(*(past.unit for past in change.pasts))
            for past in change.pasts:
                child = Unit.objects.get(pk=past.unit_id)  # its path may have changed just now
                if not child.is_open or child.since != change.on:
                    raise UnitChangeRefused(
                        _("“%(name)s”合并以后又变更过，请先撤回它的变更。") % {"name": child.name}
                    )
                _bring_back(child, past)
            unit.refresh_from_db()
            unit.successions.filter(successor__in=change.others, on=change.on).delete()
        case ChangeKind.SPLIT:
            for part in reversed(change.others):
                _unmake(part)
            unit.refresh_from_db()
    return change


def _bring_back(unit: Unit, past: UnitPast) -> None:
    """Let the unit stand as it stood in its past, which is then forgotten."""
    parent = unit.get_parent(update=True)
    if past.parent_id != (parent.pk if parent else None):
        if past.parent is None:
            raise UnitChangeRefused(_("它原来在最上面，不能撤回到那里。"))
        above = Unit.objects.get(pk=past.parent_id)  # it may have changed just now
        _require_open_parent(above)
        put_under(unit, above)
        _take_step(unit, past.step)
    unit.name, unit.since = past.name, past.from_date
    unit.save(update_fields=["name", "since"])
    past.delete()


def _take_step(unit: Unit, step: str) -> None:
    """Let it stand where it stood among its neighbours, if the place is known and free."""
    wanted = path_above(unit.path) + step
    if not step or unit.path == wanted or Unit.objects.filter(path=wanted).exists():
        return
    rest = Substr("path", len(unit.path) + 1)
    Unit.objects.below(unit).update(path=Concat(Value(wanted), rest))
    unit.refresh_from_db()


def _reopen(unit: Unit) -> None:
    parent = unit.get_parent(update=True)
    if parent is not None:
        _require_open_parent(parent)
    unit.closed_on = None
    unit.save(update_fields=["closed_on"])


def _require_open_parent(parent: Unit) -> None:
    if not parent.is_open:
        raise UnitChangeRefused(_("“%(name)s”已经撤销，请先撤回它的撤销。") % {"name": parent.name})


def _unmake(part: Unit) -> None:
    """Remove a unit that was split off, while nothing hangs on it yet: roles, classes and learners
    protect theirs (on_delete), and so does whatever a later room keeps of it."""
    changed = last_change(part) is not None or part.closed_on is not None
    try:
        if not changed and not part.numchild:
            with transaction.atomic():
                part.delete()
            return
    except ProtectedError:
        pass
    raise UnitChangeRefused(
        _("新单位“%(name)s”已经有了任职、班级、学员或变更，不能撤回。") % {"name": part.name}
    )
