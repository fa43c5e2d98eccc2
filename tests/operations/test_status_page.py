"""系统状态: what is wrong, and what to do, in plain words and for administrators alone."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from lms.operations.backups.last import LastBackup, note, remember
from lms.operations.models import Heartbeat
from lms.operations.watching.heartbeats import note_alive
from lms.operations.watching.parts import told_parts
from lms.operations.watching.status import WORDS
from lms.privacy.retention import keep_periods
from media.choices import StageState
from media.models import Stage, Video
from tests.staff_pages import session_of, words

pytestmark = pytest.mark.django_db
PAGE = "/admin/status/"


@pytest.fixture(autouse=True)
def all_well(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR_DIR = tmp_path
    settings.STARTED_BY = "systemd"
    settings.CELERY_BROKER_URL = "memory://localhost/"
    remember(LastBackup(timezone.now(), True, "备份好了：9行数据。", "/backups/tonight.tar"))
    note_alive(told_parts())
    keep_periods()


def test_when_all_is_well_it_says_so(admin_client):
    page = words(admin_client.get(PAGE))
    assert "一切正常。" in page
    assert "不正常" not in page


def test_what_is_wrong_comes_first_with_what_to_do(admin_client):
    last = timezone.now() - timedelta(hours=3)
    Heartbeat.objects.filter(part="worker:subtitles").update(at=last)
    answer = admin_client.get(PAGE)
    page = words(answer)
    assert "有1处不正常，请从上往下处理。" in page
    assert f"新视频能看，但是没有字幕。从{timezone.localtime(last):%Y-%m-%d %H:%M}起就这样" in page
    assert "systemctl status yinling-worker@subtitles" in page
    names = re.findall(r'status__name">([^<]+)<', answer.content.decode())
    assert names[0] == "听写字幕的程序"


def test_a_part_that_never_ran_is_told_so(admin_client):
    Heartbeat.objects.filter(part="clock").delete()
    assert "定时发布和夜间整理都不会做。还没有运行过。" in words(admin_client.get(PAGE))


def test_what_waits_for_people_is_told_and_is_no_fault(admin_client, cast):
    session_of(cast.class_group, days=-2)
    video = Video.objects.create(title="老照片")
    Stage.objects.create(video=video, kind="probe", state=StageState.FAILED, message="文件坏了")
    page = words(admin_client.get(PAGE))
    assert "都在运行。有2件事等人处理。" in page
    assert "1部视频或录音没有做成。" in page
    assert "1次课的点名还没有结束" in page


def test_a_queue_that_is_not_worked_off_is_wrong(admin_client):
    video = Video.objects.create(title="老照片")
    Stage.objects.create(video=video, kind="probe", due_at=timezone.now() - timedelta(hours=5))
    assert "最早的已经等了5小时。" in words(admin_client.get(PAGE))


def test_a_disk_that_is_nearly_full_is_wrong(admin_client, settings):
    settings.DISK_RESERVE_MIB = 1024 * 1024 * 1024  # a reserve that no disk has
    assert "满了就不能上传。" in words(admin_client.get(PAGE))


@pytest.mark.parametrize(
    ("hours", "ok", "said", "told"),
    [
        (1, True, "备份好了：9行数据。", "备份好了：9行数据。"),
        (1, False, "磁盘满了，写不下。", "没有做成：磁盘满了，写不下。"),
        (40, True, "备份好了：9行数据。", "已经1 日。"),
    ],
    ids=["tonight's", "one that failed", "an old one"],
)
def test_it_tells_how_the_last_backup_went(admin_client, hours, ok, said, told):
    at = timezone.now() - timedelta(hours=hours)
    remember(LastBackup(at, ok, said, "/backups/tonight.tar"))
    page = words(admin_client.get(PAGE))
    assert f"{timezone.localtime(at):%Y-%m-%d %H:%M}" in page
    assert told in page
    assert ("systemctl start yinling-backup" in page) is (told != said)


def test_a_site_of_which_there_is_no_backup_is_told_to_make_one(admin_client):
    note().unlink()
    page = words(admin_client.get(PAGE))
    assert "还没有做过备份。" in page
    assert "systemctl start yinling-backup" in page


@pytest.mark.parametrize(
    ("started_by", "told"),
    [
        ("bin/start", ["tail -n 30", "/log/worker.log", "bin/start", "manage.py backup"]),
        ("", ["请看它的日志，再重新启动它。", "manage.py backup"]),
    ],
    ids=["by hand", "by something else"],
)
def test_it_names_what_started_the_site(admin_client, settings, started_by, told):
    settings.STARTED_BY = started_by
    Heartbeat.objects.filter(part="worker:media").delete()
    note().unlink()
    page = words(admin_client.get(PAGE))
    assert [each for each in told if each not in page] == []
    assert "systemctl" not in page
    assert "journalctl" not in page


def test_every_part_has_its_words():
    assert {*told_parts(), "database", "broker", "storage"} == WORDS.keys()


def test_it_is_for_administrators_alone(admin_client, client, django_user_model):
    assert PAGE in admin_client.get("/admin/").content.decode()
    assert client.get(PAGE).status_code == 302
    editor = django_user_model.objects.create_user("editor", is_staff=True)
    editor.groups.add(Group.objects.get(name="课程编辑"))
    client.force_login(editor)
    assert client.get("/admin/").status_code == 200
    assert PAGE not in client.get("/admin/").content.decode()
    assert client.get(PAGE).status_code in (302, 403, 404)
