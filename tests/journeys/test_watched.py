"""A city's site with its worker and its clock: each says that it lives, and is missed when it does
not. Its logs are read by machines."""

import json
import secrets
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.journeys.conftest import Site

pytestmark = pytest.mark.broker
AN_HOUR_LATER = """
from datetime import timedelta
from django.db.models import F
from lms.operations.models import Heartbeat
Heartbeat.objects.update(at=F("at") - timedelta(hours=1))
"""
PARTS = {"worker:media", "worker:subtitles", "worker:figures", "clock"}


@pytest.fixture
def site(tmp_path, broker):
    site = Site(
        tmp_path / "watched",
        DJANGO_SETTINGS_MODULE="lms.settings.production",
        SECRET_KEY=secrets.token_urlsafe(50),
        ALLOWED_HOSTS="yinling.example",
        SITE_URL="https://yinling.example",
        **broker,
    )
    site.decide_the_rest()
    site.migrate()
    try:
        yield site
    finally:
        site.stop()


def ready(site):
    """The status, and the parts that are down."""
    try:
        with urlopen(site.url + "/readyz", timeout=30) as answer:
            status, told = answer.status, json.load(answer)
    except HTTPError as refused:
        status, told = refused.code, json.load(refused)
    return status, {name for name, part in told["parts"].items() if part["state"] != "ok"}


@pytest.mark.thorough(
    "test_ready has every part silent in turn; test_start waits for a real heartbeat"
)
def test_who_falls_silent_is_missed_and_is_back_with_the_next_heartbeat(site):
    site.go_on()  # by a number for a host, over plain HTTP, as a load balancer asks
    assert ready(site) == (503, PARTS)
    # Without a broker the clock is in the worker (decision 032).
    has_broker = not site.environment["CELERY_BROKER_URL"].startswith("memory:")
    processes = ["worker", "clock"] if has_broker else ["worker"]
    for process in processes:
        site.start(process)
    site.wait_until(lambda: ready(site) == (200, set()), "worker and clock are alive")
    for process in processes:
        site.kill(process)
    site.manage("shell", "-v0", "-c", AN_HOUR_LATER)
    assert ready(site) == (503, PARTS)
    site.start("worker")
    again = (503, {"clock"}) if has_broker else (200, set())
    site.wait_until(lambda: ready(site) == again, "the worker is alive again")

    page = Request(site.url + "/robots.txt", headers={"Host": "yinling.example"})
    page.add_header("X-Forwarded-Proto", "https")
    with urlopen(page, timeout=30) as answer:
        assert answer.headers["X-Request-ID"]
    said = (site.folder / "web.log").read_text().splitlines()
    assert all(json.loads(line)["time"] for line in said)
    assert any(json.loads(line)["logger"] == "gunicorn.error" for line in said)
