"""A screen in a lobby: it plays by itself, and goes on without a network with what it has."""

import json

import pytest
from playwright.sync_api import expect

from courses.starter.loading import STARTER_DIR
from tests.journeys.television import TELEVISION
from tests.media.films import X264, make_film, pattern

pytestmark = [pytest.mark.browser, pytest.mark.once]

#: Run inside the site: a list of films that are ready to be watched, or of a lesson.
MAKE_LIST = """
from datetime import time
from pathlib import Path
from django.core.files.base import ContentFile
from courses.models import LessonPage
from lms.tv.models import Playlist, PlaylistItem, PlaylistTime
from media.models import Rendition, Video
wanted = {wanted}
playlist = Playlist.objects.create(title=wanted["slug"], slug=wanted["slug"])
for order, (title, film) in enumerate(wanted["films"]):
    video = Video.objects.create(title=title, original=ContentFile(b"-", name="x.mp4"))
    Rendition.objects.create(video=video, name="180p", width=320, height=180, size_bytes=1,
        file=ContentFile(Path(film).read_bytes(), name="film.mp4"))
    PlaylistItem.objects.create(playlist=playlist, video=video, sort_order=order)
    video.stages.create(kind="none", state="done")
if wanted["lesson"]:
    lesson = LessonPage.objects.get(slug=wanted["lesson"])
    PlaylistItem.objects.create(playlist=playlist, lesson=lesson)
if wanted["weekday"]:
    PlaylistTime.objects.create(playlist=playlist, weekday=wanted["weekday"],
        starts_at=time(0), ends_at=time(23, 59))
"""


@pytest.fixture
def make_list(live_site):
    def make_list(slug, *, films=(), lesson="", weekday=0):
        """Returns the address that the screen opens."""
        wanted = {"slug": slug, "films": films, "lesson": lesson, "weekday": weekday}
        live_site.manage("shell", "--no-imports", "-c", MAKE_LIST.format(wanted=repr(wanted)))
        return f"{live_site.url}/screen/{slug}/"

    return make_list


@pytest.fixture
def film(tmp_path):
    def film(title):
        """A title and a film of two seconds, as a browser plays it."""
        path = tmp_path / f"{title}.mp4"
        make_film(path, *pattern("320x180", rate=10, seconds=2), *X264, "-movflags", "+faststart")
        return title, str(path)

    return film


def expect_showing(page, title):
    expect(page.locator("[data-screen]")).to_have_attribute("data-item", title, timeout=20_000)


def test_it_goes_on_and_starts_again_without_a_network(television, make_list, film):
    television.goto(make_list("lobby", films=[film("第一段"), film("第二段")]))
    expect_showing(television, "第一段")
    expect_showing(television, "第二段")
    expect(television.locator("[data-kept='2']")).to_be_attached(timeout=20_000)
    television.context.set_offline(True)
    expect_showing(television, "第一段")
    assert television.evaluate("document.querySelector('video').src").startswith("blob:")
    television.reload()
    for title in ("第一段", "第二段", "第一段"):
        expect_showing(television, title)


def test_a_film_that_is_broken_is_passed_over(television, make_list, film, tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"not a film")
    broken = ("坏的", str(tmp_path / "broken.mp4"))
    television.goto(make_list("broken", films=[broken, film("好的")]))
    expect_showing(television, "好的")


def test_it_rests_outside_its_hours_whatever_its_own_clock_says(television, make_list, film):
    from datetime import UTC, datetime

    today = datetime.now(UTC).isoweekday()
    day_after_next = (today + 1) % 7 + 1
    address = make_list("closed", films=[film("宣传片")], weekday=day_after_next)
    television.clock.install(time=0)  # its own calendar says 1970
    television.goto(address)
    expect(television.locator("[data-rest]")).to_be_visible()
    television.clock.run_for(60_000)
    assert television.locator("[data-screen]").get_attribute("data-item") is None


def test_a_lesson_is_shown_slide_by_slide(television, make_list):
    [lesson] = [
        lesson
        for lesson in json.loads((STARTER_DIR / "curriculum.json").read_text())["lessons"]
        if lesson["slug"] == "scan-to-pay"
    ]
    address = make_list("lesson", lesson="scan-to-pay")
    television.clock.install()
    television.goto(address)
    words = television.locator("[data-words]")
    for said in [lesson["goal"], *lesson["steps"], lesson["fraud_line"]]:
        expect(words).to_have_text(said)
        television.clock.run_for(3000 + 330 * max(len(said), 12) + 100)


def test_without_script_the_films_can_be_chosen(browser, make_list, film):
    address = make_list("no-script", films=[film("宣传片")])
    context = browser.new_context(java_script_enabled=False, viewport=TELEVISION)
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".listing a")).to_have_text("宣传片")
    context.close()
