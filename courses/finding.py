"""What search engines and feed readers ask for: the sitemap, robots.txt, new lessons."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from wagtail.contrib.sitemaps.views import sitemap as sitemap_of

from courses.models import LessonPage
from courses.sharing import whole_address

SECONDS = 3600
LESSONS_IN_THE_FEED = 20
#: Where nobody looks for anything: what is for staff, what is one's own, answers to questions.
CLOSED_TO_ROBOTS = (
    "/accounts/",
    "/admin/",
    "/alerts/met/",
    "/classes/",
    "/display/",
    "/help/",
    "/here/",
    "/my/",
    "/people/",
    "/reports/",
    "/roll/",
    "/screen/",
    "/search/",
    "/tv/",
    "/work/",
    "/workbench/",
    "/*?answer=",
    "/*?list=",
)


@require_safe
@cache_control(max_age=SECONDS)
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS),
        f"Sitemap: {whole_address(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(max_age=SECONDS)
@conditional_page
def sitemap(request: HttpRequest, sitemaps: dict[str, Any]) -> HttpResponse:
    """Of all pages that everybody may see, and of what other rooms add."""
    response: HttpResponse = sitemap_of(request, sitemaps=sitemaps)
    return response


class NewLessons(Feed):
    """RSS of the lessons that were published last."""

    title = gettext_lazy("银龄学堂的新课")
    description = gettext_lazy("给长辈的大字课堂，用遥控器就能学。")
    language = "zh-CN"

    def link(self) -> str:
        return whole_address("/")

    def feed_url(self) -> str:
        return whole_address(reverse("new_lessons"))

    def items(self) -> Iterable[LessonPage]:
        lessons = LessonPage.objects.live().public().exclude(first_published_at=None)
        return list(lessons.order_by("-first_published_at", "-pk")[:LESSONS_IN_THE_FEED])

    def item_title(self, item: LessonPage) -> str:
        return str(item.title)

    def item_description(self, item: LessonPage) -> str:
        return _("学会：%(goal)s") % {"goal": item.goal}

    def item_link(self, item: LessonPage) -> str:
        return whole_address(item.url)

    def item_guid(self, item: LessonPage) -> str:
        """Stays when the lesson is moved or renamed, so that nobody is told of it twice."""
        return f"urn:uuid:{item.translation_key}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: LessonPage) -> datetime:
        published: datetime = item.first_published_at
        return published

    def item_updateddate(self, item: LessonPage) -> datetime | None:
        updated: datetime | None = item.last_published_at
        return updated


new_lessons = require_safe(cache_control(max_age=SECONDS)(conditional_page(NewLessons())))
