"""Who may sit at the desk, and what its addresses answer."""

import json

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.starter.loading import let_editors_work_on_videos
from media.choices import StageState
from media.models import Stage, Video
from subtitles.cues import UNHEARD, Cue
from subtitles.models import HotWord, SpeechHints
from subtitles.recognition.machine import default_options
from subtitles.tracks.publishing import publish_machine_track

pytestmark = pytest.mark.django_db

CUES = [Cue(400, 2_400, ("大家好。",), 0.9), Cue(2_500, 4_500, ("今天学反炸骗。",), 0.9)]


@pytest.fixture
def track():
    video = Video.objects.create(title="手机课堂", original="originals/a.mp4", duration_ms=9_000)
    return publish_machine_track(video, options=default_options(), cues=CUES)


@pytest.fixture
def editor(django_user_model):
    Group.objects.get_or_create(name="课程编辑")
    let_editors_work_on_videos()
    user = django_user_model.objects.create_user("lin", last_name="林", first_name="小编")
    user.groups.add(Group.objects.get(name="课程编辑"))
    return user


@pytest.fixture
def admin(django_user_model):
    return django_user_model.objects.create_superuser("admin")


@pytest.fixture
def stranger(django_user_model):
    return django_user_model.objects.create_user("wang")


def post(client, track, name, **body):
    return client.post(
        f"/admin/tracks/desk/{track.pk}/{name}/", body, content_type="application/json"
    )


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("get", "", 200),
        ("get", "versions/", 200),
        ("get", "versions/1/", 200),
        ("get", "versions/9/", 404),
        ("post", "change/", 400),
        ("post", "news/", 400),
        ("post", "sign/", 400),
        ("post", "seen/", 400),
        ("post", "word/", 400),
        ("post", "import/", 400),
        ("post", "finish/", 200),
        ("post", "versions/1/adopt/", 302),
        ("post", "listen-again/", 302),
        ("get", "change/", 405),
        ("get", "finish/", 405),
        ("post", "", 405),
    ],
)
def test_editors_sit_at_the_desk_and_nobody_else(
    client, track, admin, stranger, method, path, allowed
):
    url = f"/admin/tracks/desk/{track.pk}/{path}"
    edit = track.edit
    for person in (None, stranger):
        if person:
            client.force_login(person)
        answer = getattr(client, method)(url)
        if answer.status_code != 405:  # the method alone says nothing of the track
            assert answer.status_code == 302
            assert not answer.url.startswith("/admin/tracks")
    track.refresh_from_db()
    assert track.edit == edit
    client.force_login(admin)
    assert getattr(client, method)(url).status_code == allowed
    assert client.get("/admin/tracks/desk/999999/").status_code == 404


def test_what_was_not_heard_is_told_on_the_videos_page_and_in_the_list(
    client, track, admin, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "originals").mkdir()
    (tmp_path / track.video.original.name).write_bytes(b"a film")
    client.force_login(admin)
    pages = [f"/admin/videos/inspect/{track.video.pk}/", f"/admin/tracks/inspect/{track.pk}/"]
    for page in pages:
        assert "没听清" not in client.get(page).content.decode()
    assert client.get("/admin/tracks/").context["object_list"][0].hole_count == 0
    for start_ms, end_ms in [(5_000, 9_000), (10_000, 15_000)]:
        track.cues.create(start_ms=start_ms, end_ms=end_ms, text=UNHEARD, problems=["unheard"])
    for page in pages:
        assert "有2处没听清，共9秒" in client.get(page).content.decode()
    assert f"/admin/tracks/desk/{track.pk}/#hole" in client.get(pages[0]).content.decode()
    [listed] = client.get("/admin/tracks/").context["object_list"]
    assert (listed.cue_count, listed.hole_count) == (4, 2)

    row = track.cues.last()
    told = post(client, track, "sign", id=row.pk, base=0, what="rules").json()
    assert "unheard" in told["cues"][0]["waived"]
    assert "有1处没听清，共4秒" in client.get(pages[0]).content.decode()


def test_what_was_listened_to_is_kept_and_told_to_the_others(client, track, admin):
    client.force_login(admin)
    row = track.cues.first()
    assert post(client, track, "news", since=track.edit).json()["seen"] == []
    post(client, track, "seen", cues=[row.pk])
    assert post(client, track, "news", since=track.edit).json()["seen"] == [row.pk]
    assert track.cues.get(pk=row.pk).seen_by == admin


def test_an_editor_may_review_and_keep_the_words(client, track, editor):
    if not editor.has_perm("wagtailadmin.access_admin"):
        pytest.skip("Wagtail's groups come with its migrations, which this run leaves out")
    client.force_login(editor)
    assert client.get(f"/admin/tracks/desk/{track.pk}/").status_code == 200
    assert client.get("/admin/snippets/subtitles/hotword/").status_code == 200
    assert client.get("/admin/settings/subtitles/speechhints/", follow=True).status_code == 200


def test_a_change_answers_with_its_problems_and_the_word_that_it_offers(client, track, admin):
    client.force_login(admin)
    row = track.cues.last()
    edit = {"id": row.pk, "base": 0, "start": 2500, "end": 3000, "text": "今天学防诈骗。"}
    HotWord.objects.all().delete()
    told = post(client, track, "change", edits=[edit]).json()
    [cue] = told["cues"]
    assert {"too_fast", "too_short"} <= set(cue["problems"])
    assert cue["offer"] == {"heard": "反炸骗", "word": "防诈骗"}
    assert post(client, track, "word", **cue["offer"]).json() == {"word": "防诈骗"}
    assert HotWord.objects.get().heard == "反炸骗"
    again = post(client, track, "word", **cue["offer"])
    assert again.status_code == 422


