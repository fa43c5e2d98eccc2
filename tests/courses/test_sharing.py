"""A page sent to somebody shows its title and picture; search engines and feed readers find it."""

import json
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from wagtail.models import PageViewRestriction

from courses.models import ClassroomPage, CoursePage, LessonPage
from media.covers.services import of_page
from media.models import Cover, Rendition, Video

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

SITE = "https://yinling.example"
LESSON = "/smart-tech/scan-to-pay/"


@pytest.fixture(autouse=True)
def city(settings, tmp_path):
    """A site behind a proxy, which speaks to it in plain HTTP under another name."""
    settings.WAGTAILADMIN_BASE_URL = SITE
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def film():
    video = Video.objects.create(title="片", original="x.mp4", duration_ms=61_400)
    video.poster.save("x.jpg", ContentFile(b"-"))
    Rendition.objects.create(
        video=video, name="720p", file="videos/x.mp4", width=1280, height=720, size_bytes=1
    )
    LessonPage.objects.filter(slug="scan-to-pay").update(video=video)
    return video


def head(client, address) -> dict[str, str]:
    html = client.get(address).content.decode()
    return dict(re.findall(r'<meta property="(og:[a-z_]+)" content="([^"]*)">', html))


def marks(client, address):
    html = client.get(address).content.decode()
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(found)


def test_a_lesson_in_a_chat_shows_its_title_its_goal_and_its_films_picture(client, film):
    lesson = LessonPage.objects.get(slug="scan-to-pay")
    assert head(client, LESSON) == {
        "og:site_name": "银龄学堂",
        "og:locale": "zh_CN",
        "og:type": "article",
        "og:title": lesson.title,
        "og:description": lesson.goal,
        "og:url": SITE + LESSON,
        "og:image": SITE + film.poster.url,
    }


def test_a_cover_is_shown_before_any_other_picture(client, film):
    lesson = LessonPage.objects.get(slug="scan-to-pay")
    files = {"webp": "covers/a.webp", "jpeg": "covers/a.jpg"}
    Cover.objects.filter(name=of_page(lesson)).delete()
    Cover.objects.create(name=of_page(lesson), scene={}, digest="a", drawn_digest="a", **files)
    assert head(client, LESSON)["og:image"] == SITE + "/media/covers/a.jpg"


def test_what_has_no_picture_shows_ours(client):
    for address in ("/", "/science/", LESSON):
        picture = head(client, address)["og:image"]
        assert picture == SITE + "/static/pictures/share.png"
        assert b"".join(client.get(urlsplit(picture).path))[:4] == b"\x89PNG"


def test_a_lesson_in_a_row_of_films_is_the_same_lesson(client, shelves, film):
    series = CoursePage.objects.get(slug="money")
    assert head(client, f"{LESSON}?list={series.pk}")["og:url"] == SITE + LESSON


def test_a_film_is_marked_as_schema_org_has_it(client, film):
    lesson = LessonPage.objects.get(slug="scan-to-pay")
    assert marks(client, LESSON) == {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": lesson.title,
        "description": lesson.goal,
        "url": SITE + LESSON,
        "thumbnailUrl": SITE + film.poster.url,
        "uploadDate": film.created_at.isoformat(),
        "contentUrl": SITE + "/media/videos/x.mp4",
        "inLanguage": film.spoken_language,
        "isAccessibleForFree": True,
        "duration": "PT61S",
    }


def test_a_lesson_whose_film_is_not_ready_promises_none(client, film):
    Rendition.objects.all().delete()
    assert "VideoObject" not in client.get(LESSON).content.decode()


def test_a_classroom_and_a_series_are_courses_with_their_lessons(client, shelves):
    for page in (ClassroomPage.objects.get(slug="science"), CoursePage.objects.get(slug="money")):
        found = marks(client, page.url)
        assert (found["@type"], found["name"]) == ("Course", page.title)
        assert [part["url"] for part in found["hasPart"]] == [
            SITE + lesson.url for lesson in page.lessons_in_order()
        ]


@pytest.mark.parametrize("evil", ["</script><script>alert(1)</script>", '"><img src=x>', "a&lt;b"])
def test_nothing_an_editor_writes_ends_the_marks_or_the_head(client, film, evil):
    LessonPage.objects.filter(slug="scan-to-pay").update(title=evil)
    answer = client.get(LESSON)
    html = answer.content.decode()
    assert marks(client, LESSON)["name"] == evil
    assert "<script>alert" not in html
    assert "<img src=x>" not in html
    assert "unsafe" not in answer["Content-Security-Policy"]


# --- Found --------------------------------------------------------------------------------------


def sitemap(client) -> list[str]:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return [
        each.text or "" for each in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]


def test_the_sitemap_has_every_open_page_once_and_no_practice(client, shelves):
    found = sitemap(client)
    assert len(found) == len(set(found))
    assert {SITE + "/", SITE + "/science/", SITE + LESSON} <= set(found)
    assert SITE + CoursePage.objects.get(slug="money").url in found
    assert not [each for each in found if each.endswith("/practice/")]


def test_what_is_hidden_or_closed_is_in_neither_sitemap_nor_feed(client):
    LessonPage.objects.get(slug="qr-inside").unpublish()
    closed = LessonPage.objects.get(slug="bus-code")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    found = " ".join(sitemap(client)) + client.get("/lessons.xml").content.decode()
    assert "qr-inside" not in found
    assert "bus-code" not in found


def test_robots_are_shown_the_sitemap_and_kept_from_who_works_here(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert {"Disallow: /admin/", "Disallow: /work/", "Disallow: /my/"} <= set(lines)
    assert not [line for line in lines if line in {"Disallow: /", "Disallow: /science/"}]


def test_the_feed_has_the_newest_lessons_first_by_whole_addresses(client):
    answer = client.get("/lessons.xml")
    assert answer["Content-Type"].startswith("application/rss+xml")
    items = ElementTree.fromstring(answer.content).findall("./channel/item")
    newest = LessonPage.objects.live().order_by("-first_published_at", "-pk")[:20]
    assert [item.findtext("link") for item in items] == [SITE + each.url for each in newest]
    assert items[0].findtext("description") == f"学会：{newest[0].goal}"
    assert 'href="/lessons.xml"' in client.get("/").content.decode()


def test_a_lesson_that_is_renamed_is_not_told_of_twice(client):
    def guids():
        tree = ElementTree.fromstring(client.get("/lessons.xml").content)
        return {item.findtext("guid") for item in tree.findall("./channel/item")}

    before = guids()
    lesson = LessonPage.objects.live().order_by("-first_published_at", "-pk")[0]
    lesson.title, lesson.slug = "新的题目", "another"
    lesson.save_revision().publish()
    assert guids() == before


@pytest.mark.parametrize("address", ["/lessons.xml", "/sitemap.xml"])
def test_who_has_it_already_is_not_sent_it_again(client, address):
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age=3600" in first["Cache-Control"]
