"""A city's machine: what only a city can decide has no default, and nothing starts without it."""

import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from lms.settings.required import REQUIRED, undecided
from tests.collected import collected

DECIDED = {
    "SECRET_KEY": "only-of-this-test-" + "0123456789abcdefghij" * 3,
    "ALLOWED_HOSTS": "yinling.example",
    "SITE_URL": "https://yinling.example",
    "DATABASE_URL": "postgres://yinling:secret@127.0.0.1:1/yinling",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    "CACHE_URL": "redis://127.0.0.1:1/1",
}
ENTRANCES = {
    "web": ["-c", "import lms.wsgi"],
    "web, asynchronous": ["-c", "import lms.asgi"],
    "worker and clock": ["-m", "celery", "-A", "lms", "report"],
    "manage.py": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}


def start(checkout, program, var_dir, **settings):
    """As on a machine whose environment says nothing else: DJANGO_SETTINGS_MODULE neither."""
    told = {*REQUIRED, "DJANGO_SETTINGS_MODULE"}
    around = {name: value for name, value in os.environ.items() if name not in told}
    return subprocess.run(
        [sys.executable, *program],
        cwd=checkout,
        env={**around, "VAR_DIR": str(var_dir), **settings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_whatever_is_missing_is_named_at_once_wherever_one_comes_in(checkout, tmp_path, entrance):
    done = start(checkout, ENTRANCES[entrance], tmp_path, ALLOWED_HOSTS=" , ", SECRET_KEY="  ")
    assert done.returncode != 0
    for name, do in REQUIRED.items():
        assert f"{name} is not set: {do}" in done.stderr
    assert "bin/start" in done.stderr  # whoever only wanted to try it


def test_a_machine_that_says_nothing_of_a_city_is_for_trying(checkout, tmp_path):
    asks = ["manage.py", "shell", "-v0", "-c", "from django.conf import settings as s; print(s)"]
    done = start(checkout, asks, tmp_path)
    assert "lms.settings.dev" in done.stdout, done.stderr


def test_what_is_set_is_not_named(checkout, tmp_path):
    decided = DECIDED | {"SITE_URL": ""}
    done = start(checkout, ENTRANCES["web"], tmp_path, **decided)
    assert [name for name in REQUIRED if f"{name} is not set" in done.stderr] == ["SITE_URL"]


@pytest.mark.thorough(
    "tests/operations/test_static_files asks the check and the start, without a process"
)
def test_the_web_process_does_not_start_without_static_files(checkout, tmp_path):
    done = start(checkout, ENTRANCES["web"], tmp_path, **DECIDED)
    assert done.returncode != 0
    assert f"style sheets and scripts are not in {tmp_path}/static. Run" in done.stderr
    checked = start(checkout, ENTRANCES["manage.py"], tmp_path, **DECIDED)
    assert checked.returncode != 0
    assert "operations.E004" in checked.stderr


def test_with_all_of_it_set_a_city_starts_and_the_check_is_clean(checkout):
    """Both in one process, of which Django's start is most."""
    both = (
        f"import lms.wsgi, runpy, sys; sys.argv = {ENTRANCES['manage.py']};"
        "runpy.run_path('manage.py', run_name='__main__')"
    )
    done = start(checkout, ["-c", both], collected().parent, **DECIDED)
    assert (done.returncode, done.stderr.count("Error")) == (0, 0), done.stderr


def test_settings_for_trying_are_named_by_the_check_with_what_a_city_decides(monkeypatch, settings):
    for name in REQUIRED:
        monkeypatch.delenv(name, raising=False)
    settings.UNDECIDED = undecided()
    settings.SMS_GATEWAY = "lms.accounts.sms.ConsoleSms"
    with pytest.raises(SystemCheckError) as refusal:
        call_command("check", "--deploy")
    said = str(refusal.value)
    assert "DJANGO_SETTINGS_MODULE=lms.settings.production" in said
    assert "telephone numbers and codes into the log" in said
    assert [name for name in REQUIRED if f"{name} is not set." not in said] == []
