"""A worker forks its children from one thread while others look at the database.

What a thread's libraries hold locked at that moment, such as SQLite's memory, a child would inherit
locked, and wait for it for ever: it would never take up what it is given. So whoever does something
in the worker's own process, beside the children, holds FORKS_NOTHING while it does. Any number of
threads hold it together: a clock that is busy for minutes does not hold up the dispatcher.
"""

import os
from threading import Condition, get_ident
from typing import Final


class ForksNothing:
    """Held by threads; a fork waits until none but the one that forks holds it."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._held: dict[int, int] = {}  # how often, by thread

    def __enter__(self) -> None:
        with self._changed:
            self._held[get_ident()] = self._held.get(get_ident(), 0) + 1

    def __exit__(self, *raised: object) -> None:
        with self._changed:
            self._held[get_ident()] -= 1
            if not self._held[get_ident()]:
                del self._held[get_ident()]
                self._changed.notify_all()

    @property
    def is_held(self) -> bool:
        return bool(self._held)

    def before_fork(self) -> None:
        """Return once nobody else holds it. From then until `after_fork` nobody can begin to."""
        self._changed.acquire()
        own = self._held.pop(get_ident(), 0)  # two that hold it may both fork: neither works now
        self._changed.notify_all()
        while self._held:
            self._changed.wait()
        if own:
            self._held[get_ident()] = own

    def after_fork(self) -> None:
        self._changed.release()


FORKS_NOTHING: Final = ForksNothing()
os.register_at_fork(
    before=FORKS_NOTHING.before_fork,
    after_in_parent=FORKS_NOTHING.after_fork,
    after_in_child=FORKS_NOTHING.after_fork,
)
