"""How often something may be done: counted over a span that moves along, by address or by key."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied

from lms.limits import allows, client_address, refuse
from tests.architecture.house import our_files

#: What a counter may ask of Redis.
ASKS = ("eval", "evalsha", "get", "set", "del")


@pytest.fixture(autouse=True, params=["memory", "redis"])
def clock(request, monkeypatch, settings):
    """What the counter goes by: a clock that stands. In either cache."""

    class Clock:
        now = 1_800_000_000.25

    if request.param == "redis":
        _server, settings.CACHES = request.getfixturevalue("redis_server")
    else:
        backend = "django.core.cache.backends.locmem.LocMemCache"
        settings.CACHES = {name: {"BACKEND": backend} for name in ("default", "pages")}
    cache.clear()
    settings.RATE_LIMITS = {"wave": "2/10m/ip", "call": "1/10m/key,3/10m/ip"}
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: Clock.now)
    return Clock


@pytest.fixture
def ask(rf):
    def ask_from(address, action="wave", *, method="get", **more):
        request = getattr(rf, method)("/", REMOTE_ADDR=address)
        return allows(request, action, **more)

    return ask_from


@pytest.fixture
def redis_calls(clock):
    """How often Redis was asked since then."""
    client = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])

    def calls():
        told = client.info("commandstats")
        return sum(told[f"cmdstat_{each}"]["calls"] for each in ASKS if f"cmdstat_{each}" in told)

    before = calls()
    return lambda: calls() - before


@pytest.mark.parametrize("method", ["get", "post"])
def test_so_many_are_allowed_from_one_address_and_then_none(ask, method):
    assert [ask("192.0.2.1", method=method) for _ in range(4)] == [True, True, False, False]
    assert ask("192.0.2.2", method=method)


def test_the_span_moves_along_and_what_was_refused_does_not_count(ask, clock):
    assert ask("192.0.2.1")
    clock.now += 300
    assert ask("192.0.2.1")
    for _ in range(10):
        assert not ask("192.0.2.1")
    clock.now += 301  # ten minutes after the first one
    assert ask("192.0.2.1")
    assert not ask("192.0.2.1")


def test_looking_does_not_count(ask):
    assert [ask("192.0.2.1", only_look=True) for _ in range(5)] == [True] * 5
    assert [ask("192.0.2.1") for _ in range(2)] == [True, True]
    assert not ask("192.0.2.1", only_look=True)


def test_who_comes_at_once_from_one_address_is_counted_and_not_refused(ask, settings, monkeypatch):
    settings.RATE_LIMITS = {"wave": "12/10m/ip"}
    count = ratelimit.apply_rate

    def slowly(*arguments, **named):
        time.sleep(0.12)  # twelve in a row are longer than allauth itself would wait
        return count(*arguments, **named)

    monkeypatch.setattr(ratelimit, "apply_rate", slowly)
    with ThreadPoolExecutor(12) as phones:
        allowed = list(phones.map(ask, ["192.0.2.1"] * 12))
    assert allowed == [True] * 12
    assert not ask("192.0.2.1")


def test_each_of_several_limits_must_allow_it(ask):
    assert ask("192.0.2.1", "call", key="one")
    assert not ask("192.0.2.2", "call", key="one")
    assert ask("192.0.2.1", "call", key="two")
    assert ask("192.0.2.1", "call", key="three")
    assert not ask("192.0.2.1", "call", key="four")


@pytest.mark.parametrize("clock", ["redis"], indirect=True)
def test_what_one_limit_refuses_counts_for_no_other_in_redis(ask, redis_calls):
    assert ask("192.0.2.1", "call", key="one")
    assert not any(ask("192.0.2.1", "call", key="one") for _ in range(5))
    assert ask("192.0.2.1", "call", key="two")
    assert ask("192.0.2.1", "call", key="three")
    assert redis_calls() == 8  # each is one question


def test_an_action_without_limits_is_a_mistake(ask):
    with pytest.raises(KeyError):
        ask("192.0.2.1", "sing")


def test_one_household_has_one_address(rf):
    first, second = (
        client_address(rf.get("/", REMOTE_ADDR=f"2001:db8:1:2:{end}")) for end in ("a::1", "b::2")
    )
    assert first == second != client_address(rf.get("/", REMOTE_ADDR="2001:db8:1:3::1"))
    with pytest.raises(PermissionDenied):
        client_address(rf.get("/", REMOTE_ADDR=""))


def test_who_is_refused_reads_what_to_do(client, rf):
    request = client.get("/display/").wsgi_request
    answer = refuse(request)
    assert answer.status_code == 429
    assert "请再试一次" in answer.content.decode()


def test_every_limit_is_asked_for_by_a_page_and_every_page_has_its_limit(checkout):
    from lms.settings.limits import RATE_LIMITS

    text = "".join(
        path.read_text()
        for package in ("lms", "courses")
        for path in our_files(checkout / package, "*.py")
    )
    asked = set(re.findall(r'\ballows\(\s*(?:self\.)?request,\s*"(\w+)"', text))
    assert asked == set(RATE_LIMITS)
