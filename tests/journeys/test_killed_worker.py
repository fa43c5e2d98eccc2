"""A worker dies while it listens; the job ends once all the same."""

import os
import signal
from pathlib import Path

import pytest

LEASE_SECONDS = 4


def engine_children(site) -> list[int]:
    """Processes of this site that transcribe; they carry its folder in their environment."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes()
            environment = (folder / "environ").read_bytes()
        except (NotADirectoryError, FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if b"subtitles.engines" in command and str(site.folder).encode() in environment:
            found.append(int(folder.name))
    return found


def transcript(site) -> tuple:
    [row] = site.rows("SELECT state, attempts FROM media_stage WHERE kind = 'transcript'")
    return row


@pytest.mark.city
def test_a_worker_killed_while_it_transcribes_delays_the_job_and_doubles_nothing(new_site, broker):
    site = new_site(STAGE_LEASE_SECONDS=str(LEASE_SECONDS), **broker)
    site.start("worker")
    site.wait_until(lambda: engine_children(site), "the engine has started")
    site.kill("worker")
    site.wait_until(lambda: not engine_children(site), "the engine has died with its worker")
    assert transcript(site) == ("running", 1)  # as the dead worker left it

    site.start("worker")
    site.wait_until(site.is_processed, "every stage is done")
    assert transcript(site) == ("done", 2)
    assert site.value("SELECT count(*) FROM subtitles_track") == 1
    starts = [start for (start,) in site.rows("SELECT start_ms FROM subtitles_trackcue")]
    assert len(starts) == len(set(starts)) >= 6
    named = {
        site.folder / "media" / name for (name,) in site.rows("SELECT file FROM media_rendition")
    }
    assert len(named) == 3
    assert named <= site.films()  # beside them what somebody may be watching still
    site.sweep()
    assert site.films() == named
    assert not list((site.folder / "work").glob("transcript-*"))


@pytest.mark.broker
@pytest.mark.thorough("test_recognition kills the engine alone; a killed worker is tried anyway")
def test_an_engine_that_dies_is_started_again_within_the_same_attempt(new_site, broker):
    site = new_site(**broker)
    site.start("worker")
    site.wait_until(lambda: engine_children(site), "the engine has started")
    for process in engine_children(site):
        os.kill(process, signal.SIGKILL)
    site.wait_until(site.is_processed, "every stage is done")
    assert transcript(site) == ("done", 1)
    assert site.value("SELECT count(*) FROM subtitles_track") == 1
