"""Kill each part of a running city, at moments spread over a job, and tell what became of the job.

    eval "$(bin/services env)"
    python benchmarks/faults.py [--moments 10] [--victims worker …] [--rabbitmq]

Needs PostgreSQL and Redis of bin/services, which it kills and starts again (the broker with
--rabbitmq is RabbitMQ); makes a database of its own. A job is a film of some seconds through all of
its stages. What was killed is started again at once (worker, web) or after three seconds (broker,
database). `disk` fills the disk once: it wants to mount a small one, so it needs root. Prints
Markdown for benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # else `import lms` would look here

CLIP = ROOT / "courses/starter/media/clip.mp4"
AWAY_SECONDS = 3
DISK_FULL_SECONDS = 40
GIVEN_UP_SECONDS = 240
ENDED = {"done", "skipped", "failed"}


@dataclass
class Outcome:
    """One job with one fault in it; what is wrong stands in `faults`."""

    moment: float  # seconds after the upload
    killed: int
    seconds_after: float  # from the end of the fault to the end of the job
    again: int = 0  # stages that were begun once more
    faults: list[str] = field(default_factory=list)


def processes_below(parent: int) -> list[tuple[int, str]]:
    """(id, command line) of every living descendant."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, its_parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(its_parent), []).append(int(stat.parent.name))
    found, look = [], [parent]
    while look:
        for child in children.get(look.pop(), []):
            look.append(child)
            with suppress(OSError):
                command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ")
                found.append((child, command.decode(errors="replace")))
    return found


