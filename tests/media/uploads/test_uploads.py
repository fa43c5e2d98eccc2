"""Resumable uploads, as tus 1.0.0 has them; what becomes of them; and who may send."""

import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from media.models import Thumbnail, Upload, Video
from media.pipeline import cleanup
from media.uploads import services
from media.uploads.tus import read_metadata
from tests.media.uploads.sending import FILM, UPLOADS, Sender, files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folders")]


@pytest.fixture
def colleague(editor, django_user_model):
    user = django_user_model.objects.create_user("zhao")
    user.groups.add(Group.objects.get(name="课程编辑"))
    return user


@pytest.fixture
def stranger(django_user_model):
    return django_user_model.objects.create_user("wang")


@pytest.fixture
def whole(sender):
    """The address of an upload that has all its bytes."""
    url = sender.begin()["Location"]
    sender.send(url, FILM, at=0)
    return url


def test_a_film_comes_in_pieces_and_becomes_one_video(sender, editor, tmp_path):
    begun = sender.begin()
    url = begun["Location"]
    assert begun.status_code == 201
    assert begun["Upload-Expires"].endswith("GMT")
    assert sender.offset(url) == 0
    first = sender.send(url, FILM[:4000], at=0)
    assert (first.status_code, first["Upload-Offset"]) == (204, "4000")
    assert sender.send(url, FILM[4000:], at=4000)["Upload-Offset"] == str(len(FILM))
    answer = sender.hand_in(url)
    video = Video.objects.get()
    assert answer.url == f"/admin/videos/inspect/{video.pk}/"
    assert video.original.read() == FILM
    assert (video.original_name, video.uploaded_by) == ("量 '血压' 😀.mp4", editor)
    assert video.original.name.startswith("originals/")
    assert files(tmp_path) == ["originals"]


def test_handing_in_twice_leads_to_the_same_video(sender, whole):
    assert sender.hand_in(whole).url == sender.hand_in(whole, title="又一次").url
    assert Video.objects.count() == 1


def test_the_same_file_goes_on_where_it_was_and_is_known_when_it_is_done(sender):
    url = sender.begin()["Location"]
    sender.send(url, FILM[:4000], at=0)
    assert sender.begin()["Location"] == url
    asked = {"name": "量 '血压' 😀.mp4", "size": len(FILM), "modified": "1"}
    assert sender.client.get(UPLOADS, asked).json() == {"upload": url, "video": None}
    sender.send(url, FILM[4000:], at=4000)
    sender.hand_in(url)
    video = Video.objects.get()
    told = sender.client.get(UPLOADS, asked).json()["video"]
    assert told == {"title": "量血压", "url": f"/admin/videos/inspect/{video.pk}/"}
    assert sender.client.get(UPLOADS, {**asked, "modified": "2"}).json()["upload"] is None
    video.delete()
    assert sender.begin()["Location"] != url  # it may come once more


def test_what_came_before_the_line_broke_is_kept(sender, monkeypatch):
    url = sender.begin()["Location"]
    upload = Upload.objects.get()

    class Line:
        pieces = [FILM[:1000], FILM[1000:1500]]

        def read(self, most):
            if not self.pieces:
                raise OSError("the other side has gone")
            return self.pieces.pop(0)

    assert services.receive(upload, at_byte=0, piece=Line(), size_bytes=len(FILM)) == 1500
    assert sender.offset(url) == 1500
    assert sender.hand_in(url).status_code == 200  # not yet
    assert not Video.objects.exists()
    sender.send(url, FILM[1500:], at=1500)
    sender.hand_in(url)
    assert Video.objects.get().original.read() == FILM


def test_a_piece_that_does_not_fit_on_is_refused_and_told_where_to_go_on(sender):
    url = sender.begin()["Location"]
    sender.send(url, FILM[:4000], at=0)
    for wrong in (0, 3999, 4001, len(FILM), len(FILM) + 1, 10**30):
        answer = sender.send(url, FILM[:10], at=wrong)
        assert (answer.status_code, answer["Upload-Offset"]) == (409, "4000")
    assert sender.offset(url) == 4000


