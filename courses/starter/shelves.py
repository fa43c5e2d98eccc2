"""A shelf of each kind, so that whoever tries the site sees what editors can put there.

The chosen course is for every site; the teacher and the story are of invented people, so they come
only where invented people may (DEMO_ALLOWED). All of it is made once, on a new site: what an editor
takes away does not come back.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import (
    CoursePage,
    CoursesLesson,
    HomePage,
    LessonPage,
    ShelfPage,
    StoryPage,
    TeacherPage,
    TeachersLesson,
)
from courses.models.shelf import LessonsOfPage


@dataclass(frozen=True)
class Chosen:
    """A page that shows lessons, by their slugs."""

    kind: type[LessonsOfPage]
    item: type[Any]
    slug: str
    title: str
    introduction: str
    about: str
    lessons: tuple[str, ...]


@transaction.atomic
def load_shelves() -> bool:
    """False, and nothing is changed, where there is a shelf already or no home to put it under."""
    home = HomePage.objects.first()
    if home is None or ShelfPage.objects.exists():
        return False
    shelf = _shelf(home, "courses", _("精品课程"), _("编好的几课，一课一课往下学。"))
    _choose(shelf, going_out())
    if settings.DEMO_ALLOWED:
        _choose(_shelf(home, "teachers", _("网红教师"), _("大家爱听的老师。")), teacher())
        stories = _shelf(
            home, "stories", _("经验交流"), _("街坊们自己讲，学会了什么。"), accepts_stories=True
        )
        _publish(stories, story())
    return True


def going_out() -> Chosen:
    return Chosen(
        CoursePage,
        CoursesLesson,
        "going-out",
        _("带着手机出门"),
        _("坐车、付钱、逛公园，四课学完就敢出门。"),
        _(
            "一课接一课：先坐公交，再叫一辆车，扫码付钱，最后约一张公园的票。每天学一课，第五天就去逛公园。"
        ),
        ("bus-code", "call-car", "scan-to-pay", "park-booking"),
    )


def teacher() -> Chosen:
    return Chosen(
        TeacherPage,
        TeachersLesson,
        "lin-huizhen",
        _("林慧珍老师"),
        _("退休语文老师，讲课慢，声音响。"),
        _("林老师教了三十年小学语文，退休后在社区教手机。她说：慢一点不要紧，学会了就是自己的。"),
        ("video-call", "voice-check", "book-doctor"),
    )


def story() -> StoryPage:
    return StoryPage(
        slug="video-call",
        title=_("我会打视频电话了"),
        teller=_("何阿婆"),
        place=_("示范村"),
        words=_(
            "以前想看孙子，要等儿子回来帮我拨。上个月在村里学了三次课，现在我自己会打视频了。\n\n"
            "头两次手抖，按错了好几回。老师说按错不要紧，退回来再按。第三次就通了，孙子在那头叫奶奶，"
            "我眼泪都下来了。\n\n"
            "有一天，有人打视频来，说是我侄子，要借钱。我想起课上讲的，先挂断，打侄子原来的电话，果然是假的。"
        ),
    )


def _shelf(home: HomePage, slug: str, title: str, line: str, **more: Any) -> ShelfPage:
    shelf = ShelfPage(slug=slug, title=title, introduction=line, **more)
    _publish(home, shelf)
    return shelf


def _choose(shelf: ShelfPage, chosen: Chosen) -> None:
    page = chosen.kind(
        slug=chosen.slug,
        title=chosen.title,
        introduction=chosen.introduction,
        about=chosen.about,
    )
    found = {each.slug: each for each in LessonPage.objects.filter(slug__in=chosen.lessons)}
    page.chosen_lessons = [
        chosen.item(lesson=found[slug], sort_order=order)
        for order, slug in enumerate(chosen.lessons)
        if slug in found
    ]
    _publish(shelf, page)


def _publish(parent: Any, page: Any) -> None:
    parent.add_child(instance=page)
    page.save_revision().publish()
