"""Ten films through one worker and through two: how long, and that nothing is done twice.

    eval "$(bin/services env)"; python benchmarks/throughput.py [--films 10]

Prints Markdown for benchmarks/README.md. Each worker has one process, so that two workers on a
machine of two cores show what a second machine would give.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.faults import ENDED, ROOT, City

GIVEN_UP_SECONDS = 1800


def start_worker(city: City, number: int) -> subprocess.Popen[bytes]:
    log = city.site.folder / f"worker{number}.log"
    command = [sys.executable, "-m", "celery", "-A", "lms", "worker"]
    with log.open("wb") as output:
        return subprocess.Popen(
            [*command, "--concurrency", "1", "--loglevel", "INFO", "-n", f"w{number}@%h"],
            cwd=ROOT,
            env=city.site.environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def wait_until_ready(city: City, number: int) -> None:
    city.site.wait_until(
        lambda: " ready" in (city.site.folder / f"worker{number}.log").read_text(),
        "the worker is ready",
    )


def run_films(city: City, count: int) -> tuple[float, int, list[str]]:
    """Seconds until all have ended, how many stages were begun twice, and what went wrong."""
    from media.models import Stage

    begun = time.monotonic()
    videos = [city.upload() for _ in range(count)]
    stages: list[Stage] = []
    while time.monotonic() - begun < GIVEN_UP_SECONDS:
        stages = list(Stage.objects.filter(video__in=videos))
        planned = {stage.video_id for stage in stages}
        if len(planned) == count and {stage.state for stage in stages} <= ENDED:
            break
        time.sleep(0.2)
    seconds = time.monotonic() - begun
    twice = sum(stage.attempts - 1 for stage in stages)
    wrong = [f"{stage}: {stage.message}" for stage in stages if stage.state != "done"]
    return seconds, twice, wrong


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--films", type=int, default=10)
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit('First: bin/services start; eval "$(bin/services env)"')
    folder = Path(tempfile.mkdtemp(prefix="throughput-")) / "throughput"
    folder.mkdir()
    city = City(folder)
    print("| workers | films | seconds | films an hour | stages begun twice | wrong |")
    print("|---|---|---|---|---|---|", flush=True)
    workers: list[subprocess.Popen[bytes]] = []
    try:
        for number in (1, 2):
            workers.append(start_worker(city, number))
            wait_until_ready(city, number)
            if number == 1:
                run_films(city, 1)  # the model is joined, programs are read
            seconds, twice, wrong = run_films(city, options.films)
            told = "; ".join(wrong) or "none"
            hourly = options.films / seconds * 3600
            print(
                f"| {number} | {options.films} | {seconds:.0f} | {hourly:.0f} | {twice} | {told} |",
                flush=True,
            )
    finally:
        for worker in workers:
            os.killpg(worker.pid, 9)
        shutil.rmtree(folder.parent, ignore_errors=True)


if __name__ == "__main__":
    main()
