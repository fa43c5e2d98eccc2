"""What the workbench shows: all things at a glance, a manual's way, a draft's parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Prefetch

from lms.manuals.choices import Outcome, Stage, VersionState
from lms.manuals.desk_forms import FORMS, PartForm, Written, fields_of, key_of
from lms.manuals.models import (
    Manual,
    ManualVersion,
    Organisation,
    Product,
    Review,
    Step,
    Tally,
    Task,
)
from lms.manuals.services.desk import mark_of
from lms.manuals.services.review import stage_of
from lms.manuals.simplicity import Finding, findings_of

# --- At a glance ------------------------------------------------------------------------------


@dataclass(frozen=True)
class ManualLine:
    manual: Manual
    #: The one that somebody works on or judges, else the one that elders see.
    newest: ManualVersion
    live: ManualVersion | None
    #: Of the live version as a whole; None: nobody has opened it yet.
    tally: Tally | None

    @property
    def was_returned(self) -> bool:
        return self.newest.state == VersionState.RETURNED


@dataclass(frozen=True)
class ProductLine:
    product: Product
    manuals: list[ManualLine]

    @property
    def kind(self) -> str:
        """Without its examples."""
        return str(self.product.get_kind_display()).partition("（")[0]


def product_lines(organisation: Organisation) -> list[ProductLine]:
    """All its products with their manuals. Four queries."""
    newest_first = ManualVersion.objects.order_by("-number")
    manuals = Manual.objects.select_related("published_version").prefetch_related(
        Prefetch("versions", newest_first)
    )
    products = Product.objects.of(organisation).select_related("picture")
    lines = list(products.prefetch_related(Prefetch("manuals", manuals.order_by("pk"))))
    tallies = {
        tally.version_id: tally
        for tally in Tally.objects.filter(
            step=None, version__manual__product__organisation=organisation
        )
    }
    return [
        ProductLine(
            product,
            [
                ManualLine(
                    manual,
                    versions[0],
                    manual.published_version if manual.live else None,
                    tallies.get(manual.published_version_id or 0),
                )
                for manual in product.manuals.all()
                if (versions := list(manual.versions.all()))
            ],
        )
        for product in lines
    ]


# --- A manual ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepCount:
    step: Step
    tally: Tally | None

    @property
    def unclear_percent(self) -> int:
        """Of those who said so or the contrary; 0 when nobody said anything."""
        if self.tally is None:
            return 0
        said = self.tally.understood + self.tally.unclear
        return round(100 * self.tally.unclear / said) if said else 0

    @property
    def is_unclear(self) -> bool:
        """For more than a fifth: worth another look."""
        return self.unclear_percent > 20


def step_counts(version: ManualVersion) -> list[tuple[Task, list[StepCount]]]:
    """How often each step was opened and understood. Three queries."""
    tallies = {t.step_id: t for t in Tally.objects.filter(version=version).exclude(step=None)}
    return [
        (task, [StepCount(step, tallies.get(step.pk)) for step in task.steps.all()])
        for task in version.tasks.prefetch_related("steps")
    ]


@dataclass(frozen=True)
class StageMark:
    """One question of the review of a version."""

    stage: Stage
    #: None: not answered.
    review: Review | None
    is_asked: bool

    @property
    def is_returned(self) -> bool:
        return self.review is not None and self.review.outcome == Outcome.RETURNED


def stage_marks(version: ManualVersion, stages: Iterable[Stage]) -> list[StageMark]:
    answers = {review.stage: review for review in version.reviews.all()}
    asked = stage_of(version.manual) if version.state == VersionState.SUBMITTED else None
    return [StageMark(stage, answers.get(stage), stage == asked) for stage in stages]


# --- The desk ---------------------------------------------------------------------------------


@dataclass
class DeskPart:
    row: Written
    form: PartForm
    findings: list[Finding] = field(default_factory=list)
    #: What a colleague made of it meanwhile: labels and words; empty: nobody touched it.
    theirs: list[tuple[str, str, str]] = field(default_factory=list)
    #: Why its new picture, or all of it, was not kept.
    refused: str = ""
    steps: list["DeskPart"] = field(default_factory=list)

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
        return [finding for finding in self.findings if not finding.stops]


@dataclass
class Desk:
    version: DeskPart
    warnings: list[DeskPart]
    tasks: list[DeskPart]
    troubles: list[DeskPart]
    findings: list[Finding]

    @property
    def parts(self) -> dict[str, DeskPart]:
        """By key, in the order of reading."""
        every = [self.version, *self.warnings]
        for task in self.tasks:
            every += [task, *task.steps]
        return {part.key: part for part in [*every, *self.troubles]}

    @property
    def stop_count(self) -> int:
        return sum(finding.stops for finding in self.findings)

    @property
    def advice_count(self) -> int:
        return len(self.findings) - self.stop_count


def desk_of(version: ManualVersion, *, forms: Mapping[str, PartForm] | None = None) -> Desk:
    """The draft's parts, each with its boxes and what is to be said of it.

    forms: those that were sent and are shown again with what was typed; None: none. The version
    must have come by `with_content`.
    """
    findings = findings_of(version)
    by_key: dict[str, list[Finding]] = {}
    for finding in findings:
        by_key.setdefault(finding.place.key, []).append(finding)

    def part(row: Written) -> DeskPart:
        key = key_of(row)
        form = (forms or {}).get(key) or form_of(row)
        own = by_key.get("" if row is version else key, [])
        return DeskPart(row, form, own)

    tasks = []
    for task in version.tasks.all():
        tasks.append(part(task))
        tasks[-1].steps = [part(step) for step in task.steps.all()]
    return Desk(
        version=part(version),
        warnings=[part(row) for row in version.warnings.all()],
        tasks=tasks,
        troubles=[part(row) for row in version.troubles.all()],
        findings=findings,
    )


def form_of(row: Written) -> PartForm:
    initial = {name: getattr(row, name) for name in fields_of(type(row))}
    return FORMS[type(row)](initial=initial, prefix=key_of(row))
