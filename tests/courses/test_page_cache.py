"""Whole pages are kept for visitors of whom nothing is known, and forgotten when they change."""

import re
import time
from itertools import product

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from courses.models import ClassroomPage, LessonPage
from courses.page_cache import FEW, PRESSED, WINDOW_SECONDS, forget_pages
from courses.progress.models import LearnerRecord
from media.choices import StageState
from media.models import Rendition, Stage, Video
from subtitles.models import Track
from tests.architecture.house import our_files

LESSON = "/science/qr-inside/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]


@pytest.fixture
def visitor(settings):
    """A browser that has never been here; pages are kept. The memory of one process will do."""
    settings.KEEPS_PAGES = True
    caches["pages"].clear()
    return Client()


def queries(client, address) -> int:
    """How many it takes to answer."""
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


@pytest.mark.parametrize("address", ["/", "/science/", "/science/?p=2", LESSON])
def test_a_second_visitor_gets_the_kept_page_without_a_query(visitor, address):
    first = visitor.get(address)
    assert queries(Client(), address) == 0
    again = Client().get(address)
    assert again.content == first.content
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_a_kept_lesson_is_where_the_visitor_goes_on(visitor):
    visitor.get(LESSON)
    other = Client()
    other.get(LESSON)
    assert "接着学" in other.get("/").content.decode()


def test_who_was_answered_from_the_cache_begins_a_record_by_answering_a_quiz(visitor):
    visitor.get(LESSON)
    other = Client()
    assert queries(other, LESSON) == 0
    other.get(LESSON + "?answer=0")
    assert LearnerRecord.objects.count() == 1
    assert "题答过了" in other.get(LESSON).content.decode()
    assert "题答过了" not in Client().get(LESSON).content.decode()


def test_each_look_is_kept_apart(visitor):
    visitor.get(LESSON)
    other = Client()
    other.cookies["display"] = "elder:largest:dark:off:1:zh-hans"
    assert 'data-theme="dark"' in other.get(LESSON).content.decode()
    assert 'data-theme="light"' in Client().get(LESSON).content.decode()


def change_title():
    page = LessonPage.objects.get(slug="qr-inside")
    page.title = "新的题目"
    page.save_revision().publish()


def take_away():
    LessonPage.objects.get(slug="qr-inside").unpublish()


def close():
    page = LessonPage.objects.get(slug="qr-inside")
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def delete():
    LessonPage.objects.get(slug="qr-inside").delete()


@pytest.mark.parametrize(
    ("change", "address"),
    [*product([change_title, take_away, delete], ["/science/", LESSON]), (close, LESSON)],
)
def test_what_an_editor_changes_is_seen_at_once(visitor, change, address):
    before = visitor.get(address).content
    change()
    assert Client().get(address).content != before


@pytest.fixture
def clock():
    """Stands still, at the beginning of a window in which what is made is seen."""
    begun = time.time() // WINDOW_SECONDS * WINDOW_SECONDS + WINDOW_SECONDS
    with time_machine.travel(begun, tick=False) as clock:
        yield clock


def test_new_subtitles_are_seen_at_once(visitor, clock):
    video = Video.objects.create(title="片", original="x.mp4")
    LessonPage.objects.filter(slug="qr-inside").update(video=video)
    forget_pages()
    clock.shift(2 * WINDOW_SECONDS)
    visitor.get(LESSON)
    assert queries(Client(), LESSON) == 0
    Track.objects.create(video=video, language=video.spoken_language, engine="x", model="x")
    assert queries(Client(), LESSON) > 0


def made_anew(changes: int, *, every: float, clock, address="/") -> int:
    """How often a page was, that is asked for after each of so many changes of films."""
    video = Video.objects.create(title="片")
    answers = []
    for _ in range(changes):
        clock.shift(every)
        video.save()
        answers.append(queries(Client(), address) > 0)
    return sum(answers)


def test_film_after_film_makes_a_page_anew_once_in_a_window(visitor, clock):
    visitor.get("/")
    clock.shift(2 * WINDOW_SECONDS)
    visitor.get("/")
    windows = 4
    assert made_anew(WINDOW_SECONDS * windows, every=1, clock=clock) == windows + 1


def test_the_last_of_many_changes_is_seen_when_the_window_ends(visitor, clock):
    lesson = LessonPage.objects.get(slug="qr-inside")
    video = Video.objects.create(title="片", original="x.mp4")
    LessonPage.objects.filter(pk=lesson.pk).update(video=video)
    made_anew(3, every=1, clock=clock, address=LESSON)
    assert "1080p.mp4" not in visitor.get(LESSON).content.decode()
    Rendition.objects.create(
        video=video, name="1080p", file="videos/1080p.mp4", width=1920, height=1080, size_bytes=1
    )
    clock.shift(WINDOW_SECONDS)
    assert "1080p.mp4" in Client().get(LESSON).content.decode()
    assert queries(Client(), LESSON) == 0


