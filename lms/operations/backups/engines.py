"""What a backup needs of a database: a copy of one moment, made while others write; and another
database beside the site's, which is filled, looked at, and may take its place."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any, LiteralString, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.pq import Conninfo

from lms.operations.backups.refusals import BackupRefused

#: How many rows each table has.
Rows = dict[str, int]


class DatabaseEngine(Protocol):
    name: str
    suffix: str  # of the file of a copy

    def version(self) -> int:
        """The server's major one."""

    def dump(self, file: Path) -> Rows:
        """A copy at ``file``, which is not there yet, and what is in it."""

    def place(self, folder: Path, purpose: str) -> str:
        """Where another database may be: in ``folder``, if it is a file."""

    def fill(self, place: str, dump: Path) -> Rows:
        """Make the database ``place`` anew of a copy, which is used up; returns what is in it."""

    def url(self, place: str) -> str:
        """As DATABASE_URL names it."""

    def drop(self, place: str) -> None:
        """Nothing happens if it is not there."""

    def take(self, place: str) -> str:
        """Put it in the place of the site's database; returns where the former one is now."""


def engine() -> DatabaseEngine:
    return Postgres() if connection.vendor == "postgresql" else Sqlite()


class Sqlite:
    """A place is a file's path. All goes by SQLite's own backup: a copied file lacks what is in the
    log beside it, and a replaced one still has its old self's log."""

    name, suffix = "sqlite", ".sqlite3"

    def __init__(self) -> None:
        self.file = Path(connection.settings_dict["NAME"])

    def version(self) -> int:
        return sqlite3.sqlite_version_info[0]

    def dump(self, file: Path) -> Rows:
        self._copy(self.file, file)
        return self._rows(file)

    def place(self, folder: Path, purpose: str) -> str:
        return str(folder / f"{purpose}.sqlite3")

    def fill(self, place: str, dump: Path) -> Rows:
        return self._rows(dump.replace(place))

    def url(self, place: str) -> str:
        return f"sqlite:///{quote(place)}"

    def drop(self, place: str) -> None:
        for left in ("", "-wal", "-shm"):
            Path(place + left).unlink(missing_ok=True)

    def take(self, place: str) -> str:
        before = self.file.with_name("before-restore.sqlite3")
        self.drop(str(before))
        self._copy(self.file, before)
        self._copy(Path(place), self.file)
        return str(before)

    def _copy(self, source: Path, target: Path) -> None:
        """In one transaction of the target's, which waits for whoever writes there."""
        with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there)

    def _rows(self, file: Path) -> Rows:
        with closing(sqlite3.connect(file)) as database:
            tables = database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
            count = 'SELECT count(*) FROM "{}"'  # a table's name cannot be a parameter
            return {name: database.execute(count.format(name)).fetchone()[0] for (name,) in tables}


class Postgres:
    """A place is the name of a database on the site's server; its user may make some (CREATEDB)."""

    name, suffix = "postgresql", ".pgdump"

    def __init__(self) -> None:
        self.site: str = connection.settings_dict["NAME"]

    def version(self) -> int:
        with self._connect(self.site) as server:
            return server.info.server_version // 10_000

    def dump(self, file: Path) -> Rows:
        """The snapshot is one for what counts and for pg_dump."""
        with self._connect(self.site) as site:
            site.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            [snapshot] = site.execute("SELECT pg_export_snapshot()").fetchone() or [""]
            self._run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={file}")
            return self._rows(site)

    def place(self, folder: Path, purpose: str) -> str:
        return f"{self.site}_{purpose}"

    def fill(self, place: str, dump: Path) -> Rows:
        self.drop(place)  # left by a run that was killed
        try:
            self._ask("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", place)
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupRefused(
                _("数据库用户不能新建数据库。请数据库的管理员运行：ALTER ROLE %(user)s CREATEDB")
                % {"user": connection.settings_dict["USER"]}
            ) from error
        self._run(
            "pg_restore",
            "--exit-on-error",
            "--no-owner",
            "--no-acl",
            f"--dbname={place}",
            str(dump),
        )
        dump.unlink()
        with self._connect(place) as database:
            return self._rows(database)

    def url(self, place: str) -> str:
        return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(place)}"))

    def drop(self, place: str) -> None:
        self._ask("DROP DATABASE IF EXISTS {} WITH (FORCE)", place)

    def take(self, place: str) -> str:
        before = f"{self.site}_before_restore"
        self.drop(before)
        self._ask("ALTER DATABASE {} ALLOW_CONNECTIONS false", self.site)
        try:
            with self._connect(self._neighbour()) as server:  # one transaction
                server.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = %s AND usename = current_user",
                    [self.site],
                )
                for now, then in ((self.site, before), (place, self.site)):
                    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                    server.execute(rename.format(sql.Identifier(now), sql.Identifier(then)))
        except psycopg.Error:
            self._ask("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.site)
            raise
        self._ask("ALTER DATABASE {} ALLOW_CONNECTIONS true", before)
        return before

    def _connect(self, database: str, **options: Any) -> psycopg.Connection:
        return psycopg.connect(**(libpq_parameters() | {"dbname": database}), **options)

    def _neighbour(self) -> str:
        """A database on the server that is not the site's: that one cannot rename itself."""
        return "postgres" if self.site != "postgres" else "template1"

    def _ask(self, statement: LiteralString, name: str) -> None:
        with self._connect(self._neighbour(), autocommit=True) as server:
            server.execute(sql.SQL(statement).format(sql.Identifier(name)))

    def _rows(self, database: psycopg.Connection) -> Rows:
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = {}
        for (table,) in tables.fetchall():
            count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))
            [rows[table]] = database.execute(count).fetchone() or [0]
        return rows

    def _run(self, program: str, *arguments: str) -> None:
        """With what libpq reads from its environment, since everybody may read arguments."""
        secrets = {
            option.envvar.decode(): str(libpq_parameters()[option.keyword.decode()])
            for option in Conninfo.get_defaults()
            if option.envvar and option.keyword.decode() in libpq_parameters()
        }
        done = subprocess.run(
            [self._program(program), *arguments],
            env={**os.environ, **secrets},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            why = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
            raise psycopg.OperationalError(f"{program}: {why[0]}")

    def _program(self, name: str) -> str:
        """Of the server's major version; Debian keeps each beside the others."""
        version = self.version()
        of_debian = Path(f"/usr/lib/postgresql/{version}/bin") / name
        if of_debian.exists():
            return str(of_debian)
        if path := shutil.which(name):
            said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
            if f") {version}." in said.stdout:
                return path
        raise BackupRefused(
            _(
                "数据库是 PostgreSQL %(version)d，这台机器没有同一版的 %(name)s。"
                "请用 root 运行：apt-get install postgresql-client-%(version)d"
            )
            % {"version": version, "name": name}
        )


def libpq_parameters() -> dict[str, Any]:
    """Of the site's database: what Django gives psycopg, without what is psycopg's own."""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    given = connection.get_connection_params()
    return {name: value for name, value in given.items() if name in known}
