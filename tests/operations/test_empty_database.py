"""The tables that are put into a new SQLite database are those that `migrate` makes."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from wagtail.models import Page

from lms.operations.empty_database import is_stale, put_tables
from tests.migrated import copy_migrated, migrate_sqlite

#: When a row was made, and a key that is drawn for it.
DRAWN = re.compile(r"'(20\d\d-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?|[0-9a-f]{32})'")


def test_it_was_made_anew_since_the_last_migration():
    assert not is_stale(), "a migration came or was changed: run bin/empty-database"


@pytest.mark.django_db
def test_a_database_with_tables_is_left_alone():
    before = list(Page.objects.values())
    put_tables()
    assert list(Page.objects.values()) == before


def test_a_migration_that_came_since_can_change_a_table(tmp_path: Path):
    """SQLite reads all triggers when a table is given another name."""
    made = tmp_path / "new.sqlite3"
    copy_migrated(str(made))
    with closing(sqlite3.connect(made)) as database:
        database.execute("ALTER TABLE auth_group RENAME TO renamed")
        assert database.execute("SELECT count(*) FROM renamed").fetchone()[0] > 0


@pytest.mark.thorough("migrates two hundred migrations; that none came since is seen anyway")
def test_tables_and_rows_are_those_of_migrate(tmp_path: Path):
    migrated = tmp_path / "migrated.sqlite3"
    migrate_sqlite(migrated, put=False)
    ready_made = tmp_path / "ready-made.sqlite3"
    migrate_sqlite(ready_made)
    for ours, theirs in zip(lines_of(ready_made), lines_of(migrated), strict=True):
        assert ours == theirs


def lines_of(path: Path) -> list[str]:
    """Its dump, without moments and keys, and without the names of permissions, which are put into
    Chinese from the second `migrate` on."""
    with closing(sqlite3.connect(path)) as database:
        return [
            DRAWN.sub("?", line)
            for line in database.iterdump()
            if not line.startswith('INSERT INTO "auth_permission"')
        ]
