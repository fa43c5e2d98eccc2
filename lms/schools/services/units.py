"""Verbs that change the tree of units. Each takes effect on a date and never rewrites the past."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from lms.schools.importing import UnitFile
from lms.schools.models import Succession, Unit, UnitPast
from lms.schools.models.units import height_of, level_of, parent_code
from lms.schools.services.figures import move_sums

BATCH = 5_000


class UnitChangeRefused(Exception):
    """A change that would contradict what is known; the text says why and what to do."""


@dataclass
class ImportReport:
    """Codes by what the import does, or would do, with them."""

    new: list[str] = field(default_factory=list)
    reopened: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unchanged: int = 0


def import_units(
    units: UnitFile,
    *,
    on: date,
    dry_run: bool = False,
    on_progress: Callable[[float], None] | None = None,
) -> ImportReport:
    """Bring the tree to what the file says, from that day on; all of it, or nothing.

    Open units under the file's topmost codes that the file does not name are closed; one that
    stands elsewhere than its code tells goes back there. `on_progress` hears a fraction, 0 to 1.
    Raises UnitChangeRefused when a unit has changed on or after `on` already.
    """
    with transaction.atomic():
        report = _Import(units, on, on_progress or (lambda fraction: None)).run()
        transaction.set_rollback(dry_run)
    return report


class _Import:
    """One import under way; its steps share what was known before it."""

    def __init__(self, units: UnitFile, on: date, progress: Callable[[float], None]) -> None:
        self.names = units.names
        self.on = on
        self.progress = progress
        lock_tree()
        hold_below(*Unit.objects.filter(depth=1))
        self.known = {unit.code: unit for unit in Unit.objects.all()}
        self.paths = {code: unit.path for code, unit in self.known.items()}  # as they were
        self.report = ImportReport()

    def run(self) -> ImportReport:
        self.create()
        for number, (code, name) in enumerate(self.names.items()):
            if code in self.known:
                self.update(self.known[code], name)
            if number % BATCH == 0:
                self.progress(0.9 + 0.1 * number / len(self.names))
        self.close_what_is_gone()
        self.progress(1.0)
        return self.report

    def create(self) -> None:
        """Add what is new in a few statements, with paths counted here: treebeard's own way of
        adding asks the database several times a unit, and a country has 665,000."""
        first_import = {code for code in self.tops() if code not in self.known}
        by_path = {unit.path: unit for unit in self.known.values()}
        steps: dict[str, int] = {}  # the last step taken under a path
        for path in by_path:
            above, step = path[: -Unit.steplen], Unit._str2int(path[-Unit.steplen :])
            steps[above] = max(step, steps.get(above, 0))
        paths = dict(self.paths)
        added: dict[str, Unit] = {}
        children: Counter[str] = Counter()
        for code in sorted(self.names, key=lambda code: (len(code), code)):
            if code in self.known:
                continue
            above = paths.get(parent_code(code) or "", "")
            steps[above] = steps.get(above, 0) + 1
            depth = len(above) // Unit.steplen + 1
            path = paths[code] = Unit._get_path(above, depth, steps[above])
            children[above] += 1
            is_first = code.startswith(tuple(first_import))
            added[path] = Unit(
                code=code,
                name=self.names[code],
                level=level_of(code),
                path=path,
                depth=depth,
                opened_on=None if is_first else self.on,
            )
        for path, unit in added.items():
            unit.numchild = children[path]
        rows = list(added.values())
        for start in range(0, len(rows), BATCH):
            Unit.objects.bulk_create(rows[start : start + BATCH])
            self.progress(0.9 * start / len(rows))
        grown = [by_path[path] for path in children if path in by_path]
        for unit in grown:
            unit.numchild += children[unit.path]
        Unit.objects.bulk_update(grown, ["numchild"], batch_size=BATCH)
        self.report.new = [unit.code for unit in rows]

    def tops(self) -> list[str]:
        """The file's topmost codes: it speaks for these and all below."""
        return [code for code in self.names if parent_code(code) not in self.names]

    def update(self, unit: Unit, name: str) -> None:
        changed = False
        if not unit.is_open:
            unit.closed_on = None
            unit.save(update_fields=["closed_on"])
            self.report.reopened.append(unit.code)
            changed = True
        if unit.name != name:
            rename_unit(unit, name=name, on=self.on)
            self.report.renamed.append(unit.code)
            changed = True
        above = parent_code(unit.code)
        if self.stands_elsewhere(unit, above):
            unit.refresh_from_db()  # a unit above it may have moved a moment ago
            move_unit(unit, parent=Unit.objects.get(code=above), on=self.on)
            self.report.moved.append(unit.code)
            changed = True
        self.report.unchanged += not changed

    def stands_elsewhere(self, unit: Unit, above: str | None) -> bool:
        """Whether it was not right under its parent before this import; moves since keep that."""
        expected = self.paths.get(above or "")
        return expected is not None and self.paths[unit.code][: -Unit.steplen] != expected

    def close_what_is_gone(self) -> None:
        tops = tuple(self.tops())
        gone = [
            unit
            for code, unit in self.known.items()
            if unit.is_open and code not in self.names and code.startswith(tops)
        ]
        for unit in gone:
            close_unit(unit, on=self.on, with_units_below=True)
        self.report.gone = [unit.code for unit in gone]


