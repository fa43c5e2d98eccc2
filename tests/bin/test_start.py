"""bin/start, run as a newcomer runs it: the real web process, worker and pipeline."""

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import pytest

from tests.collected import collected
from tests.migrated import copy_migrated

OURS = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "FFMPEG")
#: They would keep the machine busy.
WITHOUT_FILMS = {"LESSON_FILMS": "0", "MANUAL_FILMS": "0"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes_of(folder: Path) -> list[int]:
    """Every process that was started for this VAR_DIR, however far down."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"VAR_DIR={folder}\0".encode() in environ.read_bytes():
                found.append(int(environ.parent.name))
    return found


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory) -> Path:
    """Migrated: `migrate` finds nothing to do, and says so. Collected but for the list, without
    which no page is shown: `collectstatic` needs to compress nothing again."""
    folder = tmp_path_factory.mktemp("var")
    copy_migrated(f"{folder}/yinling.sqlite3")
    shutil.copytree(collected(), folder / "static")
    (folder / "static/staticfiles.json").unlink()
    return folder


def process_named(name: str, folder: Path) -> int:
    """The first of them; FFmpeg's come and go meanwhile."""
    for pid in processes_of(folder):
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/comm").read_text() == f"{name}\n":
                return pid
    raise AssertionError(f"no process is named {name}")


@pytest.fixture
def start(checkout, var_dir):
    running: list[subprocess.Popen[str]] = []

    def run(port: int, **settings: str) -> subprocess.Popen[str]:
        environment = {k: v for k, v in os.environ.items() if k not in OURS}
        process = subprocess.Popen(
            [checkout / "bin/start", "--port", str(port)],
            env=environment | {"VAR_DIR": str(var_dir), **WITHOUT_FILMS} | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()
    for pid in processes_of(var_dir):
        os.kill(pid, signal.SIGKILL)


def lines_until(process: subprocess.Popen[str], start: str) -> Iterator[str]:
    assert process.stdout
    for line in process.stdout:
        yield line
        if line.startswith(start):
            return
    pytest.fail(f"bin/start ended without saying {start!r}")


def has_clock(var_dir: Path) -> bool:
    """Whether it says within a minute that it is alive."""
    deadline = time.monotonic() + 60
    with contextlib.closing(sqlite3.connect(var_dir / "yinling.sqlite3", timeout=20)) as database:
        while time.monotonic() < deadline:
            if database.execute(
                "SELECT 1 FROM operations_heartbeat WHERE part = 'clock'"
            ).fetchone():
                return True
            time.sleep(0.2)
    return False


def test_it_opens_a_lesson_and_leaves_no_process_behind(start, var_dir):
    port = free_port()
    process = start(port)
    said = list(lines_until(process, "Ready: "))
    assert said[-1] == f"Ready: http://127.0.0.1:{port}/\n"
    assert any("admin" in line for line in said), "the demo accounts are printed"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/smart-tech/scan-to-pay/") as lesson:
        assert b"<video" in lesson.read()
    assert len(processes_of(var_dir)) > 3
    web, worker = (
        os.getpriority(os.PRIO_PROCESS, process_named(name, var_dir)) for name in ("web", "worker")
    )
    assert worker > web, "films would come before pages"
    assert has_clock(var_dir), "nobody would count the learners"

    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)
    assert time.monotonic() - asked < 10
    assert processes_of(var_dir) == []


def test_it_stops_and_says_why_when_a_process_dies(start, var_dir):
    process = start(free_port())
    list(lines_until(process, "Ready: "))
    web = process_named("web", var_dir)
    os.kill(web, signal.SIGKILL)
    rest, _ = process.communicate(timeout=20)
    assert "The web process ended (-9)" in rest
    assert process.returncode == 1
    assert processes_of(var_dir) == []


@pytest.mark.thorough("what a stage said is tried anyway, and that a failed start ends")
def test_it_ends_with_the_words_of_what_failed_when_the_sample_cannot_be_watched(
    start, var_dir, tmp_path
):
    with contextlib.closing(sqlite3.connect(var_dir / "yinling.sqlite3")) as database, database:
        database.execute("DELETE FROM media_stage WHERE video_id IS NOT NULL")
        database.execute("DELETE FROM media_rendition")  # as if none had been made yet
    able_until_it_works = tmp_path / "ffmpeg"
    able_until_it_works.write_text(
        "#!/bin/sh\n"
        f'case "$1" in -encoders|-h) exec {imageio_ffmpeg.get_ffmpeg_exe()} "$@";; esac\n'
        """echo "Unknown encoder 'libx264'" >&2; exit 1\n"""
    )
    able_until_it_works.chmod(0o755)
    process = start(free_port(), FFMPEG=str(able_until_it_works))
    list(lines_until(process, "Starting;"))
    rest, _ = process.communicate(timeout=120)  # it waits 300 s for what may still come
    assert process.returncode == 1
    assert "The sample video cannot be watched: 检查文件：" in rest
    assert "这台服务器的 ffmpeg 缺少 libx264" in rest
    assert "Ready" not in rest
    assert processes_of(var_dir) == []


def test_an_ffmpeg_that_cannot_be_used_is_named_before_anything_is_done(start, var_dir):
    said, _ = (process := start(free_port(), FFMPEG="/bin/false")).communicate(timeout=60)
    assert process.returncode == 1
    assert "设置 FFMPEG 用不了：/bin/false 不是能用的 ffmpeg。" in said
    assert "Ready" not in said
    assert processes_of(var_dir) == []


def test_a_port_in_use_is_named_before_anything_is_done(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said, _ = start(port).communicate(timeout=20)
    assert f"Port {port} cannot be used" in said
    assert "bin/start --port" in said