class Service:
    """A process of bin/services, killed with all below it, and started as it was."""

    def __init__(self, process: int, command: list[str] | None = None) -> None:
        self.process = process
        told = Path(f"/proc/{process}/cmdline").read_text().strip("\0").split("\0")
        self.command = command or told
        surroundings = Path(f"/proc/{process}/environ").read_text().split("\0")
        told_it = [entry.split("=", 1) for entry in surroundings if "=" in entry]
        self.environment = {**os.environ, **dict(told_it)}  # Redis writes over its own
        self.owner = Path(f"/proc/{process}").stat().st_uid
        self.folder = Path(f"/proc/{process}/cwd").readlink()

    def kill(self) -> None:
        for process in [self.process, *(child for child, _ in processes_below(self.process))]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def start(self, is_up: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            started = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environment,
                user=self.owner,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self.process = started.pid
            while started.poll() is None and time.monotonic() < deadline:
                if is_up():
                    return
                time.sleep(0.2)
            time.sleep(0.5)  # PostgreSQL refuses while what it left behind still ends
        sys.exit(f"{self.command[0]} did not come up again")


def rabbit() -> Service:
    return Service(int((ROOT / "var/services/rabbit/pid").read_text()))


def redis_server(url: str) -> Service:
    import redis

    info: Any = redis.Redis.from_url(url).info("server")
    where = ["--bind", "127.0.0.1", "--port", str(info["tcp_port"])]  # it writes over its own words
    return Service(
        int(info["process_id"]), ["redis-server", *where, "--save", "", "--appendonly", "no"]
    )


class City:
    """A site on PostgreSQL and Redis or RabbitMQ, and the film that every job is about."""

    def __init__(self, folder: Path, *, rabbitmq: bool = False) -> None:
        from tests.collected import share_collected
        from tests.journeys.conftest import Site
        from tests.journeys.rabbit import own_host

        self.site = Site(folder, **({"CELERY_BROKER_URL": own_host()} if rabbitmq else {}))
        os.environ.update(self.site.environment)
        share_collected(folder)
        self.site.manage("migrate", "-v0")
        import django

        django.setup()
        import psycopg

        from media.ffmpeg.process import binary

        self.film = folder / "film.mp4"
        subprocess.run(
            [binary(), "-v", "error", "-t", "8", "-i", str(CLIP), "-c", "copy", str(self.film)],
            check=True,
        )
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            [[data]] = connection.execute("SHOW data_directory").fetchall()
        self.database = Service(int((Path(str(data)) / "postmaster.pid").read_text().split()[0]))
        self.broker = rabbit() if rabbitmq else redis_server(os.environ["CELERY_BROKER_URL"])

    def database_answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def broker_answers(self) -> bool:
        from lms.celery import app

        connection: Any = app.connection_for_write(connect_timeout=2)
        try:
            connection.connect()
        except connection.connection_errors:
            return False
        finally:
            connection.release()
        return True

    def kill(self, victim: str) -> int:
        """Do it, and start it again; returns how many processes died (0: there was none)."""
        if victim in {"worker", "web"}:
            self.site.kill(victim)
            self.site.start(victim)
            return 1
        if victim in {"broker", "database"}:
            service, answers = {
                "broker": (self.broker, self.broker_answers),
                "database": (self.database, self.database_answers),
            }[victim]
            service.kill()
            time.sleep(AWAY_SECONDS)
            service.start(answers)
            return 1
        pattern = {"ffmpeg": "ffmpeg", "transcriber": "subtitles.engines.child"}[victim]
        worker = self.site.processes["worker"].pid
        hit = [process for process, command in processes_below(worker) if pattern in command[:200]]
        for process in hit:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return len(hit)

    def upload(self) -> int:
        from django.core.files import File

        from media.models import Video

        with self.film.open("rb") as content:
            video = Video.objects.create(title="怎样量血压", original=File(content, name="a.mp4"))
        return int(video.pk)

    def stages(self, video: int) -> list[Any]:
        from media.models import Stage

        return list(Stage.objects.filter(video=video))

    def run_job(
        self, victim: str, moment: float, do_harm: Callable[[str], int] | None = None
    ) -> Outcome:
        """One film with one fault, `moment` seconds after its upload or as soon as can be."""
        do_harm = do_harm or self.kill
        video = self.upload()
        begun = time.monotonic()
        outcome = Outcome(moment, 0, 0.0)
        fault_over: float | None = None if victim else begun
        seen: set[str] = set()
        while time.monotonic() - begun < GIVEN_UP_SECONDS:
            if fault_over is None and time.monotonic() - begun >= moment:
                outcome.killed = do_harm(victim)
                if outcome.killed:
                    fault_over = time.monotonic()
                    self._forget_connection()
            stages = self._patiently(lambda: self.stages(video))
            self._patiently(lambda: self.look_at_files(video, seen, outcome))
            if stages and {stage.state for stage in stages} <= ENDED:
                break
            time.sleep(0.1)
        else:
            outcome.faults.append("did not end")
        if self.site.processes["worker"].poll() is not None:
            outcome.faults.append("the worker left")
            self.site.start("worker")
        outcome.seconds_after = time.monotonic() - (fault_over or time.monotonic())
        self.judge(video, outcome)
        return outcome

    def look_at_files(self, video: int, seen: set[str], outcome: Outcome) -> None:
        """Whatever a row names is whole from the first moment on."""
        from media.ffmpeg.probe import UnusableMedia, probe
        from media.models import Rendition

        for rendition in Rendition.objects.filter(video=video):
            if rendition.file.name in seen:
                continue
            seen.add(str(rendition.file.name))
            try:
                if probe(Path(rendition.file.path)).size_bytes != rendition.size_bytes:
                    outcome.faults.append(f"{rendition.name} is not as long as said")
            except UnusableMedia as reason:
                if Rendition.objects.filter(pk=rendition.pk, file=rendition.file.name).exists():
                    outcome.faults.append(f"{rendition.name}: {reason}")

    def judge(self, video: int, outcome: Outcome) -> None:
        from media.models import Rendition, Video
        from subtitles.models import Track, TrackCue

        stages = self.stages(video)
        outcome.again = sum(stage.attempts - 1 for stage in stages)
        outcome.faults += [
            f"{stage.kind} {stage.state}: {stage.message}"
            for stage in stages
            if stage.state != "done"
        ]
        row = Video.objects.get(pk=video)
        if Path(row.original.path).read_bytes() != self.film.read_bytes():
            outcome.faults.append("the original is not what it was")
        named = {Path(rendition.file.path) for rendition in Rendition.objects.filter(video=video)}
        if len(named) != 3:
            outcome.faults.append(f"{len(named)} renditions")
        self.site.sweep()
        films = {path for path in self.site.films() if path.parent.name == row.key.hex}
        if films != named:
            over, gone = len(films - named), len(named - films)
            outcome.faults.append(f"files: {over} left over, {gone} gone")
        if Track.objects.filter(video=video).count() != 1:
            outcome.faults.append("not one track")
        starts = list(
            TrackCue.objects.filter(track__video=video).values_list("start_ms", flat=True)
        )
        if not starts or len(starts) != len(set(starts)):
            outcome.faults.append(f"{len(starts)} cues, {len(set(starts))} different")
        left = [path.name for path in (self.site.folder / "work").glob("*")]
        if left:
            outcome.faults.append(f"left in work: {left}")
        shutil.rmtree(self.site.folder / "work", ignore_errors=True)

    def _forget_connection(self) -> None:
        from django.db import connection

        connection.close()

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        from django.db import InterfaceError, OperationalError

        for _second in range(30):
            try:
                return ask()
            except (OperationalError, InterfaceError):
                self._forget_connection()
                time.sleep(1)
        return ask()


def tell(victim: str, outcomes: list[Outcome]) -> None:
    hit = [outcome for outcome in outcomes if outcome.killed]
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    after = sorted(outcome.seconds_after for outcome in hit)
    moments = f"{outcomes[0].moment:.1f}–{outcomes[-1].moment:.1f} s"
    slowest = f"{after[len(after) // 2]:.0f} s, {after[-1]:.0f} s" if after else "—"
    again = ", ".join(str(outcome.again) for outcome in outcomes)
    told = "; ".join(sorted(set(faults))) or "none"
    print(f"| {victim} | {len(hit)} of {len(outcomes)}, {moments} | {slowest} | {again} | {told} |")
    sys.stdout.flush()


def fill_the_disk(city: City, moment: float) -> Outcome:
    """Not a byte is left for a while, in the middle of a job."""
    full = city.site.folder / "ballast"

    def fill(victim: str) -> int:
        ballast = os.open(full, os.O_WRONLY | os.O_CREAT)
        for block in (2**20, 2**12, 1):
            with suppress(OSError):
                while True:
                    os.write(ballast, b"\0" * block)
        os.close(ballast)
        time.sleep(DISK_FULL_SECONDS)
        full.unlink()
        return 1

    return city.run_job("disk", moment, fill)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--moments", type=int, default=10)
    everyone = ["worker", "ffmpeg", "transcriber", "web", "broker", "database", "disk"]
    parser.add_argument("--victims", nargs="+", default=everyone, choices=everyone)
    parser.add_argument("--rabbitmq", action="store_true", help="as the broker")
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit('First: bin/services start; eval "$(bin/services env)"')
    folder = Path(tempfile.mkdtemp(prefix="faults-")) / "faults"
    folder.mkdir()
    mounted = "disk" in options.victims and urlsplit(str(folder)).path and os.geteuid() == 0
    if mounted:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", folder], check=True)
    city = City(folder, rabbitmq=options.rabbitmq)
    try:
        city.site.start("worker")
        city.site.go_on()
        city.run_job("", 0.0)  # the first is slow: the model is joined, programs are read
        undisturbed = [city.run_job("", 0.0) for _ in range(3)]
        job = min(outcome.seconds_after for outcome in undisturbed)
        print(f"Undisturbed: {job:.1f} s, {[outcome.faults for outcome in undisturbed]}\n")
        print(
            "| killed | how often, when | after the fault: median, longest | begun again | wrong |"
        )
        print("|---|---|---|---|---|", flush=True)
        moments = [job * (number + 0.2) / options.moments for number in range(options.moments)]
        for victim in options.victims:
            if victim == "disk":
                if mounted:
                    tell(victim, [fill_the_disk(city, job / 3)])
                continue
            tell(victim, [city.run_job(victim, moment) for moment in moments])
    finally:
        city.site.stop()
        if mounted:
            subprocess.run(["umount", "-l", folder], check=False)
        shutil.rmtree(folder.parent, ignore_errors=True)


if __name__ == "__main__":
    main()
