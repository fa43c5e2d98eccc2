"""Bringing the tree to what a file of units says, from a day on."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from lms.units.models import Succession, Unit, UnitPast, level_of, parent_code, path_above, paths_to
from lms.units.services.tree import close_unit, hold_below, lock_tree, rename_unit
from lms.units.unit_file import UnitFile

BATCH = 5_000
#: Of a Succession: the successor was made by it.
_IS_SPLIT = Q(on=F("successor__opened_on"))


@dataclass(frozen=True)
class Kept:
    """A unit of which the file says otherwise than a change that was made here."""

    code: str
    reason: str

    def __str__(self) -> str:
        return f"{self.code} {self.reason}"


@dataclass
class ImportReport:
    """Codes by what the import does, or would do, with them; and what it leaves as it is here."""

    new: list[str] = field(default_factory=list)
    reopened: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept: list[Kept] = field(default_factory=list)


def import_units(
    units: UnitFile,
    *,
    on: date,
    dry_run: bool = False,
    reopen: bool = False,
    on_progress: Callable[[float], None] | None = None,
) -> ImportReport:
    """Bring the tree to what the file says, from that day on; all of it, or nothing.

    Open units under the file's topmost codes that the file does not name are closed. A change that
    was made here is never undone: what was merged, moved, renamed, split off or closed stays so,
    and is told in `kept`. `reopen`: units that were closed here, but not merged, are opened again.
    `on_progress` hears a fraction, 0 to 1. Raises UnitChangeRefused when a unit has changed on or
    after `on` already.
    """
    with transaction.atomic():
        report = _Import(units, on, reopen, on_progress or (lambda fraction: None)).run()
        transaction.set_rollback(dry_run)
    return report


class _Import:
    """One import under way; its steps share what was known before it."""

    def __init__(
        self, units: UnitFile, on: date, reopen: bool, progress: Callable[[float], None]
    ) -> None:
        self.names = units.names
        self.on = on
        self.reopen = reopen
        self.progress = progress
        lock_tree()
        hold_below(*Unit.objects.filter(depth=1))
        self.known = {unit.code: unit for unit in Unit.objects.all()}
        self.codes = {unit.path: code for code, unit in self.known.items()}
        self.merged_into = _mergers()
        self.split_off = _split_off()
        self.past_names = _past_names()
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
        standing = {code: self.standing_for(code) for code in self.known}
        paths = {code: unit.path for code, unit in standing.items() if unit.is_open or self.reopen}
        added: dict[str, Unit] = {}
        children: Counter[str] = Counter()
        expected = self.known.keys() | self.names.keys()
        new = (code for code in self.names if code not in self.known)
        for code in sorted(new, key=lambda code: (len(code), code)):
            parent = parent_code(code)
            if parent in expected and parent not in paths:
                self.report.kept.append(Kept(code, _("上级在这里已经撤销，没有新增。")))
                continue
            above = paths.get(parent or "", "")
            steps[above] = steps.get(above, 0) + 1
            depth = len(above) // Unit.steplen + 1
            path = paths[code] = above + _as_step(steps[above])
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

    def standing_for(self, code: str) -> Unit:
        """The unit itself, or the one into which it was merged, and that one perhaps again."""
        seen = {code}
        while (into := self.merged_into.get(code)) and into not in seen:
            seen.add(into)
            code = into
        return self.known[code]

    def tops(self) -> list[str]:
        """The file's topmost codes: it speaks for these and all below."""
        return [code for code in self.names if parent_code(code) not in self.names]

    def update(self, unit: Unit, name: str) -> None:
        changed = False
        if not unit.is_open:
            if unit.code in self.merged_into or not self.reopen:
                self.keep(unit, self.why_closed(unit))
                return
            unit.closed_on = None
            unit.save(update_fields=["closed_on"])
            self.report.reopened.append(unit.code)
            changed = True
        if unit.name != name:
            if name in self.past_names.get(unit.code, ()):
                self.keep(unit, _("这里已经改名叫“%(name)s”。") % {"name": unit.name})
                return
            rename_unit(unit, name=name, on=self.on)
            self.report.renamed.append(unit.code)
            changed = True
        if moved_to := self.moved_to(unit):
            self.keep(unit, _("这里已经移到“%(name)s”下面。") % {"name": moved_to.name})
            return
        self.report.unchanged += not changed

    def keep(self, unit: Unit, reason: str) -> None:
        self.report.kept.append(Kept(unit.code, reason))

    def why_closed(self, unit: Unit) -> str:
        if into := self.merged_into.get(unit.code):
            return _("这里已经并入“%(name)s”。") % {"name": self.known[into].name}
        return _("这里在%(on)s已经撤销。") % {"on": unit.closed_on}

    def moved_to(self, unit: Unit) -> Unit | None:
        """The unit right above it, if that is another than its code tells; also where it came to
        by a merge. None: it stands where its code tells, or there is no such unit."""
        expected = self.known.get(parent_code(unit.code) or "")
        above = self.codes.get(path_above(unit.path))
        if expected is None or above is None or above == expected.code:
            return None
        return self.known[above]

    def close_what_is_gone(self) -> None:
        tops = tuple(self.tops())
        gone = [
            unit
            for code, unit in self.known.items()
            if unit.is_open and code not in self.names and code.startswith(tops)
        ]
        made_here = [unit for unit in gone if unit.code in self.split_off]
        for unit in made_here:
            self.keep(unit, _("这是这里分出来的，文件里没有。"))
        gone = [unit for unit in gone if unit.code not in self.split_off]
        leaving = {unit.path for unit in gone}
        staying = Unit.objects.open().values_list("path", flat=True)
        held = {above for path in staying if path not in leaving for above in paths_to(path)}
        for unit in gone:
            if unit.path in held:
                self.keep(unit, _("文件里没有，可是下面还有别的单位。"))
            else:
                close_unit(unit, on=self.on, with_units_below=True)
                self.report.gone.append(unit.code)


def _mergers() -> dict[str, str]:
    """The code of the unit that took over a closed one whole, by that one's code."""
    merges = Succession.objects.filter(on=F("unit__closed_on")).exclude(_IS_SPLIT).order_by("pk")
    return dict(merges.values_list("unit__code", "successor__code"))


def _split_off() -> set[str]:
    """The codes of units that were made here, out of others."""
    return set(Succession.objects.filter(_IS_SPLIT).values_list("successor__code", flat=True))


def _past_names() -> dict[str, set[str]]:
    """The names that units had before, by their codes."""
    names: dict[str, set[str]] = {}
    for code, name in UnitPast.objects.values_list("unit__code", "name"):
        names.setdefault(code, set()).add(name)
    return names


def _last_steps(paths: Iterable[str]) -> dict[str, int]:
    """The last step taken below each path."""
    steps: dict[str, int] = {}
    for path in paths:
        above, step = path_above(path), Unit.numconv_obj().str2int(path[-Unit.steplen :])
        steps[above] = max(step, steps.get(above, 0))
    return steps


def _as_step(number: int) -> str:
    """The last step of a path, as treebeard writes it."""
    return str(Unit.numconv_obj().int2str(number)).rjust(Unit.steplen, Unit.alphabet[0])
