"""The subtitles of a maker's own video: brought as a file, corrected line by line, vouched for."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lms.manuals.editor.services import writing
from lms.manuals.models import ManualVideo
from media.models import Video
from subtitles.choices import TrackState
from subtitles.cues import UNHEARD
from subtitles.models import Track, TrackCue
from tests.units.unit_pages import text_of

SRT = """1
00:00:01,000 --> 00:00:03,000
先按绿色的键。

2
00:00:04,000 --> 00:00:06,000
再放到耳边。
"""


@pytest.fixture
def film(cast, make_manual):
    """A draft's own video, of ten seconds."""
    manual = make_manual()
    video = Video.objects.create(
        title="接电话", original=ContentFile(b"film", "a.mp4"), duration_ms=10_000
    )
    brought = ManualVideo.objects.create(organisation=cast.organisation, video=video)
    writing.change_version(manual.open_version(), video=brought)
    video.address = reverse("workbench:subtitles", args=[manual.pk])
    return video


def bring(client, film, content=SRT, name="a.srt"):
    file = SimpleUploadedFile(name, content.encode())
    return client.post(film.address, {"do": "bring", "file": file}, follow=True)


def test_a_file_is_brought_corrected_and_vouched_for(as_, cast, film):
    client = as_("maker")
    assert "还没有字幕" in text_of(client.get(film.address))
    assert "字幕换好了" in text_of(bring(client, film))
    track = Track.objects.get(video=film)
    first, second = track.cues.order_by("start_ms")
    assert (first.text, track.state) == ("先按绿色的键。", TrackState.MACHINE)
    sent = {f"cue-{first.pk}": "先按绿色的大键。", f"cue-{second.pk}": "再放到耳边。"}
    answer = client.post(film.address, sent | {"edit": track.edit, "do": "vouch"}, follow=True)
    assert "您核对过" in text_of(answer)
    track.refresh_from_db()
    assert (track.state, track.reviewed_by) == (TrackState.REVIEWED, cast.maker)
    assert [cue.text for cue in track.cues.order_by("start_ms")] == [
        "先按绿色的大键。",
        "再放到耳边。",
    ]
    assert track.versions.exists()


def test_an_emptied_line_goes(as_, film):
    client = as_("maker")
    bring(client, film)
    track = Track.objects.get()
    first, second = track.cues.order_by("start_ms")
    sent = {f"cue-{first.pk}": "", f"cue-{second.pk}": second.text, "edit": track.edit}
    assert "改了1条" in text_of(client.post(film.address, sent | {"do": "save"}, follow=True))
    assert [cue.text for cue in track.cues.all()] == ["再放到耳边。"]


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [("先按绿色的键。", "a.srt", "没有字幕"), (SRT, "a.txt", "SRT"),
     (SRT.replace("00:00:06,000", "00:00:26,000"), "a.srt", "没有导入")],
)  # fmt: skip
def test_a_file_with_faults_is_refused_with_each_of_them(as_, film, content, name, why):
    client = as_("maker")
    bring(client, film)
    assert why in text_of(bring(client, film, content, name))
    assert Track.objects.get().cues.count() == 2
    assert "请先选" in text_of(client.post(film.address, {"do": "bring"}, follow=True))


def test_what_a_machine_did_not_understand_is_not_vouched_for(as_, film):
    client = as_("maker")
    bring(client, film)
    track = Track.objects.get()
    TrackCue.objects.create(
        track=track, start_ms=7000, end_ms=9000, text=UNHEARD, problems=["unheard"]
    )
    answer = client.post(film.address, {"do": "vouch", "edit": track.edit}, follow=True)
    assert "1处机器没有听清" in text_of(answer)
    track.refresh_from_db()
    assert track.state == TrackState.MACHINE


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(as_, film):
    client = as_("maker")
    bring(client, film)
    track = Track.objects.get()
    first = track.cues.order_by("start_ms")[0]
    old = {"edit": track.edit, "do": "save"}
    client.post(film.address, old | {f"cue-{first.pk}": "先按绿键。"})
    answer = client.post(film.address, old | {f"cue-{first.pk}": "先按大键。"}, follow=True)
    assert "同事刚改过" in text_of(answer)
    first.refresh_from_db()
    assert first.text == "先按绿键。"


def test_without_a_video_the_page_says_so(as_, make_manual):
    manual = make_manual()
    answer = as_("maker").get(reverse("workbench:subtitles", args=[manual.pk]))
    assert "还没有自己拍的视频" in text_of(answer)
