"""A manual's own film, as elders watch it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.manuals.editor.services import writing
from lms.manuals.models import ManualVideo
from media.models import Rendition, Video
from subtitles.choices import TrackState
from subtitles.models import Track, TrackCue

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(cast):
    video = Video.objects.create(title="怎么接电话", original="a.mp4", duration_ms=40_000)
    Rendition.objects.create(
        video=video, name="360p", file="a.mp4", width=640, height=360, size_bytes=1
    )
    return ManualVideo.objects.create(organisation=cast.organisation, video=video)


def test_it_plays_with_its_subtitles_and_leads_back_to_the_manual(
    client, cast, make_manual, publish, film
):
    manual = make_manual()
    track = Track.objects.create(
        video=film.video,
        language="zh",
        state=TrackState.REVIEWED,
        reviewed_by=cast.reviewer,
        reviewed_at=timezone.now(),
    )
    TrackCue.objects.create(track=track, start_ms=0, end_ms=2_000, text="按绿色的键。")
    writing.change_version(manual.open_version(), video=film)
    publish(manual)
    address = reverse("manuals:video", args=[manual.short_code])
    front = client.get(manual.get_short_url(), follow=True).content.decode()
    assert f'href="{address}"' in front
    page = client.get(address)
    assert page.status_code == 200
    words = page.content.decode()
    assert "data-player" in words
    assert track.get_absolute_url() in words
    assert "data-seen-url" not in words  # nobody's progress is that of a manual
    assert f'href="{manual.get_short_url()}"' in words
