"""The tables of an empty SQLite database, ready made.

Each of two hundred migrations renders the models that are linked to its own, so that `migrate`
takes half a minute to make what SQLite reads within a second. `data/empty.sql` is SQLite's own dump
of what it made; `bin/empty-database` writes it anew, and a test says when that must be done. What
is missing there is migrated as ever.
"""

import hashlib
import inspect
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

DUMP = Path(__file__).parent / "data" / "empty.sql"
MADE_FROM = "-- made from migrations "


def put_tables() -> None:
    """Into the database of the settings, where that is SQLite and has no table yet."""
    if connection.vendor == "sqlite" and not connection.introspection.table_names():
        with connection.constraint_checks_disabled(), connection.cursor() as cursor:
            cursor.executescript(DUMP.read_text(encoding="utf-8"))


def is_stale() -> bool:
    """Whether a migration came or was changed since the dump was made, an installed app's too."""
    with DUMP.open(encoding="utf-8") as dump:
        return dump.readline().strip() != MADE_FROM + migrations_hash()


def migrations_hash() -> str:
    """SHA-256 over the names and sources of all migrations, in hexadecimal digits."""
    known = hashlib.sha256()
    for app, name in sorted(loader := MigrationLoader(None).disk_migrations):
        source = inspect.getsourcefile(type(loader[app, name]))
        known.update(f"{app}.{name}\n".encode() + Path(str(source)).read_bytes())
    return known.hexdigest()


def write_dump() -> None:
    """Of the database of the settings, which nothing but `migrate` has touched."""
    connection.ensure_connection()
    script = "\n".join(connection.connection.iterdump())
    DUMP.write_text(f"{MADE_FROM}{migrations_hash()}\n{script}\n", encoding="utf-8")
