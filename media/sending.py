"""Films leave by one thread for all viewers, so that none holds a thread that could answer pages.

A player reads as fast as its film runs, for minutes: a thread that waits for each viewer is one
less for everybody else. Where the server offers it (media/film_worker.py), a view's answer is its
headers, and the file's bytes are left to `Sender`; everywhere else they are streamed as ever.
"""

import os
import selectors
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread, local
from time import monotonic
from typing import Any, BinaryIO, Final

from media.ranges import ByteRange

BLOCK_BYTES: Final = 256 * 1024
#: Who reads nothing for so long is let go; a player that goes on asks again, from where it stopped.
IDLE_SECONDS: Final = 600


class Hand(local):
    """Of the thread that answers a request."""

    #: Whether the server will send what is left in `film`.
    is_open = False
    film: "HandedFile | None" = None

    def open(self) -> None:
        self.is_open, self.film = True, None

    def taken(self) -> "HandedFile | None":
        """What the answer left to be sent; None: nothing."""
        film, self.film = self.film, None
        return film


hand = Hand()


class HandedFile:
    """The content of a response that sends none: who asks for it leaves the file to the server."""

    def __init__(self, file: BinaryIO, *, span: ByteRange) -> None:
        self.file, self.span = file, span
        self.is_taken = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self.is_taken = True
        hand.film = self
        raise StopIteration

    def close(self) -> None:
        """Django has done with it."""
        if not self.is_taken:
            self.file.close()


@dataclass
class Sending:
    file: BinaryIO
    offset: int
    left: int
    #: Told whether everything was sent.
    done: Callable[[bool], Any]
    moved_at: float


class Sender(Thread):
    """Writes to every socket as much as it takes, and waits for none of them."""

    def __init__(self) -> None:
        super().__init__(name="films", daemon=True)
        self.selector = selectors.DefaultSelector()
        self.inbox: SimpleQueue[tuple[socket.socket, Sending]] = SimpleQueue()
        self.woken, self.wakes = socket.socketpair()
        self.woken.setblocking(False)
        self.selector.register(self.woken, selectors.EVENT_READ)

    def take(self, to: socket.socket, film: HandedFile, *, done: Callable[[bool], Any]) -> None:
        """Send the film's span; `done` is called by this thread, and the socket stays open."""
        to.setblocking(False)
        sending = Sending(film.file, film.span.start, film.span.length, done, monotonic())
        self.inbox.put((to, sending))
        self.wakes.send(b".")

    def run(self) -> None:
        while True:
            for key, _events in self.selector.select(timeout=IDLE_SECONDS / 10):
                if key.data is None:
                    self.let_in()
                else:
                    self.send_some(key.fileobj, key.data)
            self.let_go_of_idle()

    def let_in(self) -> None:
        self.woken.recv(4096)
        while not self.inbox.empty():
            to, sending = self.inbox.get()
            try:
                self.selector.register(to, selectors.EVENT_WRITE, sending)
            except (ValueError, OSError):  # closed meanwhile
                sending.file.close()
                sending.done(False)

    def send_some(self, to: Any, sending: Sending) -> None:
        wanted = min(sending.left, BLOCK_BYTES)
        try:
            sent = os.sendfile(to.fileno(), sending.file.fileno(), sending.offset, wanted)
        except BlockingIOError:
            return None
        except OSError:  # the viewer has gone
            return self.end(to, sending, is_whole=False)
        sending.offset += sent
        sending.left -= sent
        sending.moved_at = monotonic()
        if not sending.left or not sent:  # of a file that became shorter there is no more
            self.end(to, sending, is_whole=not sending.left)
        return None

    def let_go_of_idle(self) -> None:
        now = monotonic()
        for key in list(self.selector.get_map().values()):
            if key.data is not None and now - key.data.moved_at > IDLE_SECONDS:
                self.end(key.fileobj, key.data, is_whole=False)

    def end(self, to: Any, sending: Sending, *, is_whole: bool) -> None:
        self.selector.unregister(to)
        sending.file.close()
        sending.done(is_whole)
