"""A shelf of each kind, so that whoever tries the site sees what editors can put there.

The chosen courses are for every site; the teacher and the story are of invented people, so they
come only where invented people may (DEMO_ALLOWED). All of it is made once, on a new site: what an
editor takes away does not come back.
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
    for each in series():
        _choose(shelf, each)
    if settings.DEMO_ALLOWED:
        _choose(_shelf(home, "teachers", _("网红教师"), _("大家爱听的老师。")), teacher())
        stories = _shelf(
            home, "stories", _("经验交流"), _("街坊们自己讲，学会了什么。"), accepts_stories=True
        )
        _publish(stories, story())
    return True


def series() -> list[Chosen]:
    """What one learns in a row, the first thing that one needs first."""
    return [
        _series(
            "first-phone",
            _("头一回用手机"),
            _("从点亮屏幕学起，八课学完就会用。"),
            _("先会点亮、会退回，再把字调大，连上网。后面打视频、拍照、进群，一样一样来，不着急。"),
            "wake-and-back",
            "big-text",
            "home-wifi",
            "video-call",
            "clear-photo",
            "class-group",
            "one-key-help",
            "ask-volunteer",
        ),
        _series(
            "money",
            _("钱的事，看清再按"),
            _("付钱、交费、查账，每一步先看清。"),
            _("先学买菜付钱，再学查话费、交水电。会看自己账上有多少，会把自动扣钱关掉。"),
            "scan-to-pay",
            "phone-bill",
            "pay-utilities",
            "bank-big-text",
            "opera-no-fee",
            "shop-return",
            "yearly-check",
            "grandchild-recharge",
        ),
        _series(
            "hospital",
            _("看病不发愁"),
            _("在家量、网上挂、窗口付，一路走顺。"),
            _("先在家把血压量准，再学挂号、看病、取药。急病不用手机，打120。"),
            "blood-pressure",
            "book-doctor",
            "insurance-code",
            "ask-doctor-online",
            "health-claims",
        ),
        _series(
            "going-out",
            _("带着手机出门"),
            _("看天气、坐车、付钱、逛公园，学完就敢出门。"),
            _("先看天气，再坐公交、坐地铁、叫车、买火车票，约一张公园的票。没有码，也有办法进门。"),
            "weather-warning",
            "bus-code",
            "metro",
            "call-car",
            "train-ticket",
            "scan-to-pay",
            "park-booking",
            "no-code-entry",
        ),
        _series(
            "not-cheated",
            _("不上当"),
            _("听出钩子，挂断电话，找人核实。"),
            _(
                "骗人的话翻来覆去就那几样。一课一课听下来，电话一响心里就有数；万一上了当，也知道马上怎么办。"
            ),
            "stop-unknown-call",
            "fake-service",
            "voice-check",
            "sms-code",
            "screen-sharing",
            "anti-fraud-app",
            "high-interest",
            "task-scam",
            "guard-info",
            "after-scam",
        ),
        _series(
            "in-touch",
            _("和家里人常联系"),
            _("看得见、听得清，有事找得到人。"),
            _("打视频、发照片、进班级群，天天能说上话。设好求助，有事按几下，家里人就知道。"),
            "video-call",
            "clear-photo",
            "class-group",
            "one-key-help",
            "family-agent",
            "call-hotline",
        ),
        _series(
            "to-my-door",
            _("买东西，送到家"),
            _("会挑、会付、会取，不合意会退。"),
            _("看直播不着急，买东西看清店名。饭送到门口，包裹自己取，不合意就退。"),
            "shop-return",
            "live-shopping",
            "food-delivery",
            "pick-up-parcel",
        ),
        _series(
            "phone-care",
            _("手机用得顺"),
            _("慢了会弄，满了会腾，换新的会搬。"),
            _("先学充电安全，再学腾地方、换新手机。会用“小程序”，就不用装那么多软件。"),
            "power-safety",
            "home-wifi",
            "mini-program",
            "phone-slow",
            "new-phone",
        ),
    ]


def _series(slug: str, title: str, introduction: str, about: str, *lessons: str) -> Chosen:
    return Chosen(CoursePage, CoursesLesson, slug, title, introduction, about, lessons)


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
