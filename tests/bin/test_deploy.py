"""deploy/: what an installed site is made of names what there is."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.conf import settings

from lms.settings.required import REQUIRED

UNITS = Path("deploy/systemd")


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNITS / name)
    return parser


@pytest.mark.parametrize("file", sorted(UNITS.glob("*.service")), ids=lambda file: file.name)
def test_a_service_runs_a_program_of_ours_as_the_sites_user_and_comes_back(file):
    service = unit(file.name)["Service"]
    program, *_words = service["ExecStart"].split()
    assert Path(program.replace("/opt/yinling", ".")).exists()
    assert (service["User"], service["EnvironmentFile"]) == ("yinling", "/etc/yinling/env")
    assert service["Restart"] == "always"
    assert service["ReadWritePaths"] == "/var/lib/yinling"


def test_the_target_starts_every_service_and_a_worker_for_every_queue():
    wanted = unit("yinling.target")["Unit"]["Wants"].split()
    queues = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    assert {name for name in wanted if "@" in name} == {
        f"yinling-worker@{queue}.service" for queue in queues
    }
    of_kinds = {re.sub("@.*", "@.service", name) for name in wanted}
    assert of_kinds == {file.name for file in UNITS.glob("*.service")}


def test_an_installed_site_has_whatever_a_city_must_decide():
    written = re.findall(r"^([A-Z_]+)=\S", Path("deploy/env").read_text(), re.MULTILINE)
    assert {*REQUIRED, "DJANGO_SETTINGS_MODULE"} <= set(written)


def test_nginx_takes_pieces_of_films_and_sends_what_the_site_names():
    nginx, env = Path("deploy/nginx.conf").read_text(), Path("deploy/env").read_text()
    [most_mib] = re.findall(r"client_max_body_size (\d+)m;", nginx)
    assert int(most_mib) > 64  # UPLOAD_PIECE_MIB goes so far
    [prefix] = re.findall(r"^MEDIA_ACCEL_PREFIX=(\S+)$", env, re.MULTILINE)
    assert f"location {prefix}/ {{\n    internal;" in nginx
