"""Who signs in by telephone, and what was sent; a Redis of a test's own."""

import shutil
import socket
import subprocess
from contextlib import suppress

import pytest

from lms import caching
from tests.lms.short_messages import MINE, box


@pytest.fixture
def sent(settings):
    """What the gateway was given."""
    settings.SMS_GATEWAY = "tests.lms.short_messages.BoxSms"
    box.sent.clear()
    box.is_broken = False
    return box.sent


@pytest.fixture
def grandmother(django_user_model):
    return django_user_model.objects.create_user(
        "laochen", last_name="陈", first_name="阿婆", telephone=MINE
    )


@pytest.fixture
def redis_server(tmp_path):
    """Its process, and `CACHES` with everything in it."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tmp_path],
        stdout=subprocess.DEVNULL,
    )
    entry = {"BACKEND": "lms.caching.ForgivingRedisCache", "LOCATION": f"redis://127.0.0.1:{port}"}
    while server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            break
    yield server, {"default": entry, "pages": entry}
    server.kill()
    server.wait()
    caching.away_until.clear()
