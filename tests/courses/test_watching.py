"""连着看: the films of a classroom or a series, one after another, and what a film's end offers."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import ClassroomPage, CoursePage, LessonPage
from courses.page_cache import forget_pages
from media.models import Rendition, Video

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

#: The series as the starter has it: the third and the last get no film here.
SERIES = ["weather-warning", "bus-code", "call-car", "scan-to-pay", "park-booking", "no-code-entry"]
FILMS = ["weather-warning", "bus-code", "scan-to-pay", "park-booking"]


def lesson(slug: str) -> LessonPage:
    return LessonPage.objects.get(slug=slug)


@pytest.fixture
def series(shelves) -> CoursePage:
    for slug in FILMS:
        video = Video.objects.create(title=slug, original="x.mp4")
        Rendition.objects.create(
            video=video, name="360p", file="x.mp4", width=640, height=360, size_bytes=1
        )
        LessonPage.objects.filter(slug=slug).update(video=video)
    return CoursePage.objects.get(slug="going-out")


def open_in(client, series, slug):
    return client.get(lesson(slug).url, {"list": series.pk})


def test_a_series_is_watched_in_its_order_past_lessons_without_a_film(client, series):
    start = client.get(series.url).context["watching"]
    assert [each.slug for each in start.lessons] == FILMS
    watched = [start.lesson.slug]
    while following := open_in(client, series, watched[-1]).context["watching"].next_lesson:
        watched.append(following.slug)
    assert watched == FILMS


def test_a_classroom_is_watched_too_and_one_film_alone_is_no_row(client, series):
    life = client.get(ClassroomPage.objects.get(slug="digital-life").url)
    assert [each.slug for each in life.context["watching"].lessons] == ["bus-code", "park-booking"]
    assert "连着看，一共2课" in life.content.decode()
    assert "连着看" not in client.get("/science/").content.decode()  # one film


def test_who_has_learnt_the_first_begins_with_the_second(client, series):
    first = lesson(FILMS[0])
    client.get(first.url)
    client.post(reverse("my:read", args=[first.pk]))
    client.get(first.url, {"answer": "0"})
    page = client.get(series.url).content.decode()  # a kept page has no context of its own
    [door] = re.findall(r'watch-on" href="([^"]+)"', page)
    assert door == f"{lesson(FILMS[1]).url}?list={series.pk}"


def test_the_way_back_leads_to_the_series_and_its_screen(client, series):
    page = open_in(client, series, "park-booking").content.decode()
    assert f'href="{series.url}?p=2" data-back' in page
    assert (
        f'href="{lesson("park-booking").get_parent().url}?p=2" data-back'
        in client.get(lesson("park-booking").url).content.decode()
    )


def test_without_a_script_a_plain_link_leads_to_the_next_film(client, series):
    page = open_in(client, series, "bus-code").content.decode()
    way_on = f'<a class="button button--main" href="{lesson("scan-to-pay").url}?list={series.pk}"'
    assert f'<noscript><p class="player__on">{way_on}' in page


def test_the_end_of_a_film_offers_three_things(client, series):
    alone = client.get(lesson("bus-code").url).content.decode()
    end = alone.partition("data-film-end")[2].partition("</section>")[0]
    assert f'href="{lesson("call-car").url}"' in end  # the next lesson, film or not
    assert "data-watch-again" in end
    assert 'href="/digital-life/bus-code/practice/"' in end
    assert "data-stop" not in end  # nothing moves on by itself here


def test_only_in_a_row_there_is_a_clock_and_after_its_last_film_none(client, series):
    assert "data-stop" in open_in(client, series, "bus-code").content.decode()
    last = open_in(client, series, "park-booking").content.decode()
    assert "data-stop" not in last
    assert f"“{series.title}”都看完了" in last


def test_who_has_no_practice_is_led_to_the_question(client, series):
    video = Video.objects.get(title="bus-code")
    LessonPage.objects.filter(slug="phone-bill").update(video=video)
    end = client.get(lesson("phone-bill").url).content.decode().partition("data-film-end")[2]
    assert 'href="#quiz" data-goto="quiz" data-name="film-practice"' in end


@pytest.mark.parametrize("named", ["", "x", "0", "99999999999", "１"])
def test_an_address_that_names_no_row_shows_the_lesson_alone(client, series, named):
    page = client.get(lesson("bus-code").url, {"list": named})
    assert page.status_code == 200
    assert page.context["watching"] is None


def test_a_lesson_that_is_not_in_the_row_and_a_closed_row_show_the_lesson_alone(client, series):
    assert open_in(client, series, "wake-and-back").context["watching"] is None
    assert open_in(client, lesson("bus-code"), "bus-code").context["watching"] is None
    series.unpublish()
    assert open_in(client, series, "bus-code").context["watching"] is None


def queries(address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        Client().get(address)
    return len(captured)


def test_a_lesson_of_a_row_is_kept_for_everybody_but_not_under_invented_numbers(series, settings):
    settings.KEEPS_PAGES = True
    forget_pages()
    address = lesson("bus-code").url
    for row, is_kept in ((series.pk, True), (series.pk + 1000, False), (1, False)):
        Client().get(f"{address}?list={row}")
        assert (queries(f"{address}?list={row}") == 0) == is_kept
    Client().get(f"/science/?list={series.pk}")
    assert queries(f"/science/?list={series.pk}") > 0
