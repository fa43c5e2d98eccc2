"""What covers of lessons, drills, series, teachers and stories show, and when they are wanted."""

from typing import Any

from wagtail.models import Page

from courses.drawings import drawing
from courses.models import CoursePage, DrillPage, LessonPage, StoryPage, TeacherPage
from courses.models.shelf import LessonsOfPage
from media.covers.scenes import MOST_DRAWINGS, CoverScene
from media.covers.services import drop_cover, of_page, want_cover

COVERED = (LessonPage, DrillPage, CoursePage, TeacherPage, StoryPage)
NO_SUBJECT = "ink"


def ask_for_cover(page: Any) -> None:
    """Have the cover of a live page drawn, unless it shows what it should already."""
    want_cover(of_page(page), scene_of(page))


def ask_for_covers() -> None:
    """Of all live pages: of a site that was set up before there were covers, too."""
    for kind in COVERED:
        for page in kind.objects.live():
            ask_for_cover(page)


def scene_of(page: Any) -> CoverScene:
    own = getattr(page, "picture", None)
    photo = own.file.name if own else ""
    shown = [] if photo else drawings_of(page)
    return CoverScene(colour_of(page), tuple(each.svg for each in shown if each), photo)


def drawings_of(page: Any) -> list[Any]:
    """A series shows its first lessons; whatever has no lessons its own drawing."""
    if isinstance(page, LessonsOfPage):
        lessons = page.lessons_in_order()[:MOST_DRAWINGS]
        if found := [drawing(lesson.drawing) for lesson in lessons if lesson.drawing]:
            return found
    return [page.cover_drawing]


def colour_of(page: Any) -> str:
    if isinstance(page, LessonPage | DrillPage):
        return str(getattr(page.get_parent().specific, "subject", NO_SUBJECT))
    return NO_SUBJECT


def cover_published_page(*, sender: type[Page], instance: Page, **signal: Any) -> None:
    """Receiver of Wagtail's page_published."""
    if isinstance(instance, COVERED):
        ask_for_cover(instance)


def drop_cover_of_page(*, instance: Page, **signal: Any) -> None:
    """Receiver of page_unpublished, and of post_delete."""
    drop_cover(of_page(instance))