def test_an_editors_change_is_seen_at_once_beside_what_is_made(visitor, clock):
    made_anew(3, every=1, clock=clock, address=LESSON)
    change_title()
    assert "新的题目" in Client().get(LESSON).content.decode()


@pytest.mark.parametrize(
    ("state", "is_kept"),
    [
        (StageState.QUEUED, False),
        (StageState.DONE, True),
        (StageState.SKIPPED, True),
        (StageState.FAILED, True),
    ],
)
def test_a_lesson_is_kept_once_the_work_on_its_film_has_ended(visitor, state, is_kept):
    video = Video.objects.create(title="片", original="x.mp4")
    Stage.objects.create(video=video, kind="renditions", state=StageState.DONE)
    Stage.objects.create(video=video, kind="transcript", state=state, message="没有声音。")
    LessonPage.objects.filter(slug="qr-inside").update(video=video)
    forget_pages()
    visitor.get(LESSON)
    assert (queries(Client(), LESSON) == 0) == is_kept


def test_home_greets_who_has_been_here_and_nobody_else(visitor):
    visitor.get(LESSON)
    assert "接着学" in visitor.get("/").content.decode()
    assert "接着学" not in Client().get("/").content.decode()
    assert "接着学" in visitor.get("/").content.decode()


def test_a_page_for_who_is_signed_in_is_neither_kept_nor_taken_from_what_was(visitor, admin_client):
    page = ClassroomPage.objects.get(slug="science")
    assert admin_client.get(page.url).status_code == 200
    assert queries(visitor, page.url) > 0
    assert queries(visitor, page.url) == 0
    assert queries(admin_client, page.url) > 0


@pytest.mark.parametrize(
    "address",
    [LESSON + "?answer=0", "/science/?p=1234567", "/anti-fraud/drill/", "/stories/tell/"],
)
def test_what_is_not_the_same_twice_is_not_kept(visitor, address):
    visitor.get(address)
    assert queries(Client(), address) > 0


@pytest.mark.parametrize(
    "added",
    [
        "from=singlemessage&isappinstalled=0",
        "utm_source=x&utm_medium=%E4%BA%BA",
        "a=%00b",
    ],
)
def test_what_others_add_to_an_address_means_nothing(visitor, added):
    plain = visitor.get("/science/?p=2").content
    assert queries(Client(), f"/science/?{added}&p=2") == 0
    forget_pages()
    assert visitor.get(f"/science/?{added}&p=2").content == plain  # nor is it in any link
    assert queries(Client(), "/science/?p=2") == 0


def test_cookies_of_others_mean_nothing(visitor):
    visitor.get(LESSON)
    other = Client()
    for name in ("_ga", "Hm_lvt_1", "csrftoken", "learner", "pairing"):
        other.cookies[name] = "x"
    assert queries(other, LESSON) == 0
    other.cookies["television"] = "x"
    assert queries(other, LESSON) > 0


def test_another_address_reads_its_own_parameters(visitor):
    assert "挂号" in visitor.get("/search/?q=挂号&go=1").content.decode()


def test_every_parameter_that_a_page_reads_is_named(checkout):
    """One that is not would be dropped from the addresses of pages."""
    files = [*(checkout / "courses/models").glob("*.py"), checkout / "courses/drill.py"]
    text = "".join(each.read_text() for each in [*files, checkout / "courses/practice/play.py"])
    read = set(re.findall(r'(?:\bGET|\basked)(?:\.get\(|\[)"(\w+)"', text))
    assert read <= PRESSED | FEW.keys()
    assert read >= PRESSED


def test_every_cookie_is_said_to_change_pages_or_not(checkout):
    """Who sets another one says here whether what Wagtail's pages show depends on it."""
    text = [
        path
        for package in ("lms", "courses", "media", "subtitles")
        for path in our_files(checkout / package, "*.py")
        if re.search(r"\.set_(?:signed_)?cookie\(", path.read_text())
    ]
    changes_no_page = {  # alerts are put in around what is kept
        "attendance/views/here.py", "attendance/api.py", "alerts/views/screens.py",
        "evaluation/views/faces.py",
    }  # fmt: skip
    changes_pages = {
        "tv/views/televisions.py", "accounts/display.py", "helpline/my_village.py",
        "courses/last_lesson.py", "courses/progress/screen.py",
    }  # fmt: skip
    found = {str(path.relative_to(checkout)).removeprefix("lms/") for path in text}
    assert found == changes_no_page | changes_pages
