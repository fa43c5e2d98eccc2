"""Bringing the tree to what a file of units says, from a day on."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from lms.units.models import Unit, level_of, parent_code
from lms.units.services.tree import close_unit, hold_below, lock_tree, move_unit, rename_unit
from lms.units.unit_file import UnitFile

BATCH = 5_000


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
        by_path = {unit.path: unit for unit in self.known.values()}
        added, children = self.place_new(_last_steps(by_path))
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

    def place_new(self, steps: dict[str, int]) -> tuple[dict[str, Unit], Counter[str]]:
        """The units that are new, by their paths, and how many of them stand right below a path.
        `steps` are the last ones taken below a path, and are counted on."""
        first_import = tuple(code for code in self.tops() if code not in self.known)
        paths = dict(self.paths)
        added: dict[str, Unit] = {}
        children: Counter[str] = Counter()
        new = (code for code in self.names if code not in self.known)
        for code in sorted(new, key=lambda code: (len(code), code)):
            above = paths.get(parent_code(code) or "", "")
            steps[above] = steps.get(above, 0) + 1
            depth = len(above) // Unit.steplen + 1
            path = paths[code] = Unit._get_path(above, depth, steps[above])
            children[above] += 1
            added[path] = Unit(
                code=code,
                name=self.names[code],
                level=level_of(code),
                path=path,
                depth=depth,
                opened_on=None if code.startswith(first_import) else self.on,
            )
        return added, children

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


def _last_steps(paths: Iterable[str]) -> dict[str, int]:
    """The last step taken below each path."""
    steps: dict[str, int] = {}
    for path in paths:
        above, step = path[: -Unit.steplen], Unit._str2int(path[-Unit.steplen :])
        steps[above] = max(step, steps.get(above, 0))
    return steps