def test_two_lines_never_write_into_one_upload(sender):
    url = sender.begin()["Location"]
    with services._alone_in(Upload.objects.get().path):
        assert sender.send(url, FILM, at=0).status_code == 423
    assert sender.offset(url) == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload_Offset": "x"}, 400),
        ({"Upload_Offset": -1}, 400),
        ({"Upload_Offset": "+0"}, 400),
        ({"Upload_Offset": "0_0"}, 400),
        ({"Transfer_Encoding": "chunked"}, 411),
        ({"content_type": "text/plain"}, 415),
        ({"Tus_Resumable": "0.2.2"}, 412),
    ],
)
def test_a_piece_against_the_protocol_changes_nothing(sender, headers, status):
    url = sender.begin()["Location"]
    sent = {"Upload_Offset": 0, "content_type": "application/offset+octet-stream", **headers}
    assert sender.ask("PATCH", url, FILM[:10], **sent).status_code == status
    assert sender.offset(url) == 0


def test_a_piece_that_is_longer_than_what_was_promised_changes_nothing(sender):
    url = sender.begin()["Location"]
    assert sender.send(url, FILM + b"x", at=0).status_code == 400
    assert sender.offset(url) == 0


@pytest.mark.parametrize(
    ("offer", "settings_", "status", "words"),
    [
        ({"size": 0}, {}, 400, "是空的"),
        ({"size": 2**21}, {"VIDEO_MAX_UPLOAD_MIB": 1}, 413, "太大了"),
        ({"name": "讲义.docx", "kind": "application/msword"}, {}, 400, "不是视频"),
        ({}, {"DISK_RESERVE_MIB": 2**30}, 507, "磁盘快满了"),
        *(({"size": size}, {}, 400, "刷新") for size in ("many", "1_0", " 10", "+10", "１０", "")),
    ],
)
def test_what_will_not_be_taken_is_said_before_the_first_byte(
    sender, settings, offer, settings_, status, words
):
    for name, value in settings_.items():
        setattr(settings, name, value)
    answer = sender.begin(**offer)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not Upload.objects.exists()


def test_what_is_still_on_its_way_counts_as_taken(sender, settings):
    size = 2**30 * 1024
    Upload.objects.create(
        owner_id=sender.client.session["_auth_user_id"], name="a", size_bytes=size
    )
    assert sender.begin().status_code == 507


def test_a_film_may_have_a_type_that_the_browser_does_not_know(sender):
    assert sender.begin(name="camera.MTS", kind="").status_code == 201
    assert sender.begin(name="没有后缀", kind="video/mp4").status_code == 201


def test_it_tells_what_it_can(sender):
    answer = sender.client.options(UPLOADS)
    assert (answer.status_code, answer["Tus-Version"]) == (204, "1.0.0")
    assert answer["Tus-Extension"] == "creation,expiration,termination"
    assert int(answer["Tus-Max-Size"]) > 0


def test_metadata_comes_back_as_it_was_given(sender):
    url = sender.begin()["Location"]
    answer = sender.ask("HEAD", url)
    assert answer["Upload-Metadata"] == Upload.objects.get().metadata
    assert "no-store" in answer["Cache-Control"]
    assert (answer["Upload-Length"], answer["Tus-Resumable"]) == (str(len(FILM)), "1.0.0")


def test_long_metadata_comes_back_whole(sender):
    name = "课" * 1500 + ".mp4"  # 6,000 characters in base64
    url = sender.begin(name=name)["Location"]
    told = read_metadata(sender.ask("HEAD", url)["Upload-Metadata"])
    assert told == {"filename": name, "filetype": "video/mp4", "modified": "1"}


OVERRIDDEN = {"content_type": "application/offset+octet-stream", "Upload_Offset": 0}


