"""Measure how pages answer while many people watch slowly.

    bin/start --port 8123
    python benchmarks/viewers.py http://127.0.0.1:8123 /media/videos/….mp4 --viewers 300

The film must be long (20 MB or more): of a short one the system takes all off the server's hands.
Each viewer asks for it over and over and reads as a player does: 16 KiB every quarter of a second.
Home and /healthz are asked one after another, without viewers and with them in turn. Standard
library only; the times are those of the wall.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import threading
import time
import urllib.request
from urllib.parse import urlsplit

ASKED = 100
ROUNDS = 3


class Viewers:
    def __init__(self, site: str, film: str, number: int) -> None:
        where = urlsplit(site)
        self.door = (where.hostname or "", where.port or 80)
        self.request = f"GET {film} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode()
        self.stopped = threading.Event()
        self.sockets = [self.begin() for _ in range(number)]
        threading.Thread(target=self.read, daemon=True).start()

    def begin(self) -> socket.socket:
        viewer = socket.socket()
        viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        viewer.connect(self.door)
        viewer.setblocking(False)
        viewer.sendall(self.request)
        return viewer

    def read(self) -> None:
        while not self.stopped.wait(0.25):
            for place, viewer in enumerate(self.sockets):
                try:
                    if not viewer.recv(16 * 1024):
                        viewer.close()
                        self.sockets[place] = self.begin()
                except BlockingIOError:
                    continue

    def stop(self) -> None:
        self.stopped.set()
        time.sleep(0.5)
        for viewer in self.sockets:
            viewer.close()


def milliseconds(address: str) -> list[float]:
    taken = []
    for _ in range(ASKED):
        begun = time.perf_counter()
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                answer.read()
            taken.append(1000 * (time.perf_counter() - begun))
        except OSError:
            taken.append(float("inf"))
            break
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("film", help="its address on the site")
    parser.add_argument("--viewers", type=int, default=300)
    options = parser.parse_args()
    taken: dict[tuple[str, int], list[float]] = {}
    for _ in range(ROUNDS):
        for number in (0, options.viewers):
            viewers = Viewers(options.site, options.film, number)
            time.sleep(1)
            for page in ("/", "/healthz"):
                taken.setdefault((page, number), []).extend(milliseconds(options.site + page))
            viewers.stop()
    print("| page | viewers | p50 ms | p95 ms |\n|---|---|---|---|")
    for (page, number), times in taken.items():
        p95 = sorted(times)[int(len(times) * 0.95)]
        print(f"| {page} | {number} | {statistics.median(times):.1f} | {p95:.1f} |")


if __name__ == "__main__":
    main()
