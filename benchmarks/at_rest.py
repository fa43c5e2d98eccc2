"""What the embedded site costs while nobody asks for anything, and how long it takes to start.

    python benchmarks/at_rest.py [--rest SECONDS] [--of PID]

Runs bin/start twice in a folder of its own, first with nothing there, then again; after the second
start six pages are opened and a minute passes. Memory is the sum of the proportional set sizes of
bin/start and all below it (/proc/*/smaps_rollup): what is shared is counted once. `--of PID` only
measures a tree that runs already, such as gunicorn's or a worker's. Prints Markdown.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "/",
    "/smart-tech/",
    "/smart-tech/scan-to-pay/",
    "/science/qr-inside/",
    "/search/",
    "/help/",
)
PATIENCE_SECONDS = 600
WITHOUT_FILMS = {"LESSON_FILMS": "0", "MANUAL_FILMS": "0"}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rest", type=float, default=60, help="seconds")
    parser.add_argument("--of", type=int, help="measure this process and those below it")
    options = parser.parse_args()
    if options.of:
        tell_memory(options.of)
        return
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        for start in ("with nothing there", "again"):
            begun = time.monotonic()
            with running(folder, port) as process:
                first = until_answered(port) - begun
                ready = until_ready(process) - begun
                print(
                    f"Started {start}: first answer {first:.1f} s, ready {ready:.1f} s", flush=True
                )
                if start == "again":
                    rest(port, options.rest)
                    tell_memory(process.pid)


@contextlib.contextmanager
def running(folder: str, port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [str(ROOT / "bin/start"), "--port", str(port)],
        env={**os.environ, **WITHOUT_FILMS, "VAR_DIR": folder},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def until_answered(port: int) -> float:
    """When a home page came. The port is taken from the first second, so asking waits."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), get(port, "/") as answer:
            if answer.status == 200:
                return time.monotonic()
        time.sleep(0.05)
    sys.exit("The site does not answer")


def until_ready(process: subprocess.Popen[str]) -> float:
    assert process.stdout
    for line in process.stdout:
        if line.startswith("Ready"):
            return time.monotonic()
    sys.exit("bin/start ended before it was ready")


def rest(port: int, seconds: float) -> None:
    for page in PAGES:
        get(port, page).close()
    time.sleep(seconds)


def get(port: int, page: str):  # type: ignore[no-untyped-def]  # urllib has no name for what it returns
    return urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=PATIENCE_SECONDS)


def tell_memory(pid: int) -> None:
    print("| process | PSS, MiB | of it private |\n|---|---|---|")
    total = 0.0
    for each in below(pid):
        pss, private = memory_of(each)
        total += pss
        print(f"| {name_of(each)} | {pss:.0f} | {private:.0f} |")
    print(f"| all | {total:.0f} | |")


def below(pid: int) -> Iterator[int]:
    """The process and whatever it started, in order."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from below(int(child))


def memory_of(pid: int) -> tuple[float, float]:
    """Proportional and private, in MiB."""
    found = dict.fromkeys(("Pss", "Private_Clean", "Private_Dirty"), 0)
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, size = line.partition(":")
        if name in found:
            found[name] = int(size.split()[0])
    return found["Pss"] / 1024, (found["Private_Clean"] + found["Private_Dirty"]) / 1024


def name_of(pid: int) -> str:
    """What it calls itself, and its command."""
    called = Path(f"/proc/{pid}/comm").read_text().strip()
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return f"{called}: " + " ".join(word.rpartition("/")[2] for word in words if word)[:60]


if __name__ == "__main__":
    main()
