"""While a worker's own threads look at the database it forks no child, which would wait for ever
for what a library held locked at that moment."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest
from celery import Celery
from celery.worker import WorkController

from lms.operations.watching import pulse
from media.pipeline import dispatcher
from media.pipeline.forking import FORKS_NOTHING


def may_fork() -> bool:
    """Whether another thread could."""

    def try_it() -> bool:
        free = FORKS_NOTHING.acquire(blocking=False)
        if free:
            FORKS_NOTHING.release()
        return free

    with ThreadPoolExecutor(1) as another:
        return another.submit(try_it).result()


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
    child = os.fork()
    if not child:
        os._exit(0 if may_fork() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
