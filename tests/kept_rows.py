"""What takes seconds to load is loaded once a process; afterwards its rows are put back."""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

Row = tuple[Any, ...]
Tables = dict[str, set[Row]]

#: By name, the rows that loading took away and those that it left.
_kept: dict[str, tuple[Tables, Tables]] = {}


def load_or_put_back(name: str, load: Callable[[], object]) -> None:
    """Within a transaction, on a database that holds what the migrations wrote."""
    if name in _kept:
        gone, come = _kept[name]
        for table in gone:
            _delete(table, gone[table])
        for table in come:
            _insert(table, come[table])
        _reset_sequences(come)
        return
    before = _all_rows()
    load()
    after = _all_rows()
    _kept[name] = (_less(before, after), _less(after, before))


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
