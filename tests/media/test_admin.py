"""Videos in the admin, as editors meet them, and who may have which file."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from courses.starter.loading import let_editors_work_on_videos
from media.choices import StageState
from media.ffmpeg.abilities import choose_ffmpeg
from media.models import Rendition, Video
from media.pipeline import publishing, services
from media.views import serve_media
from subtitles.models import Track

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def editor(django_user_model):
    let_editors_work_on_videos()
    user = django_user_model.objects.create_user("lin", last_name="林", first_name="小编")
    user.groups.add(Group.objects.get(name="课程编辑"))
    return user


@pytest.fixture
def stranger(django_user_model):
    return django_user_model.objects.create_user("wang")


@pytest.fixture
def video():
    return Video.objects.create(title="量血压", original=ContentFile(b"film", name="量 '血压'.mp4"))


def fail_probe(video, words):
    services.plan_stages()
    video.stages.filter(kind="probe").update(state=StageState.FAILED, message=words)
    services.fail_blocked_stages()


def html_of(client, video):
    """The video's own page."""
    return client.get(f"/admin/videos/inspect/{video.pk}/").content.decode()


def upload(client, name='../量 "血压" 😀.MP4', content=b"film", **fields):
    file = SimpleUploadedFile(name, content, content_type="video/mp4")
    data = {"title": "量血压", "original": file, "spoken_language": "zh", **fields}
    return client.post("/admin/videos/new/", data)


def test_an_editor_uploads_a_video_and_sees_its_status_page(client, editor):
    client.force_login(editor)
    response = upload(client)
    video = Video.objects.get()
    assert response.url == f"/admin/videos/inspect/{video.pk}/"
    assert video.uploaded_by == editor
    assert video.original.name.startswith("originals/")
    assert video.original.name.endswith(".mp4")
    page = client.get(response.url).content.decode()
    for label in ("检查文件", "转换画面", "取封面", "取出声音", "做字幕"):
        assert label in page


def test_the_name_that_the_file_had_is_kept_for_people_only(client, editor):
    client.force_login(editor)
    upload(client)
    video = Video.objects.get()
    assert "😀" in video.original_name
    assert "😀" not in video.original.name


def test_a_file_that_is_too_large_is_refused_in_words(client, editor, settings):
    settings.VIDEO_MAX_UPLOAD_MIB = 1
    client.force_login(editor)
    page = upload(client, content=b"x" * (2**20 + 1)).content.decode()
    assert "这个视频太大了" in page
    assert not Video.objects.exists()


def test_an_empty_file_is_refused(client, editor):
    client.force_login(editor)
    assert upload(client, content=b"").status_code == 200
    assert not Video.objects.exists()


def test_the_list_shows_a_bar_for_each_video(client, editor, video):
    client.force_login(editor)
    page = client.get("/admin/videos/").content.decode()
    assert f"/media/progress/{video.key}.json" in page
    assert "<progress" in page


def test_editing_changes_the_title_and_never_the_file(client, editor, video):
    client.force_login(editor)
    other = SimpleUploadedFile("b.mp4", b"another")
    client.post(
        f"/admin/videos/edit/{video.pk}/",
        {"title": "量血压（新）", "spoken_language": "yue", "original": other},
    )
    name = video.original.name
    video.refresh_from_db()
    assert (video.title, video.spoken_language, video.original.name) == (
        "量血压（新）",
        "yue",
        name,
    )


def test_from_the_page_of_a_video_one_goes_on_to_its_subtitles(
    client, editor, video, django_user_model
):
    track = Track.objects.create(video=video, language="yue", engine="faster-whisper")
    client.force_login(editor)
    assert f"/admin/tracks/desk/{track.pk}/" in html_of(client, video)
    assert "量血压（粤语）" in client.get("/admin/tracks/").content.decode()
    uploader = django_user_model.objects.create_user("uploader")
    uploader.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_video"])
    )
    client.force_login(uploader)
    assert "/admin/tracks/desk/" not in html_of(client, video)


def test_a_file_that_is_no_video_asks_for_another(client, editor, video):
    fail_probe(video, "这个文件不是视频。")
    client.force_login(editor)
    page = html_of(client, video)
    assert "换一个文件上传" in page
    assert "画面转换好以后" not in page


def test_a_failed_video_can_be_tried_again_from_its_page(client, editor, video):
    fail_probe(video, "这个文件是空的。")
    client.force_login(editor)
    page = html_of(client, video)
    assert "这个文件是空的。" in page
    assert "前面的“检查文件”没有成功，这一步就没有做。" in page
    assert "前面的“转换画面”没有成功，这一步就没有做。" in page
    assert "data-ended" in page
    client.post(f"/admin/videos/try-again/{video.pk}/")
    assert {stage.state for stage in video.stages.all()} == {StageState.QUEUED}


def test_without_a_poster_a_film_stands_and_its_page_says_what_is_missing(client, editor, video):
    services.plan_stages()
    video.stages.update(state=StageState.DONE, progress=100)
    note = "没有取到封面，先用画好的。"
    video.stages.filter(kind="poster").update(state=StageState.FAILED, message=note)
    client.force_login(editor)
    page = html_of(client, video)
    assert note in page
    assert "再试一次" in page
    index = client.get("/admin/videos/").content.decode()
    assert re.search(r"data-failed\s+hidden", index)
    assert ">100%<" in index


