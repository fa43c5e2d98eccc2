"""How a city's web processes come about: gunicorn lms.wsgi --config deploy/web.py

The program is loaded once and they are forked from it, so that what none of them changes lies in
memory once. No thread may be begun, nor the database asked, when `lms.wsgi` is imported.
"""

import gc

from django.urls import reverse
from gunicorn.arbiter import Arbiter

preload_app = True


def when_ready(server: Arbiter) -> None:
    """Before the first fork; a new process after many requests comes from here too."""
    reverse("help")  # each would load all addresses for itself, at its first page
    gc.collect()
    gc.freeze()
