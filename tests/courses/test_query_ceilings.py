"""A ceiling of queries for each kind of page that everybody may open, made anew."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import LessonPage
from media.models import Rendition, Video
from subtitles.models import Track, TrackCue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

#: How many a page may take that is made for a stranger.
CEILINGS = {
    "/": 22,
    "/science/": 20,
    "/science/?p=2": 18,
    "/science/qr-inside/": 11,  # with a film and its subtitles
    "/smart-tech/scan-to-pay/": 7,
    "/smart-tech/scan-to-pay/practice/": 14,
    "/anti-fraud/drill/": 10,
    "/teachers/": 13,
    "/teachers/lin-huizhen/": 23,
    "/stories/": 10,
    "/stories/video-call/": 9,
    "/stories/tell/": 11,
    "/my/": 5,
    "/my/enter/": 0,
    "/search/": 0,
    "/help/": 0,
    "/display/": 0,
}


@pytest.fixture(autouse=True)
def with_a_film(shelves):
    video = Video.objects.create(title="片", original="x.mp4", duration_ms=60_000)
    Rendition.objects.create(
        video=video, name="360p", file="x.mp4", width=640, height=360, size_bytes=1
    )
    track = Track.objects.create(video=video, language=video.spoken_language, engine="x", model="x")
    TrackCue.objects.create(track=track, start_ms=0, end_ms=2000, text="您好。", chapter="开头")
    LessonPage.objects.filter(slug="qr-inside").update(video=video)


@pytest.mark.parametrize(("address", "ceiling"), CEILINGS.items())
def test_a_page_takes_no_more_queries_than_this(address, ceiling):
    Client().get(address)  # what is read once for all pages
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(address)
    assert answer.status_code == 200
    asked = "\n".join(re.sub(r"^SELECT .*? FROM", "FROM", each["sql"])[:240] for each in captured)
    assert len(captured) <= ceiling, f"{len(captured)} queries:\n{asked}"