def lock_tree() -> None:
    """Let nobody else change the tree until the transaction ends, nor count learners up it:
    treebeard counts paths outside the database, and two moves at once would give one path to two
    units."""
    list(Unit.objects.select_for_update(no_key=True).filter(depth=1))


def require_open(unit: Unit, *, on: date) -> None:
    """Raises UnitChangeRefused when the unit is closed, or did not exist yet on that day."""
    if not unit.is_open:
        raise UnitChangeRefused(_("“%(name)s”已经撤销，不能再变更。") % {"name": unit.name})
    if unit.opened_on is not None and on < unit.opened_on:
        raise UnitChangeRefused(
            _("“%(name)s”在%(opened)s才成立，生效日期不能早于这一天。")
            % {"name": unit.name, "opened": unit.opened_on}
        )


def remember_past(unit: Unit, *, on: date) -> None:
    """Keep how the unit stood until `on`; its name or parent is about to change.

    Raises UnitChangeRefused when it has changed on that day or later already.
    """
    require_open(unit, on=on)
    if unit.since is not None and on <= unit.since:
        raise UnitChangeRefused(
            _("“%(name)s”在%(since)s已经变更过，新的生效日期要晚于这一天。")
            % {"name": unit.name, "since": unit.since}
        )
    UnitPast.objects.create(
        unit=unit,
        name=unit.name,
        parent=unit.get_parent(),
        from_date=unit.since,
        until_date=on,
        step=unit.path[-Unit.steplen :],
    )
    unit.since = on


@transaction.atomic
def rename_unit(unit: Unit, *, name: str, on: date) -> None:
    if name == unit.name:
        raise UnitChangeRefused(_("这个单位已经叫“%(name)s”。") % {"name": name})
    remember_past(unit, on=on)
    unit.name = name
    unit.save(update_fields=["name", "since"])


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, on: date) -> None:
    """Put the unit, and with it all below, under another one from that day on."""
    if parent.pk == unit.pk or parent.is_descendant_of(unit):
        raise UnitChangeRefused(_("不能把一个单位移到它自己下面。"))
    if not parent.is_open:
        raise UnitChangeRefused(_("“%(name)s”已经撤销，不能接收单位。") % {"name": parent.name})
    if unit.is_child_of(parent):
        raise UnitChangeRefused(
            _("“%(name)s”本来就在“%(parent)s”下面。") % {"name": unit.name, "parent": parent.name}
        )
    if height_of(parent) <= height_of(unit):
        raise UnitChangeRefused(
            _("“%(parent)s”是%(parent_level)s，下面不能放%(level)s。")
            % {
                "parent": parent.name,
                "parent_level": parent.get_level_display(),
                "level": unit.get_level_display(),
            }
        )
    remember_past(unit, on=on)
    unit.save(update_fields=["since"])
    put_under(unit, parent)


