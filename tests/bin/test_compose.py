"""deploy/compose.yaml: in containers runs what deploy/install has systemd run."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from lms.settings.required import REQUIRED

COMPOSE = yaml.safe_load(Path("deploy/compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "yinling"}


def unit_command(name: str) -> str:
    text = Path(f"deploy/systemd/yinling-{name}.service").read_text()
    [command] = re.findall(r"^ExecStart=\S+/(\w+ .+)$", text, re.MULTILINE)
    return command


def test_a_container_runs_what_its_unit_runs():
    assert SERVICES["beat"]["command"] == unit_command("beat")
    here = unit_command("web").replace("127.0.0.1:8000", "0.0.0.0:8000")  # nginx is next door
    assert SERVICES["web"]["command"] == here
    for queue in settings.CELERY_TASK_QUEUES:
        wanted = unit_command("worker@").replace("%i", queue.name).replace("%%h", "%h")
        assert SERVICES[f"worker-{queue.name}"]["command"] == wanted


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_is_told_whatever_a_city_must_decide(name):
    told = OURS[name]["environment"]
    assert {*REQUIRED, "DJANGO_SETTINGS_MODULE"} <= set(told)
    assert OURS[name]["env_file"] == ".env"  # and whatever else is decided


def test_what_is_asked_for_stands_in_the_example_and_is_never_empty():
    text = Path("deploy/compose.yaml").read_text()
    asked = set(re.findall(r"\$\{(\w+)", text))
    assert (
        set(re.findall(r"^(\w+)=$", Path("deploy/compose.env").read_text(), re.MULTILINE)) == asked
    )
    assert set(re.findall(r"\$\{(\w+):\?", text)) == asked


def test_nothing_begins_before_what_it_needs():
    needs = {name: set(service.get("depends_on", {})) for name, service in SERVICES.items()}
    assert needs.pop("set-up") == {"database", "redis"}
    assert needs.pop("nginx") == {"web"}
    assert needs.pop("database") == needs.pop("redis") == set()
    assert set(map(frozenset, needs.values())) == {frozenset({"set-up"})}


def test_the_image_has_the_packages_of_an_installed_machine():
    """But the services, which are containers of their own."""
    [of_machine] = re.findall(r"wanted=\((.+?)\)", Path("deploy/install").read_text(), re.DOTALL)
    dockerfile = Path("deploy/Dockerfile").read_text()
    [of_image] = re.findall(r"--no-install-recommends \\\n(.+?)&&", dockerfile, re.DOTALL)
    packages = set(of_image.replace("\\", "").split())
    assert set(of_machine.split()) - packages == {"postgresql", "redis-server", "openssl", "curl"}
    assert "postgresql-client" in packages  # pg_dump, for backups


def test_no_secret_comes_into_the_image_or_into_git():
    assert "deploy/.env" in Path(".dockerignore").read_text().split()
    assert "deploy/.env" in Path(".gitignore").read_text().split()


def test_nginx_is_given_each_of_its_names():
    given = set(re.findall(r"[s/][|]?(@[A-Z]+@)[|/]", Path("deploy/nginx-here").read_text()))
    assert given == set(re.findall(r"@[A-Z]+@", Path("deploy/nginx.conf").read_text()))
