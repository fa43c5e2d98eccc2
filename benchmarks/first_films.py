"""All films after a first start: when they stand, how large they are, and home meanwhile.

    python benchmarks/first_films.py [--port N] [--films N]

Takes half an hour on a quiet machine with two cores, where alone its figures say something. It runs
bin/start in a folder of its own until each film stands (with --films, until so many do), asks for
home five times a second all the while, and for three minutes more once nothing is made. Prints a
line a minute and the figures, and stops what it has started, also when it is told to end.
"""

import argparse
import contextlib
import os
import resource
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIRST = 42  # of the lessons; those that the starter had when the goal was set
GOAL_MINUTES = 15
TURN_SECONDS = 10
BETWEEN_SECONDS = 0.2
IDLE_SECONDS = 180
LONGEST_SECONDS = 3 * 3600
#: Settings of whoever runs this that would make it another site.
THEIRS = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "FFMPEG")

#: For lessons (1) and manuals (0): films that are wanted, and those that can be watched and kept.
FILMS = """
SELECT media_narration.page_id IS NOT NULL AS of_lessons, count(*), count(done.film_id)
FROM media_film JOIN media_narration ON media_narration.id = media_film.narration_id
LEFT JOIN (
    SELECT media_film.id AS film_id FROM media_film JOIN media_stage USING (video_id)
    GROUP BY 1 HAVING min(media_stage.state = 'done') = 1
) AS done ON done.film_id = media_film.id
GROUP BY 1
"""
BYTES = """
SELECT sum(size_bytes), count(DISTINCT video_id) FROM media_rendition
JOIN media_film USING (video_id)
JOIN media_narration ON media_narration.id = media_film.narration_id WHERE page_id IS NOT NULL
"""
FAILED = """
SELECT media_video.title, media_stage.kind, media_stage.message
FROM media_stage JOIN media_film USING (video_id) JOIN media_video ON media_video.id = video_id
WHERE media_stage.state = 'failed'
"""


@dataclass(frozen=True)
class Standing:
    """How many films are wanted, and how many of them stand."""

    lessons: int = 0
    of_lessons: int = 0
    manuals: int = 0
    of_manuals: int = 0

    @property
    def are_all(self) -> bool:
        return self.lessons > 0 and (self.lessons, self.manuals) == (
            self.of_lessons,
            self.of_manuals,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--films", type=int, help="stop when so many stand; without it, all")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Told to end."))
    with tempfile.TemporaryDirectory(prefix="first-films-", ignore_cleanup_errors=True) as folder:
        environment = {name: value for name, value in os.environ.items() if name not in THEIRS}
        environment |= {"VAR_DIR": folder, "LESSON_FILMS": "1", "MANUAL_FILMS": "1"}
        command = [str(ROOT / "bin/start"), "--port", str(options.port)]
        with (Path(folder) / "start.log").open("w") as log:
            begun_at = time.monotonic()
            start = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        home = f"http://127.0.0.1:{options.port}/"
        try:
            watch(start, Path(folder), home, begun_at, options.films)
        finally:
            start.send_signal(signal.SIGTERM)
            start.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"CPU of the whole site since the start: {used.ru_utime + used.ru_stime:.0f} s")


def watch(
    start: subprocess.Popen[bytes], folder: Path, home: str, begun_at: float, enough: int | None
) -> None:
    wait_until_ready(start, folder)
    print(f"Ready after {time.monotonic() - begun_at:.0f} s", flush=True)
    busy: list[float] = []
    told = 0.0
    seen: set[str] = set()
    while True:
        now = standing(folder)
        lasted = time.monotonic() - begun_at
        for what in reached(now) - seen:
            seen.add(what)
            print(f"{what}: {lasted / 60:.1f} min (the first {FIRST} ≤ {GOAL_MINUTES} asked)")
        if lasted - told > 60:
            print(f"{lasted / 60:5.1f} min: {now}", flush=True)
            told = lasted
        if now.are_all or (enough and now.of_lessons + now.of_manuals >= enough):
            break
        failed = rows(folder, FAILED)
        if failed or lasted > LONGEST_SECONDS:
            sys.exit(f"{now} after {lasted / 60:.0f} min; failed: {failed}")
        busy += answers(home, seconds=TURN_SECONDS)
    [(size, films)] = rows(folder, BYTES)
    print(
        f"{size / 1e6:.0f} MB: {films} lessons' films in three sizes, their sound and the file to "
        "keep (≤ 400 asked)"
    )
    print(f"home, p95 meanwhile: {p95(busy):.1f} ms, of {len(busy)} answers", flush=True)
    if now.are_all:
        idle = answers(home, seconds=IDLE_SECONDS)
        ratio = p95(busy) / p95(idle)
        print(f"home, p95 idle: {p95(idle):.1f} ms; ratio {ratio:.2f} (≤ 1.5 asked)")


def reached(now: Standing) -> set[str]:
    """What can be said to stand."""
    reached = {
        f"The first {FIRST} lessons' films": now.of_lessons >= FIRST,
        f"All {now.lessons} lessons' films": now.of_lessons == now.lessons > 0,
        f"The {now.manuals} manuals' films": now.of_manuals == now.manuals > 0,
    }
    return {what for what, is_so in reached.items() if is_so}


def standing(folder: Path) -> Standing:
    found = {of_lessons: counts for of_lessons, *counts in rows(folder, FILMS)}
    return Standing(*found.get(1, (0, 0)), *found.get(0, (0, 0)))


def wait_until_ready(start: subprocess.Popen[bytes], folder: Path) -> None:
    while "Ready:" not in (folder / "start.log").read_text():
        if start.poll() is not None:
            sys.exit((folder / "start.log").read_text()[-2000:])
        time.sleep(0.2)


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(folder / "yinling.sqlite3", timeout=20)) as database:
        return database.execute(sql).fetchall()


def answers(address: str, *, seconds: float) -> list[float]:
    """How long home took, in ms."""
    taken = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        asked_at = time.monotonic()
        with urllib.request.urlopen(address, timeout=30) as answer:
            answer.read()
        taken.append((time.monotonic() - asked_at) * 1000)
        time.sleep(BETWEEN_SECONDS)
    return taken


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    main()
