"""Many rows in one statement, where a model for each would cost more than the row itself."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model

#: Rows a statement: SQLite takes 32,766 values in one.
BATCH = 500
Rows = Sequence[Sequence[Any]]


def write_rows(
    model: type[Model], names: Sequence[str], rows: Rows, *, unique: Sequence[str] = ()
) -> None:
    """Insert the rows, each with the values of the fields of these names, in their order. No
    default is filled in and no signal sent. Where there is a row already that has the same in its
    `unique` fields, it gets the values instead."""
    fields: list[Field] = [model._meta.get_field(name) for name in names]  # type: ignore[misc]
    columns = [connection.ops.quote_name(str(field.column)) for field in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    begin = f"INSERT INTO {table} ({', '.join(columns)}) "
    end = ""
    if unique:
        changed = [
            f"{column} = excluded.{column}"
            for name, column in zip(names, columns, strict=True)
            if name not in unique
        ]
        known = [columns[names.index(name)] for name in unique]
        end = f" ON CONFLICT ({', '.join(known)}) DO UPDATE SET {', '.join(changed)}"
    source = _listed if connection.vendor == "postgresql" else _row_by_row
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            words, values = source(fields, rows[start : start + BATCH])
            cursor.execute(begin + words + end, values)


def _listed(fields: Sequence[Field], rows: Rows) -> tuple[str, list[Any]]:
    """A list a column: PostgreSQL's driver takes longer over each place than over each value."""
    lists = ", ".join(f"(%s)::{field.cast_db_type(connection)}[]" for field in fields)
    words = f"SELECT * FROM unnest({lists})"  # noqa: S608
    return words, [list(column) for column in zip(*rows, strict=True)]


def _row_by_row(fields: Sequence[Field], rows: Rows) -> tuple[str, list[Any]]:
    """As SQLite has it, which knows neither lists nor moments nor UUIDs."""
    row = f"({', '.join(['%s'] * len(fields))})"
    prepare = [field.get_db_prep_save for field in fields]
    values = [
        to_database(value, connection)
        for each in rows
        for to_database, value in zip(prepare, each, strict=True)
    ]
    return f"VALUES {', '.join([row] * len(rows))}", values
