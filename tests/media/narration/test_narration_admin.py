"""Narrations in the admin: what an editor sees and may do, and who may not."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.starter.loading import let_editors_work_on_videos
from media.choices import StageState
from media.models import Narration
from tests.media.narration.narrations import narrated

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def narration():
    return narrated()


@pytest.fixture
def people(client, django_user_model):
    """Signs in somebody of the cast; None is nobody."""
    Group.objects.get_or_create(name="课程编辑")
    let_editors_work_on_videos()

    def sign_in(who):
        if who is None:
            return client
        user = django_user_model.objects.create_user(who)
        if who == "editor":
            user.groups.add(Group.objects.get(name="课程编辑"))
        client.force_login(user)
        return client

    return sign_in


def sound(name="老师.mp3", content=b"sound"):
    return SimpleUploadedFile(name, content, content_type="audio/mpeg")


def test_an_editor_sees_how_each_narration_stands(people, narration):
    narration.stages.update(state=StageState.FAILED, message="没有安装朗读程序。")
    client = people("editor")
    assert "没有成功" in client.get("/admin/narrations/").content.decode()
    page = client.get(f"/admin/narrations/inspect/{narration.pk}/").content.decode()
    for words in ("没有安装朗读程序。", "先挂断。", "重新朗读", "上传自己的录音"):
        assert words in page


def test_an_editor_uploads_a_recording_of_his_own(people, narration):
    client = people("editor")
    narration.stages.update(state=StageState.DONE)
    answer = client.post(f"/admin/narrations/edit/{narration.pk}/", {"recording": sound()})
    assert answer.url == f"/admin/narrations/inspect/{narration.pk}/"
    narration = Narration.objects.get()
    assert narration.recording_name == "老师.mp3"
    assert narration.own_recording
    assert narration.stages.get().state == StageState.QUEUED
    page = client.get(answer.url).content.decode()
    assert "改由机器朗读" in page
    client.post(f"/admin/narrations/again/{narration.pk}/", {"by_machine": ""})
    assert not Narration.objects.get().recording


@pytest.mark.parametrize("content", [b"", b"x" * (2**20 + 1)])
def test_an_empty_or_huge_recording_is_refused(people, narration, settings, content):
    settings.RECORDING_MAX_UPLOAD_MIB = 1
    client = people("editor")
    upload = {"recording": sound(content=content)}
    assert client.post(f"/admin/narrations/edit/{narration.pk}/", upload).status_code == 200
    assert not Narration.objects.get().recording


def test_making_it_again_wants_a_post(people, narration):
    client = people("editor")
    assert client.get(f"/admin/narrations/again/{narration.pk}/").status_code == 405


ADMIN = ["/admin/narrations/", "/admin/narrations/inspect/{}/", "/admin/narrations/edit/{}/"]


@pytest.mark.parametrize(
    ("who", "url", "outcome"),
    [
        *(("editor", url, 200) for url in ADMIN),
        *((who, url, 302) for who in ("stranger", None) for url in ADMIN),
        ("editor", "/admin/narrations/new/", 302),
        ("editor", "/admin/narrations/delete/{}/", 302),
        (None, "/subtitles/narration/{}.vtt", 200),
        (None, "/subtitles/narration/999999.vtt", 404),
    ],
)
def test_who_may_see_what(people, narration, who, url, outcome):
    give_a_sound(narration)
    assert people(who).get(url.format(narration.pk)).status_code == outcome


@pytest.mark.parametrize(("who", "outcome"), [(None, 404), ("stranger", 404), ("editor", 200)])
def test_what_is_not_published_is_read_to_editors_only(people, narration, who, outcome):
    give_a_sound(narration)
    narration.page.live = False
    narration.page.save()
    track = people(who).get(f"/subtitles/narration/{narration.pk}.vtt")
    assert track.status_code == outcome


def give_a_sound(narration):
    from media.narration.narrators import SentenceSpan
    from media.narration.services import publish_narration

    publish_narration(
        narration,
        text_digest=narration.text_digest,
        audio=ContentFile(b"sound"),
        name="a.m4a",
        spans=[SentenceSpan(300, 1500), SentenceSpan(2000, 4000)],
        duration_ms=4500,
        voice="espeak-ng",
    )


def test_the_track_holds_each_sentence_and_its_time(people, narration, tmp_path):
    import webvtt

    give_a_sound(narration)
    answer = people(None).get(f"/subtitles/narration/{narration.pk}.vtt")
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    path = tmp_path / "track.vtt"
    path.write_bytes(answer.content)
    cues = [(cue.start, cue.end, cue.text) for cue in webvtt.read(path)]
    assert cues == [
        ("00:00:00.300", "00:00:01.500", "先挂断。"),
        ("00:00:02.000", "00:00:04.000", "再打幺幺零。"),
    ]
