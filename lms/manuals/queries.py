"""What elders are shown: the manual behind a printed code, the catalogue, what a search finds."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from wagtail.search.backends import get_search_backend

from courses.search.chinese import pinyin_words
from lms.manuals.choices import ProductKind
from lms.manuals.models import Manual, ManualPicture, ManualVersion, Step, Task

#: No more are looked at: who sees so many types another letter.
FOUND_AT_MOST = 60


def manual_of_code(code: str) -> Manual | None:
    """The manual that a printed code ever led to; None for a code that elders have never seen."""
    manuals = Manual.objects.once_live().select_related("product__organisation")
    return manuals.filter(short_code=code.upper()).first()


def shown_manuals() -> QuerySet[Manual]:
    return Manual.objects.shown().select_related("product", "published_version")


def shown_version(manual: Manual) -> ManualVersion | None:
    """What elders read of it, with all its parts; None while it is hidden."""
    if not shown_manuals().filter(pk=manual.pk).exists():
        return None
    return ManualVersion.objects.with_content().get(pk=manual.published_version_id or 0)


def another_of(manual: Manual) -> Manual | None:
    """A manual of the same thing, for whoever comes by the code of one that is gone."""
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


def shown_tasks() -> QuerySet[Task]:
    """Of all manuals that are shown, in the version that is shown."""
    return Task.objects.filter(
        version__manual__in=Manual.objects.shown(), version=F("version__manual__published_version")
    )


def wishes() -> QuerySet[Task, tuple[str, int]]:
    """What one may want to do, each said once, the one that is opened most first: its words, and
    by how many manuals it is told."""
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


def tasks_called(title: str) -> QuerySet[Task]:
    tasks = shown_tasks().filter(title=title).select_related("version__manual__product")
    return tasks.order_by("version__manual__product__brand", "version__manual__product__model")


def kinds_shown() -> list[tuple[ProductKind, int]]:
    """The kinds of things that there are manuals of, and how many, in the order of the kinds."""
    counted = dict(
        shown_manuals().order_by().values_list("product__kind").annotate(count=Count("pk"))
    )
    return [(kind, counted[kind]) for kind in ProductKind if counted.get(kind)]


def manuals_of_kind(kind: str) -> QuerySet[Manual]:
    return shown_manuals().filter(product__kind=kind)


def picture_of(manual: Manual, key: UUID) -> ManualPicture | None:
    """One that the shown version shows; None for any other, whosever it is."""
    steps = Step.objects.filter(task__version_id=manual.published_version_id, picture__key=key)
    if not Manual.objects.shown().filter(pk=manual.pk).exists():
        return None
    step = steps.select_related("picture").first()
    if step is None:
        product = manual.product.picture
        return product if product is not None and product.key == key else None
    return step.picture


# --- Search -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class FoundManual:
    """A task, or a manual as a whole, that was looked for."""

    title: str
    #: Of which thing.
    line: str
    url: str


def find_manuals(query: str) -> tuple[list[FoundManual], list[FoundManual]]:
    """What is called so, in Chinese or by its pinyin, and what only speaks of it. Of a manual that
    has tasks called so, these. Nothing for a blank query. Five queries."""
    if not query:
        return [], []
    backend = get_search_backend()
    named = list(_shown_of(backend.autocomplete(query, Manual.objects.filter(live=True))))
    spoken = _shown_of(backend.search(query, Manual.objects.filter(live=True)))
    found = [found for manual in named for found in _found_in(manual, query)]
    return found, [_whole(manual) for manual in spoken if manual not in named]


def _shown_of(results: object) -> QuerySet[Manual]:
    keys = [manual.pk for manual in results[:FOUND_AT_MOST]]  # type: ignore[index]
    return shown_manuals().filter(pk__in=keys).prefetch_related("published_version__tasks")


def _found_in(manual: Manual, query: str) -> list[FoundManual]:
    tasks = [
        FoundManual(task.title, str(manual.product), step_url(manual, number, 1))
        for number, task in enumerate(_version(manual).tasks.all(), 1)
        if is_called(task.title, query)
    ]
    if is_called(f"{_version(manual).title} {manual.product}", query) or not tasks:
        return [_whole(manual), *tasks]
    return tasks


def is_called(title: str, query: str) -> bool:
    asked = query.casefold()
    return asked in title.casefold() or any(
        word.startswith(asked) for word in pinyin_words(title).split()
    )


def _whole(manual: Manual) -> FoundManual:
    return FoundManual(_version(manual).title, str(manual.product), manual.get_short_url())


def _version(manual: Manual) -> ManualVersion:
    """Of a manual that is shown, whose row cannot be without one."""
    assert manual.published_version is not None
    return manual.published_version


def step_url(manual: Manual, task: int, step: int) -> str:
    """Task and step are counted from 1."""
    return reverse("manuals:step", args=[manual.short_code, task, step])