def test_the_list_names_the_ffmpeg_or_what_is_wrong_with_it(client, editor, settings):
    client.force_login(editor)
    assert f"{choose_ffmpeg().path}（{choose_ffmpeg().version}）" in (
        client.get("/admin/videos/").content.decode()
    )
    settings.FFMPEG = "/bin/false"
    assert "/bin/false 不是能用的 ffmpeg" in client.get("/admin/videos/").content.decode()


def test_trying_again_wants_a_post_and_the_permission(client, stranger, editor, video):
    fail_probe(video, "这个文件是空的。")
    client.force_login(stranger)
    client.post(f"/admin/videos/try-again/{video.pk}/")
    client.force_login(editor)
    assert client.get(f"/admin/videos/try-again/{video.pk}/").status_code == 405
    assert video.stages.get(kind="probe").state == StageState.FAILED


def test_deleting_a_video_removes_its_files(client, django_user_model, video, media_root, tmp_path):
    made = tmp_path / "made.mp4"
    made.write_bytes(b"small")
    publishing.publish_rendition(video, name="360p", path=made, width=640, height=360)
    client.force_login(django_user_model.objects.create_superuser("admin"))
    client.post(f"/admin/videos/delete/{video.pk}/")
    assert not Video.objects.exists()
    assert [path for path in media_root.rglob("*") if path.is_file()] == []


def test_a_rendition_made_again_leaves_the_file_before_it_to_those_who_watch(
    video, media_root, tmp_path
):
    made = tmp_path / "made.mp4"
    for content in (b"first", b"second"):
        made.write_bytes(content)
        publishing.publish_rendition(video, name="360p", path=made, width=640, height=360)
    rendition = Rendition.objects.get()
    assert rendition.size_bytes == len(b"second")
    assert Path(rendition.file.path).read_bytes() == b"second"
    before = set((media_root / "videos").glob("*/*")) - {Path(rendition.file.path)}
    assert [file.read_bytes() for file in before] == [b"first"]


def who(name, request):
    return None if name == "nobody" else request.getfixturevalue(name)


@pytest.mark.parametrize(
    ("person", "folder", "status"),
    [
        ("nobody", "videos", 200),
        ("nobody", "posters", 200),
        ("nobody", "images", 200),
        ("nobody", "originals", 404),
        ("stranger", "originals", 404),
        ("editor", "originals", 200),
        ("nobody", "original_images", 404),
        ("editor", "original_images", 200),
        ("nobody", "documents", 404),
        ("editor", "documents", 404),
        ("editor", "", 404),
    ],
)
def test_who_may_have_which_file(client, request, media_root, person, folder, status):
    user = who(person, request)
    if user:
        client.force_login(user)
    path = media_root / folder / "a.mp4"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"film")
    response = client.get(f"/media/{folder}/a.mp4" if folder else "/media/a.mp4")
    response.getvalue()  # to its end, which closes the file
    assert response.status_code == status


@pytest.mark.parametrize(
    "address", ["posters/a.jpg/x", "posters", "posters/" + "a" * 300, "%00", "posters/a%00.jpg"]
)
def test_a_name_that_no_file_can_have_is_not_found(client, media_root, address):
    (media_root / "posters").mkdir()
    (media_root / "posters/a.jpg").write_bytes(b"picture")
    assert client.get(f"/media/{address}").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "videos/..",
        "videos/../../x",
        "videos/../originals/a.mp4",
        "videos/./../originals/a.mp4",
        "//x",
    ],
)
def test_no_name_leads_to_a_folder_that_is_closed(rf, media_root, name):
    (media_root.parent / "x").write_bytes(b"secret")
    (media_root / "originals").mkdir()
    (media_root / "originals/a.mp4").write_bytes(b"secret")
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(Http404):
        serve_media(request, name)


@pytest.mark.parametrize(
    ("person", "url", "status"),
    [
        ("nobody", "/admin/videos/", 302),
        ("stranger", "/admin/videos/", 302),
        ("editor", "/admin/videos/", 200),
        ("nobody", "/admin/videos/new/", 302),
        ("editor", "/admin/videos/new/", 200),
        ("nobody", "/admin/tracks/", 302),
        ("editor", "/admin/tracks/", 200),
        ("editor", "/admin/tracks/new/", 302),
        ("editor", "/admin/video_chooser/", 200),
        ("stranger", "/admin/video_chooser/", 302),
    ],
)
def test_who_may_open_which_page_of_the_admin(client, request, person, url, status):
    user = who(person, request)
    if user:
        client.force_login(user)
    assert client.get(url).status_code == status


def test_progress_is_public_and_says_nothing_of_files_or_people(client, video):
    answer = client.get(f"/media/progress/{video.key}.json")
    assert answer["Cache-Control"] == "no-store"
    assert set(answer.json()) == {
        "watchable",
        "ended",
        "failed",
        "incomplete",
        "percent",
        "stages",
    }
