"""A database as `migrate` leaves it: half a minute's work, done once in a test run and copied."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests import workers

CHECKOUT = Path(__file__).parents[1]
POSTGRES_NAME = "migrated"
PUT = """
import django; django.setup()
from lms.operations.empty_database import put_tables; put_tables()
"""
#: Which setting swaps a model is forgotten with every model that a migration renders, and looked
#: for again in all of them; it is the same throughout.
MIGRATE = """
import django; django.setup()
from functools import cache
from django.apps import apps
from django.core.management import call_command
apps.get_swappable_settings_name = cache(apps.get_swappable_settings_name)
call_command("migrate", verbosity=0)
"""


def make_once(name: str, make: Callable[[Path], None]) -> Path:
    """Where `make` has put a file or a folder, in the first of this run's processes that asked."""
    made = workers.SHARED / f"{name}-{workers.RUN}"
    workers.SHARED.mkdir(parents=True, exist_ok=True)
    with (workers.SHARED / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other processes wait for it too
        if not made.exists():
            for earlier in workers.SHARED.glob(f"{name}-*"):
                shutil.rmtree(earlier) if earlier.is_dir() else earlier.unlink()
            half_made = made.with_name(f"{made.name}.half")
            make(half_made)
            half_made.rename(made)
    return made


def copy_migrated(url: str) -> None:
    """Put a copy at `url`, over what is there: a SQLite file's path or a PostgreSQL database."""
    if url.startswith("postgres"):
        migrate_postgres(url)
        create_database(urlsplit(url).path[1:], template=POSTGRES_NAME)
    else:
        made = make_once("migrated-sqlite", migrate_sqlite)
        for left in ("-wal", "-shm"):  # by a run that was killed
            Path(url + left).unlink(missing_ok=True)
        shutil.copy(made, url)


def migrate_postgres(url: str) -> None:
    """Have its server hold the database that is copied."""

    def make(mark: Path) -> None:
        create_database(POSTGRES_NAME, template="template1")
        _migrate(urlunsplit(urlsplit(url)._replace(path=f"/{POSTGRES_NAME}")))
        mark.touch()

    make_once("migrated-postgres", make)


def migrate_sqlite(file: Path, *, put: bool = True) -> None:
    """Make it, from the tables that are ready made (put) or by every migration."""
    _migrate(f"sqlite:///{file}", put=put)


def _migrate(url: str, *, put: bool = False) -> None:
    subprocess.run(
        [sys.executable, "-c", PUT + MIGRATE if put else MIGRATE],
        check=True,
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": url},
    )


def create_database(name: str, template: str) -> None:
    """Anew, in the PostgreSQL of this test run."""
    with closing(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


if __name__ == "__main__":
    migrate_postgres(os.environ["DATABASE_URL"])
