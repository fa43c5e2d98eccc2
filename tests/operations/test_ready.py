"""/healthz, /readyz and /metrics: every part that can be stopped here is stopped."""

import os
import re
import socket
import subprocess
import sys
from datetime import timedelta
from ipaddress import ip_network
from threading import Thread

import pytest
import yaml
from django.db import connection, connections
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from lms.operations.backups.last import LastBackup, remember
from lms.operations.models import Heartbeat
from lms.operations.watching.heartbeats import note_alive
from lms.operations.watching.parts import SILENT_AFTER, told_parts
from media.choices import StageState
from media.models import Stage, Video
from tests.staff_pages import session_of

pytestmark = pytest.mark.django_db
FAR_AWAY = "203.0.113.7"


@pytest.fixture(autouse=True)
def all_well(settings, tmp_path):
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    settings.CELERY_BROKER_URL = "memory://localhost/"
    note_alive(told_parts())


@pytest.fixture
def closed_port():
    with socket.socket() as taken:  # bound and not listening: refused, and nobody else gets it
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def ask(client, **more):
    """The status, and the parts that are not as they should be."""
    answer = client.get("/readyz", **more)
    parts = answer.json()["parts"]
    assert (answer.status_code == 200) == all(part["state"] == "ok" for part in parts.values())
    return answer.status_code, {name: p for name, p in parts.items() if p["state"] != "ok"}


def test_with_all_parts_at_work_it_is_ready(client):
    assert ask(client) == (200, {})
    assert set(client.get("/readyz").json()["parts"]) == {
        "database", "broker", "storage", "clock",
        "worker:media", "worker:subtitles", "worker:figures",
    }  # fmt: skip


@pytest.mark.parametrize("part", ["worker:media", "worker:subtitles", "worker:figures", "clock"])
def test_a_part_that_falls_silent_is_named_with_its_last_heartbeat(client, part):
    last = timezone.now() - SILENT_AFTER - timedelta(seconds=5)
    Heartbeat.objects.filter(part=part).update(at=last)
    status, wrong = ask(client)
    told = {part: {"state": "down", "since": last.isoformat(timespec="seconds")}}
    assert (status, wrong) == (503, told)
    note_alive([part])
    assert ask(client) == (200, {})


def test_a_part_that_was_never_started_is_named_without_a_time(client):
    Heartbeat.objects.filter(part="clock").delete()
    assert ask(client) == (503, {"clock": {"state": "down", "since": None}})


def test_a_late_heartbeat_is_no_silence(client):
    Heartbeat.objects.update(at=timezone.now() - SILENT_AFTER + timedelta(seconds=20))
    assert ask(client) == (200, {})


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_away_is_named_since_it_was_first_missed(
    client, settings, closed_port, scheme
):
    settings.CELERY_BROKER_URL = f"{scheme}://127.0.0.1:{closed_port}/0"
    status, wrong = ask(client)
    assert (status, list(wrong)) == (503, ["broker"])
    assert ask(client) == (503, wrong)  # the same moment
    settings.CELERY_BROKER_URL = "memory://localhost/"
    assert ask(client) == (200, {})


