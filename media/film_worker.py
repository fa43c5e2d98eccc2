"""gunicorn's threads for pages, with one thread more for all films (media/sending.py).

    gunicorn lms.wsgi --worker-class media.film_worker.FilmWorker --threads 32

The embedded site has one address and no nginx. gunicorn's worker goes on accepting, reading and
keeping connections; only while a film is being sent its connection is out of the threads' hands.
"""

import resource
from concurrent.futures import Future
from typing import Any, Final

from gunicorn.workers.gthread import ThreadWorker

from media.sending import Sender, hand

HANDED_OVER: Final = object()


class FilmWorker(ThreadWorker):
    def init_process(self) -> None:
        _soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # two for each viewer
        self.sender = Sender()
        self.sender.start()
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """In one of the threads: a request and its answer. What is left to be sent goes on without
        the thread, and the connection comes back to gunicorn when it is done."""
        hand.open()
        result = super().handle(conn)
        film = hand.taken()
        if film is None:
            return result
        keeps_alive = bool(result)

        def done(is_whole: bool) -> None:
            ended: Future[bool] = Future()
            ended.set_result(keeps_alive and is_whole)
            self.method_queue.defer(self.finish_request, conn, ended)

        self.sender.take(conn.sock, film, done=done)
        return HANDED_OVER

    def finish_request(self, conn: Any, fs: Any) -> None:
        """In gunicorn's main thread."""
        if not fs.cancelled() and fs.exception() is None and fs.result() is HANDED_OVER:
            return
        super().finish_request(conn, fs)
