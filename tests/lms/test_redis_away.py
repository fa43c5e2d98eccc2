"""Redis is killed while the site runs: pages are made anew, and nothing opens to guessing."""

from time import monotonic

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.page_cache import forget_pages
from lms import caching
from lms.limits import allows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

LESSON = "/science/qr-inside/"


@pytest.fixture
def redis(redis_server, settings):
    """A server of this test's own, in which the site keeps everything."""
    server, settings.CACHES = redis_server
    settings.KEEPS_PAGES = True
    return server


def kill(server):
    server.kill()
    server.wait()


def queries(address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 200
    return len(captured)


def test_pages_are_made_anew_and_the_log_says_it_once(redis, caplog):
    Client().get(LESSON)
    assert queries(LESSON) == 0
    kill(redis)
    begun = monotonic()
    assert queries(LESSON) > 0
    assert queries(LESSON) > 0
    forget_pages()  # as an editor's publishing does
    assert monotonic() - begun < 5  # what one waited for Redis before
    assert len([line for line in caplog.messages if "Redis is away" in line]) == 1


def test_alive_is_said_without_asking_redis(redis, django_assert_num_queries):
    client = Client()
    kill(redis)
    with django_assert_num_queries(0):
        assert client.get("/healthz").json()["status"] == "ok"
    assert not caching.away_until  # nobody has noticed


def test_nobody_signs_in_uncounted_and_everybody_reads(redis, rf, settings, django_user_model):
    kill(redis)
    request = rf.get("/")
    request.user = django_user_model(pk=1)  # as some are counted by account
    assert allows(request, "manual_view")
    assert allows(request, "manuals_api")
    for action in settings.CLOSED_UNCOUNTED:
        assert not allows(request, action, key="1")
    tried = Client().post("/accounts/login/", {"login": "root", "password": "guess"})
    assert tried.status_code == 429
    assert "请再试一次" in tried.content.decode()
