"""What the workbench lists: products with their manuals, how a manual is read, its review."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from lms.manuals.choices import ReviewOutcome, ReviewStage, VersionState
from lms.manuals.models import (
    Manual,
    ManualPicture,
    ManualStep,
    ManualTally,
    ManualTask,
    ManualVersion,
    Organisation,
    Product,
    Review,
)
from lms.manuals.review.services.reviews import stage_of

#: So long the first page says that a manual has been approved.
NEWS_DAYS: Final = 7


@dataclass(frozen=True)
class ManualLine:
    manual: Manual
    #: The draft or what is being reviewed, else what elders see.
    newest: ManualVersion
    live: ManualVersion | None
    #: Of the live version as a whole; None while nobody has opened it.
    tally: ManualTally | None

    @property
    def was_returned(self) -> bool:
        return self.newest.state == VersionState.RETURNED

    @property
    def half_way(self) -> Review | None:
        """The yes to the first question, while the second is being asked."""
        if self.newest.state != VersionState.SUBMITTED:
            return None
        return next(iter(self.newest.reviews.all()), None)

    @property
    def is_just_live(self) -> bool:
        """Whether its newest version was published within NEWS_DAYS."""
        published_at = self.newest.published_at
        if self.newest.state != VersionState.PUBLISHED or published_at is None:
            return False
        return timezone.now() - published_at < timedelta(days=NEWS_DAYS)


@dataclass(frozen=True)
class ProductLine:
    product: Product
    manuals: list[ManualLine]

    @property
    def kind(self) -> str:
        """Without the examples in brackets."""
        return str(self.product.get_kind_display()).partition("（")[0]


def product_lines(organisation: Organisation) -> list[ProductLine]:
    """All its products with their manuals. Five queries."""
    newest_first = ManualVersion.objects.order_by("-number").prefetch_related("reviews")
    manuals = Manual.objects.select_related("published_version").prefetch_related(
        Prefetch("versions", newest_first)
    )
    products = Product.objects.of(organisation).select_related("picture")
    lines = list(products.prefetch_related(Prefetch("manuals", manuals.order_by("pk"))))
    tallies = {
        tally.version_id: tally
        for tally in ManualTally.objects.filter(
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


@dataclass(frozen=True)
class StepCount:
    step: ManualStep
    tally: ManualTally | None

    @property
    def unclear_percent(self) -> int:
        """Per cent of the answers that were 没看懂; 0 without answers."""
        if self.tally is None:
            return 0
        answers = self.tally.understood + self.tally.unclear
        return round(100 * self.tally.unclear / answers) if answers else 0

    @property
    def is_unclear(self) -> bool:
        """Whether more than a fifth of the answers were 没看懂."""
        return self.unclear_percent > 20


def step_counts(version: ManualVersion) -> list[tuple[ManualTask, list[StepCount]]]:
    """The tally of each step, by task. Three queries."""
    tallies = {t.step_id: t for t in ManualTally.objects.filter(version=version).exclude(step=None)}
    return [
        (task, [StepCount(step, tallies.get(step.pk)) for step in task.steps.all()])
        for task in version.tasks.prefetch_related("steps")
    ]


@dataclass(frozen=True)
class StageStatus:
    """One question of the review of a version."""

    stage: ReviewStage
    #: None: not answered.
    review: Review | None
    is_asked: bool  # now

    @property
    def is_returned(self) -> bool:
        return self.review is not None and self.review.outcome == ReviewOutcome.RETURNED


def stage_statuses(version: ManualVersion, stages: Iterable[ReviewStage]) -> list[StageStatus]:
    answers = {review.stage: review for review in version.reviews.all()}
    asked = stage_of(version.manual) if version.state == VersionState.SUBMITTED else None
    return [StageStatus(stage, answers.get(stage), stage == asked) for stage in stages]


def library_of(organisation: Organisation) -> QuerySet[ManualPicture]:
    """Its pictures, the newest first, each with `times`, on how many steps of all versions it
    stands, and `told`, what the newest of them says it shows (None when none says)."""
    told = ManualStep.objects.filter(picture=OuterRef("pk")).exclude(alt="").order_by("-pk")
    return (
        ManualPicture.objects.of(organisation)
        .annotate(times=Count("steps__key", distinct=True), told=Subquery(told.values("alt")[:1]))
        .order_by("-added_at", "-pk")
    )
