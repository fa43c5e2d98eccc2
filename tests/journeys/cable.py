"""A line to the site that breaks after a given number of bytes, and counts them."""

import contextlib
import socket
import threading
from collections.abc import Callable


class Cable:
    """Forwards to `site_port`; the bytes that go up are counted in `sent_up`.

    When the next of `cuts` is reached, every connection is reset and `on_cut` runs, while nobody
    gets through.
    """

    def __init__(self, site_port: int, *, cuts: list[int], on_cut: Callable[[], None]) -> None:
        self.site_port = site_port
        self.cuts = cuts
        self.on_cut = on_cut
        self.sent_up = 0
        self.is_down = False
        self.counting = threading.Lock()
        self.open: set[socket.socket] = set()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._let_in, daemon=True).start()

    def close(self) -> None:
        self.door.close()
        self._reset()

    def break_off(self) -> None:
        """Nobody gets through until it is mended."""
        self.is_down = True
        self._reset()

    def mend(self) -> None:
        self.is_down = False

    def _let_in(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _address = self.door.accept()
                if self.is_down:  # a browser tries again at once
                    near.close()
                    continue
                try:
                    far = socket.create_connection(("127.0.0.1", self.site_port))
                except OSError:  # the site is down
                    near.close()
                    continue
                self.open |= {near, far}
                for source, target, up in ((near, far, True), (far, near, False)):
                    arguments = (source, target, up)
                    threading.Thread(target=self._pump, args=arguments, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        with contextlib.suppress(OSError):  # one of the two has gone
            while block := source.recv(16_384):
                target.sendall(block)
                if up:
                    self._count(len(block))
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _count(self, size: int) -> None:
        with self.counting:
            self.sent_up += size
            if self.cuts and self.sent_up >= self.cuts[0]:
                self.cuts.pop(0)
                self.is_down = True
                self._reset()
                self.on_cut()
                self.is_down = False

    def _reset(self) -> None:
        for end in list(self.open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.open.clear()
