"""While a worker's own threads look at the database it forks no child, which would wait for ever
for what a library held locked at that moment."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread
from types import SimpleNamespace
from typing import Any, cast

import pytest
from celery import Celery
from celery.worker import WorkController

from lms.operations.watching import pulse
from media.pipeline import dispatcher
from media.pipeline.forking import FORKS_NOTHING

LONG_SECONDS = 120  # whoever waits so long waits for ever


def may_fork() -> bool:
    """Whether another thread could."""
    return not FORKS_NOTHING.is_held


def dispatch(look: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "send_due_stages", look)
    dispatcher.Dispatcher(cast(WorkController, None)).tick()


def beat(look: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "note_alive", look)
    queues = SimpleNamespace(consume_from=[])
    worker = SimpleNamespace(app=SimpleNamespace(amqp=SimpleNamespace(queues=queues)))
    step = object.__new__(pulse.Pulse)
    step.beat(cast(WorkController, worker))


def tick(look: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "note_alive", look)
    app = Celery("clock", broker="memory://", set_as_current=False)
    pulse.Clock(app, lazy=True, schedule_filename="").note_that_it_ticks()


@pytest.mark.parametrize("act", [dispatch, beat, tick])
def test_nothing_is_forked_meanwhile(act, monkeypatch):
    seen: list[bool] = []
    act(lambda *_args, **_kwargs: seen.append(may_fork()), monkeypatch)
    assert seen == [False]
    assert may_fork()


def test_a_child_finds_nothing_locked():
    with FORKS_NOTHING:  # as the clock does, whose jobs start FFmpeg
        child = os.fork()
        if not child:
            with FORKS_NOTHING:
                pass
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_thread_that_forks_waits_for_the_others():
    asked, done = Event(), []
    os.register_at_fork(before=asked.set)  # what was registered last is called first

    def fork() -> None:
        child = os.fork()
        if not child:
            os._exit(0)
        done.append("forked")
        os.waitpid(child, 0)

    thread = Thread(target=fork)
    with FORKS_NOTHING:
        thread.start()
        asked.wait()
        done.append("worked")
    thread.join()
    assert done == ["worked", "forked"]


def test_the_dispatcher_does_not_wait_for_the_clock(monkeypatch):
    """Which draws covers and makes packs for minutes."""
    looked: list[str] = []
    with FORKS_NOTHING, ThreadPoolExecutor(1) as another:
        look = another.submit(dispatch, lambda **_: looked.append("looked"), monkeypatch)
        look.result(timeout=LONG_SECONDS)
    assert looked == ["looked"]


def test_two_that_work_may_both_fork():
    """Each begins while the other is at work; neither waits for the other for ever."""
    both = Barrier(2)

    def work_and_fork() -> int:
        with FORKS_NOTHING:
            both.wait()
            child = os.fork()
            if not child:
                os._exit(0)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    with ThreadPoolExecutor(2) as two:
        works = [two.submit(work_and_fork) for _ in range(2)]
        assert [work.result(timeout=LONG_SECONDS) for work in works] == [0, 0]
