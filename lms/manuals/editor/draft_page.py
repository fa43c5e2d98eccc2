"""The editor's page of a draft: every part with its form and its readability findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from courses.readability.findings import Finding
from lms.manuals.editor.forms.parts import PartForm, form_of
from lms.manuals.editor.parts import EditedRow, key_of, mark_of
from lms.manuals.models import ManualVersion, ReviewNote
from lms.manuals.readability.queries import findings_of


@dataclass
class DraftPart:
    row: EditedRow
    form: PartForm
    findings: list[Finding] = field(default_factory=list)
    #: Name, label and words of each field that a colleague changed meanwhile.
    theirs: list[tuple[str, str, str]] = field(default_factory=list)
    #: Why its new picture, or all of it, was not saved; empty when it was.
    refused: str = ""
    #: What reviewers said here of earlier versions.
    notes: list[ReviewNote] = field(default_factory=list)
    #: Of a task.
    steps: list["DraftPart"] = field(default_factory=list)

    @property
    def key(self) -> str:
        return key_of(self.row)

    @property
    def mark(self) -> str:
        return mark_of(self.row)

    @property
    def stops(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.stops]

    @property
    def advice(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.stops and not finding.answer]

    @property
    def kept(self) -> list[Finding]:
        """Words that the maker says are right."""
        return [finding for finding in self.findings if finding.answer]


@dataclass
class DraftPage:
    version: DraftPart
    warnings: list[DraftPart]
    tasks: list[DraftPart]
    troubles: list[DraftPart]
    findings: list[Finding]
    #: What reviewers said at parts that are gone.
    lost_notes: list[ReviewNote]

    @property
    def parts(self) -> dict[str, DraftPart]:
        """By key, in the order of reading."""
        every = [self.version, *self.warnings]
        for task in self.tasks:
            every += [task, *task.steps]
        return {part.key: part for part in [*every, *self.troubles]}

    @property
    def open_notes(self) -> int:
        """How many are not yet said to be done."""
        told = [*self.lost_notes, *(note for part in self.parts.values() for note in part.notes)]
        return sum(note.done_at is None for note in told)

    @property
    def stop_count(self) -> int:
        return sum(finding.stops for finding in self.findings)

    @property
    def advice_count(self) -> int:
        return len(self.findings) - self.stop_count - self.kept_count

    @property
    def kept_count(self) -> int:
        return sum(bool(finding.answer) for finding in self.findings)


def draft_page_of(
    version: ManualVersion, *, forms: Mapping[str, PartForm] | None = None
) -> DraftPage:
    """forms: bound ones by key, shown again with what was typed; None: all from the database. The
    version must have come by `with_content`.
    """
    findings = findings_of(version)
    by_key: dict[str, list[Finding]] = {}
    for finding in findings:
        by_key.setdefault(finding.place.key, []).append(finding)

    notes: dict[str, list[ReviewNote]] = {}
    for note in notes_for(version):
        notes.setdefault(str(note.key), []).append(note)

    def part(row: EditedRow) -> DraftPart:
        key = key_of(row)
        form = (forms or {}).get(key) or form_of(row)
        own = by_key.get("" if row is version else key, [])
        return DraftPart(row, form, own, notes=notes.pop(key, []))

    tasks = []
    for task in version.tasks.all():
        tasks.append(part(task))
        tasks[-1].steps = [part(step) for step in task.steps.all()]
    return DraftPage(
        version=part(version),
        warnings=[part(row) for row in version.warnings.all()],
        tasks=tasks,
        troubles=[part(row) for row in version.troubles.all()],
        findings=findings,
        lost_notes=[note for left in notes.values() for note in left],
    )


def notes_for(version: ManualVersion) -> list[ReviewNote]:
    """What reviewers said of earlier versions and is not done, or was done in this draft."""
    told = ReviewNote.objects.before(version)
    return list(told.filter(Q(done_at=None) | Q(done_at__gte=version.created_at)))
