"""Many viewers who read slowly, and the site answers; under the real server."""

import os
import secrets
import socket
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from http.client import HTTPConnection

import pytest

THREADS = 2
VIEWERS = 40
FILM_BYTES = 12 * 1024 * 1024  # more than the system buffers for a reader who does not read


@pytest.fixture(scope="module")
def film() -> bytes:
    return secrets.token_bytes(1024) * (FILM_BYTES // 1024)


@pytest.fixture(scope="module")
def port(film, tmp_path_factory, checkout):
    """Of gunicorn, as bin/start has it run, but with two threads."""
    var_dir = tmp_path_factory.mktemp("served")
    (var_dir / "media/videos").mkdir(parents=True)
    (var_dir / "media/videos/film.mp4").write_bytes(film)
    with socket.create_server(("127.0.0.1", 0)) as door:
        number = door.getsockname()[1]
        server = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "lms.wsgi", "--bind", f"fd://{door.fileno()}",
                "--worker-class", "media.film_worker.FilmWorker", "--threads", str(THREADS),
                "--no-control-socket",
            ],
            cwd=checkout,
            env={**os.environ, "VAR_DIR": str(var_dir)},
            pass_fds=[door.fileno()],
        )  # fmt: skip
        with urllib.request.urlopen(f"http://127.0.0.1:{number}/healthz", timeout=120):
            pass
        yield number
        server.terminate()
        server.wait()


def begin_to_watch(port: int) -> socket.socket:
    """A viewer who has asked for the film and reads no more than the first bytes of the answer."""
    viewer = socket.create_connection(("127.0.0.1", port))
    viewer.sendall(b"GET /media/videos/film.mp4 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert viewer.recv(15) == b"HTTP/1.1 200 OK"
    return viewer


def test_slow_viewers_hold_nobody_up_and_each_gets_the_film(port, film):
    with ExitStack() as stack:
        viewers = [stack.enter_context(begin_to_watch(port)) for _ in range(VIEWERS)]
        for _ in range(THREADS * 3):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
                assert answer.status == 200
        received = b""
        while len(received) < len(film) or not received.endswith(film[-1024:]):
            block = viewers[-1].recv(1 << 20)
            assert block
            received += block
        assert received.partition(b"\r\n\r\n")[2] == film


def test_a_player_seeks_and_goes_on_over_the_same_connection(port, film):
    player = HTTPConnection("127.0.0.1", port, timeout=30)
    for start, last in [(0, 0), (5, 1_000_000), (FILM_BYTES - 10, FILM_BYTES - 1)]:
        player.request("GET", "/media/videos/film.mp4", headers={"Range": f"bytes={start}-{last}"})
        answer = player.getresponse()
        assert (answer.status, answer.read()) == (206, film[start : last + 1])
    player.request("GET", "/healthz")
    assert player.getresponse().status == 200


def test_who_leaves_in_the_middle_is_forgotten(port, film):
    for _ in range(THREADS * 3):
        begin_to_watch(port).close()
    player = HTTPConnection("127.0.0.1", port, timeout=30)
    player.request("GET", "/media/videos/film.mp4")
    assert player.getresponse().read() == film
