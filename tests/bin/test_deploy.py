"""deploy/: what an installed site is made of names what there is."""

import re
import socket
import subprocess
from configparser import ConfigParser
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.conf import settings

from lms.settings.required import REQUIRED

UNITS = Path("deploy/systemd")


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNITS / name)
    return parser


SERVICES = sorted(UNITS.glob("*.service"))
#: They stand; the others are begun by a clock and come to an end.
STANDING = [file for file in SERVICES if not file.with_suffix(".timer").exists()]


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.name)
def test_a_service_runs_a_program_of_ours_as_the_sites_user(file):
    service = unit(file.name)["Service"]
    program, *_words = service["ExecStart"].split()
    assert Path(program.replace("/opt/yinling", ".")).exists()
    assert (service["User"], service["EnvironmentFile"]) == ("yinling", "/etc/yinling/env")
    own, *elsewhere = service["ReadWritePaths"].split()
    assert own == "/var/lib/yinling"
    assert elsewhere == ([] if file in STANDING else ["@BACKUPS@"])


@pytest.mark.parametrize("file", STANDING, ids=lambda file: file.name)
def test_a_service_that_stands_comes_back(file):
    assert unit(file.name)["Service"]["Restart"] == "always"


def test_a_backup_is_made_every_night_also_after_the_machine_was_off():
    assert unit("yinling-backup.timer")["Timer"] == {
        "OnCalendar": "*-*-* 02:10",
        "Persistent": "yes",
    }
    service = unit("yinling-backup.service")["Service"]
    assert service["Type"] == "oneshot"
    assert service["ExecStart"].endswith(" manage.py backup")


def test_the_target_starts_every_service_and_a_worker_for_every_queue():
    wanted = unit("yinling.target")["Unit"]["Wants"].split()
    queues = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    assert {name for name in wanted if "@" in name} == {
        f"yinling-worker@{queue}.service" for queue in queues
    }
    of_kinds = {re.sub("@.*", "@.service", name) for name in wanted}
    timers = {file.name for file in UNITS.glob("*.timer")}
    assert of_kinds == {file.name for file in STANDING} | timers


def test_an_installed_site_has_whatever_a_city_must_decide():
    written = re.findall(r"^([A-Z_]+)=\S", Path("deploy/env").read_text(), re.MULTILINE)
    assert {*REQUIRED, "DJANGO_SETTINGS_MODULE"} <= set(written)


def test_what_the_installer_puts_into_units_is_put_in():
    left = {
        file.name: marks
        for file in UNITS.iterdir()
        if (marks := set(re.findall("@[A-Z]+@", file.read_text())) - {"@BACKUPS@"})
    }
    assert left == {}
    assert "s|@BACKUPS@|" in Path("deploy/install").read_text()


def test_an_upgrade_keeps_the_database_before_it_changes_anything():
    upgrade = Path("deploy/upgrade").read_text()
    assert upgrade.index("\nkeep ||") < upgrade.index('git checkout --quiet "$version"')
    assert 'deploy/install --restore "$kept"' in upgrade
    # A target is stopped before what it wants, and nobody waits for that.
    assert re.findall(r"systemctl stop (\S+)", upgrade) == ["'yinling*'"] * 2


def test_the_way_back_is_kept_apart_from_what_an_upgrade_writes():
    """The copy shares its files: whatever writes into one instead of replacing it is its end."""
    upgrade = Path("deploy/upgrade").read_text()
    assert "cp -al .venv .venv.before && deploy/manage backup" in upgrade
    environment = Path("bin/environment").read_text()
    assert re.findall(r'>+ *"\$stamp"', environment) == []
    assert 'mv "$stamp.new" "$stamp"' in environment


def test_nginx_takes_pieces_of_films_and_sends_what_the_site_names():
    nginx, env = Path("deploy/nginx.conf").read_text(), Path("deploy/env").read_text()
    [most_mib] = re.findall(r"client_max_body_size (\d+)m;", nginx)
    assert int(most_mib) > 64  # UPLOAD_PIECE_MIB goes so far
    [prefix] = re.findall(r"^MEDIA_ACCEL_PREFIX=(\S+)$", env, re.MULTILINE)
    assert f"location {prefix}/ {{\n    internal;" in nginx


def test_while_the_site_is_stopped_nginx_says_so_in_words(tmp_path):
    [away] = re.findall(
        r"  error_page .+?\n  }\n", Path("deploy/nginx.conf").read_text(), re.DOTALL
    )
    with socket.create_server(("127.0.0.1", 0)) as probe:
        here = f"127.0.0.1:{probe.getsockname()[1]}"
    folders = " ".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; events {{}} http {{ access_log off; {folders} server {{"
        f" listen {here}; {away} location / {{ proxy_pass http://127.0.0.1:1; }} }} }}"
    )
    server = subprocess.Popen(
        ["/usr/sbin/nginx", "-c", tmp_path / "nginx.conf", "-e", tmp_path / "errors"]
    )
    while server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", int(here[10:]))):
            break
    with pytest.raises(HTTPError) as refused:
        urlopen(f"http://{here}/tv/")
    answer = refused.value
    assert (answer.code, answer.headers["Retry-After"], answer.headers["Refresh"]) == (
        503,
        "60",
        "30",
    )
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "网站正在更新，不是您按错了" in answer.read().decode()
    server.terminate()
    server.wait()


def test_nginx_logs_neither_learners_numbers_nor_what_was_sought():
    nginx = Path("deploy/nginx.conf").read_text()
    [log] = re.findall(r"log_format yinling (.+?);", nginx, re.DOTALL)
    assert "$yinling_address" in log
    assert not re.search(r"\$(request|request_uri|args|query_string|http_referer|uri)\b", log)
    assert re.findall(r"access_log (.+);", nginx) == ["off", "/var/log/nginx/yinling.log yinling"]
    # An upstream that is away is an "error", and is told with the whole address.
    assert re.findall(r"error_log \S+ (\w+);", nginx) == ["crit"]
