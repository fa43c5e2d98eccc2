"""A site's database as it was before: half a second's work for a school, done once and put back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from tests.journeys.conftest import Site


def make_or_put_back(site: Site, name: str, make: Callable[[], str]) -> str:
    """What `make` said, which fills the whole database from now on. On SQLite the database is as it
    left it the first time on this day; `name` is of a file."""
    if site.postgres:
        return make()
    database = site.folder / "yinling.sqlite3"
    kept = site.folder / f"{name}-{timezone.localdate():%j}.sqlite3"
    said = kept.with_suffix(".said")
    if said.exists():
        copy(kept, database)
    else:
        said.write_text(make())
        copy(database, kept)
    return said.read_text()


def copy(source: Path, target: Path) -> None:
    """All of it in one transaction, whoever has the target open."""
    with (
        closing(sqlite3.connect(source)) as one,
        closing(sqlite3.connect(target, timeout=20)) as other,
    ):
        one.backup(other)
