"""A line to the city as villages have it: thin, late, and broken again and again."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread
from time import sleep
from urllib.parse import urlsplit

PIECE = 4_096  # bytes


@dataclass
class SlowLine:
    """Between a box and the site at `to`. What comes from there comes a moment late, at so many
    bytes a second, and each connection ends after so many of them."""

    to: str
    bytes_per_second: float
    late_seconds: float
    breaks_after: int
    #: Of each connection, how many bytes came through; headers count too.
    came: list[int] = field(default_factory=list)
    _door: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def serve(self) -> None:
        with suppress(OSError):  # the door is closed
            while True:
                Thread(target=self.carry, args=[self._door.accept()[0]], daemon=True).start()

    def carry(self, near: socket.socket) -> None:
        place = urlsplit(self.to)
        number = len(self.came)
        self.came.append(0)
        far = socket.create_connection((place.hostname, place.port))
        with closing(near), closing(far):
            Thread(target=pour, args=[near, far], daemon=True).start()
            sleep(self.late_seconds)
            with suppress(OSError):
                self.bring(near, far, number)
            for end in (near, far):  # while somebody reads from it, closing alone tells nobody
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def bring(self, near: socket.socket, far: socket.socket, number: int) -> None:
        while self.came[number] < self.breaks_after:
            piece = far.recv(min(PIECE, self.breaks_after - self.came[number]))
            if not piece:
                return
            sleep(len(piece) / self.bytes_per_second)
            near.sendall(piece)
            self.came[number] += len(piece)

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()


def pour(near: socket.socket, far: socket.socket) -> None:
    """What is asked; it is short."""
    with suppress(OSError):
        while asked := near.recv(PIECE):
            far.sendall(asked)


@contextmanager
def slow_line(
    to: str, *, bytes_per_second: float, late_seconds: float, breaks_after: int
) -> Iterator[SlowLine]:
    line = SlowLine(to, bytes_per_second, late_seconds, breaks_after)
    Thread(target=line.serve, daemon=True).start()
    try:
        yield line
    finally:
        line.close()