def test_a_place_for_files_that_cannot_be_written_is_named(client, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file/media"  # as where a disk was not mounted
    status, wrong = ask(client)
    assert (status, list(wrong)) == (503, ["storage"])


def test_looking_leaves_no_file_behind(client, settings):
    ask(client)
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_database_that_is_away_is_named_and_nothing_is_said_of_whom_only_it_knows(
    client, monkeypatch
):
    monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/at-all")
    found = {}

    def in_a_thread():  # which has to connect anew
        found["ready"] = ask(client)
        found["figures"] = client.get("/metrics")
        connections.close_all()

    thread = Thread(target=in_a_thread)
    thread.start()
    thread.join()
    status, wrong = found["ready"]
    assert status == 503
    assert wrong.pop("database")["since"]
    assert wrong == {part: {"state": "unknown", "since": None} for part in told_parts()}
    figures = read(found["figures"])
    assert figures["yinling_part_up", "database"] == 0
    assert ("yinling_open_rolls",) not in figures


def test_the_names_of_the_machine_inside_stay_inside(client, settings, closed_port):
    settings.CELERY_BROKER_URL = f"redis://someone:secret@127.0.0.1:{closed_port}/0"
    answer = client.get("/readyz").content.decode()
    assert "secret" not in answer
    assert str(closed_port) not in answer


@pytest.mark.parametrize("address", ["/readyz", "/metrics"])
def test_they_are_for_this_machine_and_whoever_a_setting_names(client, settings, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    from_afar = {"headers": {"x-forwarded-for": FAR_AWAY}}
    assert client.get(address, REMOTE_ADDR=FAR_AWAY).status_code == 404
    assert client.get(address, **from_afar).status_code == 404  # through nginx on this machine
    forged = {"headers": {"x-forwarded-for": f"127.0.0.1, {FAR_AWAY}"}}
    assert client.get(address, **forged).status_code == 404
    assert client.get(address, REMOTE_ADDR="::1").status_code == 200
    settings.WATCHED_FROM = [ip_network("203.0.113.0/24")]
    assert client.get(address, **from_afar).status_code == 200


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_they_answer_to_a_load_balancer_that_knows_a_number_only(client, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(address, headers={"host": "10.1.2.3:8000"}).status_code == 200


def test_healthz_answers_with_database_and_cache_away(client, settings, closed_port, monkeypatch):
    cache = {"BACKEND": "django.core.cache.backends.redis.RedisCache"}
    settings.CACHES = {"default": cache | {"LOCATION": f"redis://127.0.0.1:{closed_port}/1"}}
    client.cookies["sessionid"] = "whoever"
    monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/at-all")
    answers = []
    thread = Thread(target=lambda: answers.append(client.get("/healthz")))
    thread.start()
    thread.join()
    assert answers[0].status_code == 200


# --- Figures ----------------------------------------------------------------------------------


def read(answer):
    """By name and the values of the labels; Prometheus's own reader takes it apart."""
    assert answer.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_prometheus_reads_what_is_so(client, cast, settings):
    session_of(cast.class_group, days=-2)
    session_of(cast.class_group, days=2)
    video = Video.objects.create(title="老照片")
    hour_ago = timezone.now() - timedelta(hours=1)
    Stage.objects.create(video=video, kind="probe", due_at=hour_ago)
    Stage.objects.create(
        video=video, kind="renditions", state=StageState.FAILED, message="文件坏了"
    )
    Heartbeat.objects.filter(part="clock").update(at=hour_ago)
    figures = read(client.get("/metrics"))
    assert figures["yinling_open_rolls",] == 1
    assert figures["yinling_failed_videos",] == 1
    assert figures["yinling_stages", "renditions", "failed"] == 1
    assert 3600 <= figures["yinling_stage_oldest_seconds", "media"] < 3700
    assert figures["yinling_stage_oldest_seconds", "subtitles"] == 0
    assert figures["yinling_part_up", "clock"] == 0
    assert figures["yinling_part_up", "worker:media"] == 1
    assert 3600 <= figures["yinling_heartbeat_age_seconds", "clock"] < 3700
    assert 0 < figures["yinling_disk_free_bytes",] <= figures["yinling_disk_size_bytes",]
    assert figures["yinling_info", settings.VERSION] == 1


@pytest.mark.parametrize("ok", [True, False])
def test_prometheus_reads_when_the_last_backup_ended_and_how(client, ok):
    assert ("yinling_last_backup_ok",) not in read(client.get("/metrics"))
    ended = timezone.now() - timedelta(hours=2)
    remember(LastBackup(ended, ok, "备份好了。", "/backups/tonight.tar"))
    figures = read(client.get("/metrics"))
    assert figures["yinling_last_backup_ok",] == ok
    assert figures["yinling_last_backup_timestamp_seconds",] == pytest.approx(ended.timestamp())


def test_alerts_ask_for_figures_that_there_are(client, checkout, settings):
    client.get("/robots.txt")
    remember(LastBackup(timezone.now(), True, "备份好了。", "/backups/tonight.tar"))
    rules = yaml.safe_load((checkout / "deploy/prometheus.rules.yml").read_text())
    asked = {
        name
        for group in rules["groups"]
        for rule in group["rules"]
        for name in re.findall(r"yinling_\w+", rule["expr"])
    }
    here = {sample for sample, *_labels in read(client.get("/metrics"))}
    assert asked - {"yinling_queue_messages"} <= here  # that one only with a broker
    assert all(
        rule["annotations"]["summary"] for group in rules["groups"] for rule in group["rules"]
    )


def test_requests_are_counted_by_the_name_of_their_address(client):
    def counted():
        found = read(client.get("/metrics"))
        return {key[1:]: value for key, value in found.items() if key[0].endswith("seconds_count")}

    before = counted()
    assert client.get("/robots.txt").headers["X-Request-ID"]
    client.get("/robots.txt?anything=at-all")
    client.generic("MADEUP", "/robots.txt")
    after = counted()
    grown = {key: after[key] - before.get(key, 0) for key in after}
    assert {key: n for key, n in grown.items() if n} == {("robots", "200"): 2, ("robots", "405"): 1}


def test_several_web_processes_count_together(checkout, tmp_path):
    """The second is a fork of the first, as gunicorn's workers are of their arbiter."""
    two = """
import os, django; django.setup()
from django.test import Client
client = Client()
client.get("/robots.txt")
print(client.get("/metrics").content.decode(), flush=True)
if child := os.fork():
    os.waitpid(child, 0)
else:
    client.get("/robots.txt")
    print(client.get("/metrics").content.decode(), flush=True)
"""
    said = subprocess.run(
        [sys.executable, "-c", two],
        cwd=checkout,
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = said.splitlines()
    counts = [line for line in lines if line.startswith("yinling_request_seconds_count")]
    assert [line.split()[-1] for line in counts] == ["1.0", "2.0"]
