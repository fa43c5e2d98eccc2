"""The clock is a thread of the worker where there is no broker, and goes on after an error."""

from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery
from celery.beat import Service

from lms.operations.watching import pulse
from lms.operations.watching.pulse import OwnClock, has_no_broker


def worker_of(app: Celery) -> Any:
    """As much of one as the clock asks."""
    return SimpleNamespace(app=app)


def clock_of(broker: str) -> OwnClock:
    return OwnClock(worker_of(Celery(broker=broker)))


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch):
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)


@pytest.fixture(autouse=True)
def told(monkeypatch) -> list[str]:
    """Of what the clock said that it is alive: its own thread would need a database that another
    connection sees."""
    told: list[str] = []
    monkeypatch.setattr(pulse, "note_alive", told.extend)
    return told


@pytest.mark.parametrize(("broker", "is_own"), [("memory://", True), ("redis://x/", False)])
def test_a_worker_has_one_of_its_own_only_without_a_broker(broker, is_own):
    assert clock_of(broker).enabled == is_own


@pytest.fixture
def app(tmp_path) -> Celery:
    app = Celery("clock", broker="memory://", set_as_current=False)
    app.conf.beat_schedule_filename = str(tmp_path / "schedule")
    return app


def test_it_does_the_jobs_itself_without_a_worker(app, told):
    done = Event()
    app.task(name="job")(done.set)
    app.conf.beat_schedule = {"a job": {"task": "job", "schedule": 0.01}}
    assert has_no_broker(app)
    clock = OwnClock(worker_of(app))
    clock.start(worker_of(app))
    assert done.wait(20)
    clock.stop(worker_of(app))
    assert not clock.thread.is_alive()
    assert told == ["clock"]


def test_it_begins_afresh_after_an_error(app, monkeypatch):
    begun, again = [], Event()

    def start(service: Service) -> None:
        begun.append(service)
        if len(begun) == 1:
            raise OSError("the disk is full")
        again.set()
        service._is_shutdown.wait(20)

    monkeypatch.setattr(Service, "start", start)
    monkeypatch.setattr(pulse, "AFRESH_SECONDS", 0.01)
    clock = OwnClock(worker_of(app))
    clock.start(worker_of(app))
    assert again.wait(20)
    clock.stop(worker_of(app))
    assert begun[0] is not begun[1]
