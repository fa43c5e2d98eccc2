"""A database as `migrate` leaves it: half a minute's work, done once in a test run and copied."""

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests import workers

CHECKOUT = Path(__file__).parents[1]
POSTGRES_NAME = "migrated"


def copy_migrated(url: str) -> None:
    """Put a copy at `url`, over what is there: a SQLite file's path or a PostgreSQL database."""
    is_postgres = url.startswith("postgres")
    engine = "postgres" if is_postgres else "sqlite3"
    made = workers.SHARED / f"migrated-{workers.RUN}.{engine}"
    workers.SHARED.mkdir(parents=True, exist_ok=True)
    with (workers.SHARED / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other process waits for it too
        if not made.exists():
            for earlier in workers.SHARED.glob(f"migrated-*.{engine}"):
                earlier.unlink()
            if is_postgres:
                create_database(POSTGRES_NAME, template="template1")
                _migrate(urlunsplit(urlsplit(url)._replace(path=f"/{POSTGRES_NAME}")))
                made.touch()
            else:
                half_made = made.with_suffix(".half")
                half_made.unlink(missing_ok=True)
                _migrate(f"sqlite:///{half_made}")
                half_made.rename(made)
    if is_postgres:
        create_database(urlsplit(url).path[1:], template=POSTGRES_NAME)
    else:
        for left in ("-wal", "-shm"):  # by a run that was killed
            Path(url + left).unlink(missing_ok=True)
        shutil.copy(made, url)


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        check=True,
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": url},
    )


def create_database(name: str, template: str) -> None:
    """Anew, in the PostgreSQL of this test run."""
    with closing(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
