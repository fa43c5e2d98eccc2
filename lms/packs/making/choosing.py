"""Which lessons and manuals go into a pack, and in what order."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.models import ClassroomPage, CoursePage, LessonPage, TeacherPage
from lms.manuals.models import Manual, Organisation
from lms.packs.choices import Quality, Scope
from lms.packs.manifest import WHOLE
from lms.packs.refusals import PackError


@dataclass(frozen=True)
class Part:
    """Lessons that lie in one folder."""

    title: str
    lessons: tuple[LessonPage, ...]


@dataclass(frozen=True)
class Choice:
    #: Of the pack, for people.
    name: str
    #: `Manifest.scope`.
    scope: str
    quality: Quality
    parts: tuple[Part, ...]
    manuals: tuple[Manual, ...]

    @property
    def lessons(self) -> list[LessonPage]:
        """Each once, in order."""
        return list({each.pk: each for part in self.parts for each in part.lessons}.values())


def chosen(
    *, scope: Scope, page: Page | None, quality: Quality, makers: Iterable[Organisation] = ()
) -> Choice:
    """``page``: the classroom or series; None for all. Raises PackError where there is no
    lesson."""
    parts = _parts(scope, page)
    if not any(part.lessons for part in parts):
        raise PackError(_("这里还没有发布的课，没有东西可以放进课程盘。"))
    manuals = Manual.objects.shown().filter(product__organisation__in=list(makers))
    return Choice(
        name=_("课程盘：%(title)s") % {"title": page.title if page else Scope.ALL.label},
        scope=WHOLE if page is None else f"{scope}:{page.slug}"[:120],
        quality=quality,
        parts=tuple(part for part in parts if part.lessons),
        manuals=tuple(manuals.select_related("product", "published_version")),
    )


def _parts(scope: Scope, page: Page | None) -> list[Part]:
    if scope == Scope.ALL:
        rooms = ClassroomPage.objects.live().public().order_by("path")
        return [Part(room.title, tuple(room.lessons_in_order())) for room in rooms]
    assert page is not None
    return [Part(page.title, tuple(page.specific.lessons_in_order()))]


def classrooms() -> list[Page]:
    return list(ClassroomPage.objects.live().public().order_by("path"))


def all_series() -> list[Page]:
    """Of teachers and courses, those that anybody may open."""
    pages = Page.objects.live().public().type(CoursePage, TeacherPage)
    return list(pages.order_by("path"))


def makers_with_manuals() -> list[Organisation]:
    shown = Manual.objects.shown().values("product__organisation")
    return list(Organisation.objects.filter(pk__in=shown).order_by("name", "pk"))


def page_of_slug(*, classroom: str = "", series: str = "") -> tuple[Scope, Page | None]:
    """Raises PackError where there is none."""
    if classroom and series:
        raise PackError(_("课堂和系列只能选一个。"))
    if not classroom and not series:
        return Scope.ALL, None
    among = classrooms() if classroom else all_series()
    found = next((page for page in among if page.slug == (classroom or series)), None)
    if found is None:
        raise PackError(
            _("没有“%(slug)s”。有的是：%(all)s。")
            % {"slug": classroom or series, "all": "、".join(page.slug for page in among) or "—"}
        )
    return Scope.CLASSROOM if classroom else Scope.SERIES, found


def makers_named(names: Iterable[str]) -> list[Organisation]:
    """By name or a part of it. Raises PackError where there is none."""
    there, found = makers_with_manuals(), []
    for name in names:
        meant = [each for each in there if name in each.name]
        if not meant:
            raise PackError(_("没有叫“%(name)s”、又有说明书的厂商。") % {"name": name})
        found.extend(meant)
    return found


def folder_of(
    *, scope: Scope, page: Page | None, quality: Quality, makers: Iterable[Organisation]
) -> str:
    """`PackMaking.folder`: the same for the same choice."""
    keys = sorted(each.pk for each in makers)
    choice = repr((str(scope), page.pk if page else 0, str(quality), keys))
    return f"{scope}-{quality}-{sha256(choice.encode()).hexdigest()[:8]}"