def put_under(unit: Unit, parent: Unit) -> None:
    """Change the paths of the unit and of all below it, and bring the figures along. Whoever moves
    a unit comes through here, within a transaction; the dates are the caller's."""
    hold_below(unit)
    was = unit.path
    unit.move(parent, "last-child")
    unit.refresh_from_db()
    move_sums(unit, was=was)


def hold_below(*units: Unit) -> None:
    """Let rolls that are being taken there finish, and others wait until the transaction ends, so
    that each adds its marks up one way. Who moves several units holds all of them first.

    From below: a roll goes up from its village, and who came down would meet it in a circle."""
    below = Unit.objects.below(*units).order_by("-depth", "pk")
    list(below.select_for_update().values_list("pk"))


@transaction.atomic
def close_unit(unit: Unit, *, on: date, with_units_below: bool = False) -> None:
    """The unit is no more from that day on; what it did before stays.

    Raises UnitChangeRefused when open units stand below it, unless they are to be closed as well,
    and when it or one of those opened or changed after that day.
    """
    require_open(unit, on=on)
    below = Unit.objects.below(unit).open().exclude(pk=unit.pk)
    if not with_units_below and below.exists():
        raise UnitChangeRefused(
            _("“%(name)s”下面还有%(count)d个单位，请先移走或撤销它们。")
            % {"name": unit.name, "count": below.count()}
        )
    too_late = Q(opened_on__gt=on) | Q(since__gt=on)
    late = Unit.objects.below(unit).open().filter(too_late).first()
    if late is not None:
        raise UnitChangeRefused(
            _("“%(name)s”在%(since)s变更过，撤销日期不能早于这一天。")
            % {"name": late.name, "since": late.since or late.opened_on}
        )
    below.update(closed_on=on)
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])


@transaction.atomic
def merge_units(units: Sequence[Unit], *, into: Unit, on: date) -> None:
    """`into` takes the others over: their units below move to it, and they close."""
    require_open(into, on=on)
    hold_below(*units)
    for unit in units:
        require_open(unit, on=on)
        if unit.pk == into.pk:
            raise UnitChangeRefused(_("不能把一个单位并入它自己。"))
        if unit.level != into.level:
            raise UnitChangeRefused(
                _("“%(name)s”是%(level)s，只能并入另一个%(level)s。")
                % {"name": unit.name, "level": unit.get_level_display()}
            )
        for child in unit.get_children().filter(closed_on__isnull=True):
            move_unit(child, parent=into, on=on)
        unit.refresh_from_db()
        close_unit(unit, on=on)
        # There is one already when `into` was once split off it, which stays as it was; or when an
        # import had opened the unit again, which undid the first merge.
        merges = unit.successions.filter(successor=into).exclude(on=F("successor__opened_on"))
        if not merges.update(on=on):
            Succession.objects.create(unit=unit, successor=into, on=on)


@transaction.atomic
def split_unit(unit: Unit, *, parts: Sequence[tuple[str, str]], on: date) -> list[Unit]:
    """New units (code, name) beside this one take part of it over; it stays open itself."""
    require_open(unit, on=on)
    made = []
    for code, name in parts:
        if level_of(code) != unit.level:
            raise UnitChangeRefused(
                _("代码%(code)s有%(length)d位，这一级的代码应该有%(expected)d位。")
                % {"code": code, "length": len(code), "expected": len(unit.code)}
            )
        if Unit.objects.filter(code=code).exists():
            raise UnitChangeRefused(_("代码%(code)s已经有单位在用。") % {"code": code})
        part = unit.add_sibling(
            "last-sibling", code=code, name=name, level=unit.level, opened_on=on
        )
        Succession.objects.create(unit=unit, successor=part, on=on)
        made.append(part)
    return made
