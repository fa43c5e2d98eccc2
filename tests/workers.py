"""`pytest -n 2` runs the tests in two processes: each gets a folder and Redis databases of its own.

Loaded with -p, since it must be there before the settings are.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

#: Of Redis's sixteen, to each process.
DATABASES = 8

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def further(url: str, by: int) -> str:
    """The Redis database so many numbers after that of `url`."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{int(parts.path[1:]) + by}"))


if WORKER:
    os.environ["VAR_DIR"] = str(Path(os.environ.get("VAR_DIR", "var/test")).resolve() / WORKER)
    for name in ("CELERY_BROKER_URL", "CACHE_URL"):
        if name in os.environ:
            os.environ[name] = further(os.environ[name], DATABASES * int(WORKER[2:]))
