"""What takes seconds to load is loaded once a process, or once a run; afterwards its rows are put
back."""

import fcntl
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone

from tests.migrated import make_once

Row = tuple[Any, ...]
Tables = dict[str, set[Row]]


@dataclass(frozen=True)
class Kept:
    gone: Tables
    come: Tables
    #: How many rows the tables had before that it fills.
    sizes: dict[str, int]


#: By name, what loading took away and left; of rows that came after others the numbers differ.
_kept: dict[str, list[Kept]] = {}


def load_or_put_back(name: str, load: Callable[[], object], *, once_a_run: bool = False) -> None:
    """Within a transaction; where the tables that it fills hold more than they held when it was
    loaded before, it is loaded anew.

    once_a_run: nothing but rows is left by it, so that the other processes of this run take over
    what the first one has loaded.
    """
    if not any(map(_fits, _kept.get(name, []))) and once_a_run:
        with _of_this_run(name) as file:
            if file.exists():
                _kept[name] = pickle.loads(file.read_bytes())
            if not any(map(_fits, _kept.get(name, []))):
                _load(name, load)
                file.write_bytes(pickle.dumps(_kept[name]))
                return
    for kept in _kept.get(name, []):
        if _fits(kept):
            _put_back(kept)
            return
    _load(name, load)


def _fits(kept: Kept) -> bool:
    return _sizes_of(kept.come) == kept.sizes


def _load(name: str, load: Callable[[], object]) -> None:
    before = _all_rows()
    load()
    after = _all_rows()
    come = _less(after, before)
    sizes = {table: len(before[table]) for table in come}
    _kept.setdefault(name, []).append(Kept(_less(before, after), come, sizes))


@contextmanager
def _of_this_run(name: str) -> Iterator[Path]:
    """The file of what was loaded by that name today in this engine, which may not be there yet;
    the other processes wait for it."""
    folder = make_once("rows", Path.mkdir)
    file = folder / f"{name}, {connection.vendor}, {timezone.localdate()}"
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield file


def _put_back(kept: Kept) -> None:
    for table in kept.gone:
        _delete(table, kept.gone[table])
    for table in kept.come:
        _insert(table, kept.come[table])
    _reset_sequences(kept.come)


def _all_rows() -> Tables:
    with connection.cursor() as cursor:
        tables = connection.introspection.django_table_names(only_existing=True)
        found: Tables = {}
        for table in tables:
            if table.endswith("_fts"):  # SQLite's own index, which triggers keep
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = set(cursor.fetchall())
        return found


def _sizes_of(tables: Iterable[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        sizes = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            [sizes[table]] = cursor.fetchone()
        return sizes


def _less(these: Tables, those: Tables) -> Tables:
    return {table: rows - those[table] for table, rows in these.items() if rows - those[table]}


def _delete(table: str, rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
        key = cursor.description[0][0]
        cursor.executemany(f'DELETE FROM "{table}" WHERE "{key}" = %s', [row[:1] for row in rows])


def _insert(table: str, rows: set[Row]) -> None:
    """Foreign keys are looked at when the transaction ends."""
    places = ", ".join(["%s"] * len(next(iter(rows))))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" VALUES ({places})', list(rows))


def _reset_sequences(tables: Iterable[str]) -> None:
    models = [model for model in apps.get_models() if model._meta.db_table in set(tables)]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
