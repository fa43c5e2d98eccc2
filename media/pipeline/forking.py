"""A worker forks its children from one thread while others look at the database.

What a thread's libraries hold locked at that moment, such as SQLite's memory, a child would inherit
locked, and wait for it for ever: it would never take up what it is given. So whoever does something
in the worker's own process, beside the children, holds FORKS_NOTHING while it does.
"""

import os
from threading import RLock
from typing import Final

FORKS_NOTHING: Final = RLock()
os.register_at_fork(
    before=FORKS_NOTHING.acquire,
    after_in_parent=FORKS_NOTHING.release,
    after_in_child=FORKS_NOTHING.release,
)