def test_whoever_was_slower_is_told_and_news_bring_what_others_did(client, track, admin, editor):
    client.force_login(admin)
    row = track.cues.first()
    edit = {"id": row.pk, "base": 0, "start": 400, "end": 2400, "text": "您好。"}
    seen = track.edit
    assert post(client, track, "change", edits=[edit]).status_code == 200
    late = post(client, track, "change", edits=[{**edit, "text": "你好。"}])
    assert late.status_code == 409
    assert late.json()["conflicts"][str(row.pk)]["text"] == "您好。"
    news = post(client, track, "news", since=seen, cue=None).json()
    assert [cue["text"] for cue in news["cues"]] == ["您好。"]
    assert news["ids"] == [cue.pk for cue in track.cues.all()]
    assert "cues" not in post(client, track, "news", since=news["edit"], cue=row.pk).json()


def test_a_refused_change_says_which_cue(client, track, admin):
    client.force_login(admin)
    row = track.cues.first()
    answer = post(
        client,
        track,
        "change",
        edits=[{"id": row.pk, "base": 0, "start": 5, "end": 5, "text": "好"}],
    )
    assert (answer.status_code, list(answer.json()["refused"])) == (422, [str(row.pk)])


def test_a_file_takes_the_place_of_all_cues_and_what_stood_is_kept(client, track, admin):
    client.force_login(admin)
    good = SimpleUploadedFile(
        "课.srt", "1\n00:00:01,000 --> 00:00:03,000\n大家好。\n".encode("gbk")
    )
    answer = client.post(f"/admin/tracks/desk/{track.pk}/import/", {"file": good})
    assert answer.json() == {"count": 1, "mended": ""}
    assert [row.text for row in track.cues.all()] == ["大家好。"]
    late = SimpleUploadedFile("课.srt", "1\n00:00:10,000 --> 00:00:13,000\n大家好。\n".encode())
    answer = client.post(f"/admin/tracks/desk/{track.pk}/import/", {"file": late})
    assert answer.status_code == 422
    assert "已经放完了" in answer.json()["faults"][0]
    page = client.get(f"/admin/tracks/desk/{track.pk}/versions/1/").content.decode()
    assert "今天学反炸骗。" in page
    assert "faster-whisper" in page


def test_what_a_machine_heard_beside_a_persons_work_is_offered_at_the_desk(client, track, admin):
    client.force_login(admin)
    Stage.objects.create(video=track.video, kind="transcript", state=StageState.DONE)
    row = track.cues.first()
    edit = {"id": row.pk, "base": 0, "start": 400, "end": 2400, "text": "您好。"}
    post(client, track, "change", edits=[edit])
    client.post(f"/admin/tracks/desk/{track.pk}/listen-again/")
    assert Stage.objects.get().state == StageState.QUEUED
    publish_machine_track(track.video, options=default_options(), cues=CUES[:1])
    page = client.get(f"/admin/tracks/desk/{track.pk}/").content.decode()
    assert f"/admin/tracks/desk/{track.pk}/versions/2/" in page
    client.post(f"/admin/tracks/desk/{track.pk}/versions/2/adopt/")
    assert [row.text for row in track.cues.all()] == ["大家好。"]


def test_the_desk_gets_every_rule_from_the_one_place(client, track, admin):
    client.force_login(admin)
    page = client.get(f"/admin/tracks/desk/{track.pk}/")
    start = json.loads(
        page.content.decode()
        .split('id="desk-start" type="application/json">')[1]
        .split("</script>")[0]
    )
    assert (start["rules"]["lineWidth"], start["rules"]["refused"]) == (14, 9.0)
    assert start["rules"]["reasons"]["rather_fast"]["rule"] is False
    assert len(start["cues"]) == 2


def test_a_track_is_edited_at_the_desk_alone(client, track, admin):
    client.force_login(admin)
    for answer in (
        client.get(f"/admin/tracks/edit/{track.pk}/"),
        client.post(f"/admin/tracks/edit/{track.pk}/", {"state": "reviewed"}),
    ):
        assert (answer.status_code, answer.url) == (302, f"/admin/tracks/desk/{track.pk}/")


def test_the_list_of_words_offers_what_is_corrected_often(client, track, admin):
    HotWord.objects.all().delete()
    client.force_login(admin)
    track.cues.update(heard="今天学反炸骗。", text="今天学防诈骗。")
    page = client.get("/admin/snippets/subtitles/hotword/").content.decode()
    assert "机器听成“反炸骗”，改过2次" in page
    form = client.get("/admin/snippets/subtitles/hotword/add/?word=防诈骗&heard=反炸骗")
    assert 'value="防诈骗"' in form.content.decode()
    client.post("/admin/snippets/subtitles/hotword/add/", {"word": "防诈骗", "heard": "反炸骗"})
    assert HotWord.objects.get().word == "防诈骗"
    refused = client.post("/admin/snippets/subtitles/hotword/add/", {"word": "好", "heard": ""})
    assert "两个字以上" in refused.content.decode()


def test_the_prompt_is_changed_on_its_settings_page(client, admin):
    client.force_login(admin)
    url = client.get("/admin/settings/subtitles/speechhints/", follow=True).redirect_chain[-1][0]
    client.post(url, {"prompt": "今天我们学挂号。", "way": "prompt"})
    assert SpeechHints.load().prompt == "今天我们学挂号。"
