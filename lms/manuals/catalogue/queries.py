"""What elders see: the manual of a printed code, the catalogue."""

from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from lms.manuals.catalogue.codes import codes_meant
from lms.manuals.choices import ProductKind
from lms.manuals.models import Manual, ManualPicture, ManualStep, ManualTask, ManualVersion


def manual_of_code(code: str) -> Manual | None:
    """The manual of a printed code, live or not, however it was typed (catalogue/codes.py); None
    when it has never been live, or two could be meant."""
    manuals = Manual.objects.once_live().select_related("product__organisation")
    meant = list(manuals.filter(short_code__in=codes_meant(code))[:2])
    return meant[0] if len(meant) == 1 else None


def shown_manuals() -> QuerySet[Manual]:
    return Manual.objects.shown().select_related("product", "published_version")


def shown_version(manual: Manual) -> ManualVersion | None:
    """The version that elders read, with all its parts; None while the manual is hidden."""
    if not shown_manuals().filter(pk=manual.pk).exists():
        return None
    return ManualVersion.objects.with_content().get(pk=manual.published_version_id or 0)


def another_of(manual: Manual) -> Manual | None:
    """Another live manual of the same product, to offer in place of one that is gone."""
    same = shown_manuals().filter(product=manual.product).exclude(pk=manual.pk)
    return same.order_by("-published_version__published_at").first()


def often_opened(count: int) -> list[Manual]:
    opened = Coalesce(
        Sum(
            "published_version__tallies__views",
            filter=Q(published_version__tallies__step__isnull=True),
        ),
        0,
    )
    return list(shown_manuals().annotate(opened=opened).order_by("-opened", "pk")[:count])


def shown_tasks() -> QuerySet[ManualTask]:
    """The tasks of all shown versions."""
    return ManualTask.objects.filter(
        version__manual__in=Manual.objects.shown(), version=F("version__manual__published_version")
    )


def wishes() -> QuerySet[ManualTask, tuple[str, int]]:
    """Titles of tasks, each once, the most opened first, with the number of their manuals."""
    return (
        shown_tasks()
        .order_by()
        .values_list("title")
        .annotate(
            manuals=Count("version", distinct=True),
            opened=Coalesce(Sum("steps__tallies__views"), 0),
        )
        .order_by("-opened", "title")
        .values_list("title", "manuals")
    )


def tasks_called(title: str) -> QuerySet[ManualTask]:
    tasks = shown_tasks().filter(title=title).select_related("version__manual__product")
    return tasks.order_by("version__manual__product__brand", "version__manual__product__model")


def kinds_shown() -> list[tuple[ProductKind, int]]:
    """The kinds that have manuals, with their number, in the order of ProductKind."""
    counted = dict(
        shown_manuals().order_by().values_list("product__kind").annotate(count=Count("pk"))
    )
    return [(kind, counted[kind]) for kind in ProductKind if counted.get(kind)]


def manuals_of_kind(kind: str) -> QuerySet[Manual]:
    return shown_manuals().filter(product__kind=kind)


def picture_of(manual: Manual, key: UUID) -> ManualPicture | None:
    """A picture of the shown version or of its product; None for any other."""
    steps = ManualStep.objects.filter(
        task__version_id=manual.published_version_id, picture__key=key
    )
    if not Manual.objects.shown().filter(pk=manual.pk).exists():
        return None
    step = steps.select_related("picture").first()
    if step is None:
        product = manual.product.picture
        return product if product is not None and product.key == key else None
    return step.picture


def step_url(manual: Manual, task: int, step: int) -> str:
    """Task and step are counted from 1."""
    return reverse("manuals:step", args=[manual.short_code, task, step])


def picture_url(manual: Manual, picture: ManualPicture) -> str:
    """Answers while the manual is live and shows the picture."""
    return reverse("manuals:picture", args=[manual.short_code, picture.key])