def test_a_client_without_patch_may_say_so_in_a_header(sender):
    url = sender.begin()["Location"]
    answer = sender.ask("POST", url, FILM, X_HTTP_Method_Override="PATCH", **OVERRIDDEN)
    assert answer.status_code == 204


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "HEAD"])
def test_a_request_that_csrf_does_not_check_becomes_no_other(sender, method):
    url = sender.begin()["Location"]
    sender.ask(method, url, X_HTTP_Method_Override="DELETE")
    sender.ask(method, url, FILM, X_HTTP_Method_Override="PATCH", **OVERRIDDEN)
    assert sender.offset(url) == 0


@pytest.mark.parametrize("override", ["PATCH", "DELETE", "GET", "OPTIONS"])
def test_an_override_needs_the_csrf_token_like_any_other_post(sender, client, override):
    url = sender.begin()["Location"]
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    answer = Sender(checked).ask("POST", url, FILM, X_HTTP_Method_Override=override, **OVERRIDDEN)
    assert (answer.status_code, answer["Tus-Resumable"]) == (403, "1.0.0")
    assert sender.offset(url) == 0


def test_an_answer_that_no_view_gives_names_the_protocol_too(sender, client, stranger):
    unknown = [f"{UPLOADS}{uuid4()}/", f"{UPLOADS}no-key/", f"{UPLOADS}{uuid4()}/more/"]
    for url in unknown:
        answer = sender.ask("HEAD", url)
        assert (answer.status_code, answer["Tus-Resumable"]) == (404, "1.0.0")
    client.force_login(stranger)
    answer = sender.ask("HEAD", unknown[0], X_Requested_With="XMLHttpRequest")
    assert (answer.status_code, answer["Tus-Resumable"]) == (403, "1.0.0")
    assert "Tus-Resumable" not in client.get("/admin/login/")


@pytest.mark.parametrize("way", ["DELETE", "button"])
def test_an_upload_can_be_given_up(sender, way, tmp_path):
    url = sender.begin()["Location"]
    sender.send(url, FILM[:4000], at=0)
    assert "还没有保存的视频" in sender.client.get("/admin/videos/new/").content.decode()
    if way == "DELETE":
        assert sender.ask("DELETE", url).status_code == 204
    else:
        sender.client.post(f"{url}forget/")
    assert sender.ask("HEAD", url).status_code == 404
    assert files(tmp_path) == []


def test_a_piece_of_what_another_window_gave_up_meanwhile_finds_nothing(
    sender, monkeypatch, tmp_path
):
    url = sender.begin()["Location"]
    receive = services.receive

    def given_up_first(upload, **piece):
        services.forget_upload(Upload.objects.get())
        return receive(upload, **piece)

    monkeypatch.setattr(services, "receive", given_up_first)
    assert sender.send(url, FILM[:4000], at=0).status_code == 404
    assert files(tmp_path) == []


def test_giving_up_a_finished_upload_takes_no_video_away(sender, whole):
    sender.hand_in(whole)
    assert sender.ask("DELETE", whole).status_code == 204
    assert sender.ask("HEAD", whole).status_code == 404
    assert Video.objects.get().original.read() == FILM
    assert sender.begin()["Location"] != whole


def test_a_video_that_cannot_be_saved_loses_no_byte(sender, whole, monkeypatch, tmp_path):
    def fail(*args, **kwargs):
        raise RuntimeError("the database has gone")

    monkeypatch.setattr(Upload, "save", fail)
    with pytest.raises(RuntimeError):
        sender.hand_in(whole)
    assert not Video.objects.exists()
    assert files(tmp_path) == ["uploads"]
    monkeypatch.undo()
    sender.hand_in(whole)
    assert Video.objects.get().original.read() == FILM


def test_a_missing_title_asks_for_no_second_upload(sender, whole):
    page = sender.hand_in(whole, title="").content.decode()
    assert "已经传好了" in page
    assert whole.split("/")[-2] in page
    sender.hand_in(whole)
    assert Video.objects.count() == 1


