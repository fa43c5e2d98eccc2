"""What gunicorn does around its web processes: gunicorn lms.wsgi --config deploy/web.py

With --preload, as a city runs it, the program is loaded once and its processes are forked from it,
so that what none of them changes lies in memory once. No thread may be begun before that.
"""

import gc

from django.urls import reverse
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from subtitles.chinese.words import load_words_meanwhile


def when_ready(server: Arbiter) -> None:
    """Before the first fork; a new process after many requests comes from here too."""
    if server.cfg.preload_app:
        reverse("help")  # each would load all addresses for itself, at its first page
        gc.collect()
        gc.freeze()


def post_worker_init(worker: Worker) -> None:
    load_words_meanwhile()  # titles are broken between words
