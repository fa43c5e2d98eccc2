"""Machine subtitles come and are renewed, and never replace a person's."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from media.models import Video
from subtitles.checks import check_engine_is_known
from subtitles.choices import TrackState
from subtitles.cues import Cue
from subtitles.models import Track, TrackCue
from subtitles.recognition.machine import default_options
from subtitles.tracks.publishing import publish_machine_track

pytestmark = pytest.mark.django_db

CUES = [
    Cue(start_ms=400, end_ms=2_000, lines=("大家好。",), probability=0.9),
    Cue(start_ms=2_100, end_ms=2_300, lines=("欢迎来到", "我们的手机课堂。"), probability=0.1),
]


@pytest.fixture
def video():
    return Video.objects.create(title="手机课堂", original="originals/a.mp4")


def publish(video, cues=CUES):
    return publish_machine_track(video, options=default_options(), cues=cues)


def test_cues_are_published_with_their_doubts_and_how_they_were_made(video):
    track = publish(video)
    assert [cue.as_cue() for cue in track.cues.all()] == CUES
    assert (track.engine, track.model) == ("faster-whisper", "bundled")
    sure, doubtful = track.cues.all()
    assert sure.problems == []
    assert {"too_fast", "too_short", "doubtful"} <= set(doubtful.problems)


def test_publishing_again_replaces_what_the_machine_made(video):
    publish(video)
    publish(video, CUES[:1])
    assert Track.objects.count() == 1
    assert TrackCue.objects.count() == 1


@pytest.mark.parametrize("touch", ["corrected", "reviewed"])
def test_a_machine_never_replaces_what_a_person_touched(video, touch, django_user_model):
    track = publish(video)
    if touch == "corrected":
        track.corrected_at = timezone.now()
    else:
        track.state = TrackState.REVIEWED
        track.reviewed_at = timezone.now()
        track.reviewed_by = django_user_model.objects.create_user("chen")
    track.save()
    assert publish(video, CUES[:1]) is None
    assert track.cues.count() == 2


def test_a_silent_video_gets_a_track_without_cues(video):
    assert publish(video, []).cues.count() == 0


def test_the_track_is_served_as_webvtt_with_its_mark(client, video):
    response = client.get(publish(video).get_absolute_url())
    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("WEBVTT")
    assert "机器字幕，未经核对" in text
    assert "00:00:02.100 --> 00:00:02.300\n欢迎来到\n我们的手机课堂。" in text


def test_a_track_is_sent_again_only_after_a_correction(client, video):
    track = publish(video)
    first = client.get(track.get_absolute_url())
    known = {"If-None-Match": first["ETag"]}
    assert first["Cache-Control"] == "no-cache"  # asked for each time, sent once
    again = client.get(track.get_absolute_url(), headers=known)
    assert (again.status_code, again.content) == (304, b"")
    track.cues.filter(start_ms=400).update(text="大家好！")
    assert client.get(track.get_absolute_url(), headers=known).status_code == 200


def test_a_reviewed_track_carries_no_mark(client, video, django_user_model):
    track = publish(video)
    Track.objects.update(
        state=TrackState.REVIEWED,
        reviewed_at=timezone.now(),
        reviewed_by=django_user_model.objects.create_user("chen"),
    )
    assert "机器字幕" not in client.get(track.get_absolute_url()).content.decode()


def test_the_track_is_served_as_subrip_and_in_no_other_format(client, video):
    track = publish(video)
    of_film = f"/subtitles/{video.key}/{track.pk}"
    assert "00:00:00,400 --> 00:00:02,000" in client.get(f"{of_film}.srt").content.decode()
    assert client.get(f"{of_film}.exe").status_code == 404
    assert client.get(f"/subtitles/{uuid4()}/{track.pk}.vtt").status_code == 404


@pytest.mark.parametrize(
    "values", [{"state": TrackState.REVIEWED}, {"state": "lost"}, {"reviewed_at": timezone.now()}]
)
def test_the_database_refuses_a_review_by_nobody(video, values):
    publish(video)
    with pytest.raises(IntegrityError), transaction.atomic():
        Track.objects.update(**values)


def test_a_deployer_hears_of_an_engine_that_is_not_there(settings):
    settings.SUBTITLE_ENGINE = "whisper.cpp"
    [error] = check_engine_is_known(None)
    assert "faster-whisper" in error.hint