def test_the_form_alone_refuses_what_is_no_film(sender):
    paper = SimpleUploadedFile("讲义.docx", b"PK", content_type="application/msword")
    data = {"title": "讲义", "original": paper, "spoken_language": "zh"}
    assert "不是视频" in sender.client.post("/admin/videos/new/", data).content.decode()
    assert not Video.objects.exists()


def test_a_lessons_window_takes_what_was_received(sender, whole, editor):
    key = whole.split("/")[-2]
    page = sender.client.get("/admin/video_chooser/create/").json()["htmlFragment"]
    assert "data-resumable" in page
    data = {"title": "量血压", "spoken_language": "zh", "upload": key}
    sender.client.post("/admin/video_chooser/create/", data)
    assert Video.objects.get().uploaded_by == editor


def test_cleanup_removes_what_nothing_names_and_nothing_else(sender, tmp_path):
    kept, left = sender.begin()["Location"], sender.begin(modified="2")["Location"]
    done = sender.begin(modified="3")["Location"]
    for url in (kept, left, done):
        sender.send(url, FILM, at=0)
    sender.hand_in(done)
    old = timezone.now() - timedelta(days=8)
    Upload.objects.exclude(key=kept.split("/")[-2]).update(touched_at=old)
    for name in ("media/uploads/lost.part", "work/renditions-x/1080p.mp4", "media/videos/x/y.mp4"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
        os.utime(path, (time.time() - 3 * 86_400,) * 2)
        os.utime(path.parent, (time.time() - 3 * 86_400,) * 2)
    video = Video.objects.get()
    picture = Thumbnail(video=video, at_ms=4_000)
    picture.file.save("picture.jpg", ContentFile(b"small"))
    os.utime(picture.file.path, (time.time() - 3 * 86_400,) * 2)
    fresh = tmp_path / "media/videos/z/new.mp4"
    fresh.parent.mkdir()
    fresh.write_bytes(b"just made")
    for path in (fresh, fresh.parent):
        os.utime(path, (time.time(),) * 2)  # which may be another day than the disk's
    assert cleanup.clean_up_media() == 4
    assert Path(picture.file.path).read_bytes() == b"small"
    assert sender.ask("HEAD", left).status_code == 404
    assert sender.offset(kept) == len(FILM)
    assert files(tmp_path) == ["originals", "posters", "uploads", "z"]


@pytest.mark.parametrize(
    ("person", "status"),
    [("nobody", {302, 403}), ("stranger", {302, 403}), ("colleague", {404}), ("editor", {200})],
)
def test_who_may_touch_an_upload(client, request, sender, editor, person, status):
    url = sender.begin()["Location"]
    client.logout()
    if person != "nobody":
        client.force_login(request.getfixturevalue(person))
    asked = {
        "head": sender.ask("HEAD", url).status_code,
        "patch": sender.send(url, FILM[:1], at=0).status_code,
    }
    expected = {200, 204} if status == {200} else status
    assert set(asked.values()) <= expected
    if person != "editor":
        sender.ask("DELETE", url)
        client.post(f"{url}forget/")
        assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("person", "status"),
    [("nobody", 302), ("stranger", 302), ("colleague", 201), ("editor", 201)],
)
def test_who_may_begin_one(client, request, editor, person, status):
    if person != "nobody":
        client.force_login(request.getfixturevalue(person))
    assert Sender(client).begin().status_code == status


def test_an_editor_without_the_right_finds_nothing(client, django_user_model):
    reader = django_user_model.objects.create_user("du")
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(reader)
    assert Sender(client).begin().status_code == 404


def test_a_page_whose_login_has_run_out_is_told_so(client):
    answer = client.post(UPLOADS, headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 403


def test_nobody_fetches_what_is_on_its_way(client, sender, whole):
    part = Upload.objects.get().path
    assert client.get(f"/media/uploads/{part.name}").status_code == 404
