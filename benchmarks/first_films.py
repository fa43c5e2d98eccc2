"""All films of the starter's lessons after a first start: how long, how large, and home meanwhile.

    python benchmarks/first_films.py [--port N] [--films N]

Takes an hour on a quiet machine; with --films as long as the first N need. It runs bin/start in a
folder of its own until each film stands. The worker, with all that it has started, is halted and
let go on in turns of ten seconds, and home is asked for five times a second in both, so that one
machine in one hour is compared with itself. The time in which it was halted is taken off; halting
makes gaps between stages too, which are not. Prints a line a minute, then the figures.
"""

import argparse
import contextlib
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TURN_SECONDS = 10  # a stage's lease is 30: none is lost while its worker is halted
BETWEEN_SECONDS = 0.2
LONGEST_SECONDS = 3 * 3600
LEFT_OUT = 5  # of the first answers of a turn

#: Films that can be watched and kept, of all that are wanted.
FILMS = """
SELECT count(*), count(done.film_id) FROM media_film LEFT JOIN (
    SELECT media_film.id AS film_id FROM media_film JOIN media_stage USING (video_id)
    GROUP BY 1 HAVING min(media_stage.state = 'done') = 1
) AS done ON done.film_id = media_film.id
"""
BYTES = "SELECT sum(size_bytes) FROM media_rendition JOIN media_film USING (video_id)"
FAILED = """
SELECT count(*) FROM media_stage JOIN media_film USING (video_id)
WHERE media_stage.state = 'failed'
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--films", type=int, help="stop when so many stand; without it, all")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="first-films-") as folder:
        environment = {**os.environ, "VAR_DIR": folder}
        command = [str(ROOT / "bin/start"), "--port", str(options.port)]
        log = (Path(folder) / "start.log").open("w")
        begun_at = time.monotonic()
        start = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            watch(start, Path(folder), f"http://127.0.0.1:{options.port}/", begun_at, options.films)
        finally:
            go_on(start.pid)
            start.send_signal(signal.SIGTERM)
            start.wait()


def watch(
    start: subprocess.Popen[bytes], folder: Path, home: str, begun_at: float, enough: int | None
) -> None:
    wait_until_ready(start, folder)
    print(f"Ready after {time.monotonic() - begun_at:.0f} s", flush=True)
    idle: list[float] = []
    busy: list[float] = []
    halted = told = 0.0
    while True:
        wanted, there = row(folder, FILMS)
        lasted = time.monotonic() - begun_at
        if lasted - told > 60:
            print(f"{lasted / 60:5.1f} min: {there} of {wanted} films", flush=True)
            told = lasted
        if wanted and there >= (enough or wanted):
            break
        if lasted > LONGEST_SECONDS or row(folder, FAILED)[0]:
            sys.exit(f"{there} of {wanted} films after {lasted / 60:.0f} min; the log is gone.")
        busy += answers(home)
        paused_at = time.monotonic()
        with halting(start.pid):
            idle += answers(home)
        halted += time.monotonic() - paused_at
    minutes = (time.monotonic() - begun_at - halted) / 60
    megabytes = row(folder, BYTES)[0] / 1e6
    print(f"{there} of {wanted} films: {minutes:.1f} min since the start (all ≤ 15 asked)")
    print(f"{megabytes:.0f} MB in three sizes, sound and the file to keep (≤ 400 asked)")
    print(f"home, p95: {p95(busy):.1f} ms meanwhile, {p95(idle):.1f} ms with the worker halted;")
    print(
        f"ratio {p95(busy) / p95(idle):.2f} (≤ 1.5 asked), of {len(busy)} and {len(idle)} answers"
    )


def wait_until_ready(start: subprocess.Popen[bytes], folder: Path) -> None:
    while "Ready:" not in (folder / "start.log").read_text():
        if start.poll() is not None:
            sys.exit((folder / "start.log").read_text()[-2000:])
        time.sleep(0.2)


def row(folder: Path, sql: str) -> tuple[int, ...]:
    with contextlib.closing(sqlite3.connect(folder / "yinling.sqlite3", timeout=20)) as database:
        found: tuple[int, ...] = database.execute(sql).fetchone()
        return found


def answers(address: str) -> list[float]:
    """How long home took, in ms, for one turn."""
    taken = []
    until = time.monotonic() + TURN_SECONDS
    while time.monotonic() < until:
        asked_at = time.monotonic()
        with urllib.request.urlopen(address, timeout=30) as answer:
            answer.read()
        taken.append((time.monotonic() - asked_at) * 1000)
        time.sleep(BETWEEN_SECONDS)
    return taken[LEFT_OUT:]


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


@contextlib.contextmanager
def halting(start: int) -> Iterator[None]:
    """The worker below bin/start stands still, and whatever it has started."""
    still = workers(start)
    for process in still:
        send(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in still:
            send(process, signal.SIGCONT)


def go_on(start: int) -> None:
    for process in workers(start):
        send(process, signal.SIGCONT)


def send(process: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has just ended
        os.kill(process, what)


def workers(start: int) -> list[int]:
    """The worker's processes and all below them, parents first."""
    parents: dict[int, int] = {}
    worker = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            process = int(folder.name)
            stat = (folder / "stat").read_text()
            parents[process] = int(stat.rpartition(")")[2].split()[1])
            if parents[process] == start and (folder / "comm").read_text() == "worker\n":
                worker = process
    found = [worker] if worker else []
    for process in found:  # grows while it is walked
        found += [child for child, parent in parents.items() if parent == process]
    return found


if __name__ == "__main__":
    main()
