"""A site's data is kept while it runs, tried out, and comes back on an empty machine."""

import os
import shutil
import sqlite3
import tarfile
from contextlib import closing
from threading import Event, Thread

import psycopg
import pytest

from tests.journeys.conftest import Site
from tests.operations.backups.kept_sites import (
    SECRET,
    SOMEBODY,
    databases,
    holds,
    media,
    put,
    refused,
    users,
    work_folders,
)

#: What an engine's own programs do.
BY_ENGINE = pytest.mark.both_engines

SESSION = "INSERT INTO django_session VALUES ('{}', '', '2020-01-01 00:00:00')"


@BY_ENGINE
def test_all_of_it_comes_back_on_an_empty_machine(site, backup, elsewhere):
    said = elsewhere.manage("restore", str(backup))
    assert "恢复好了" in said
    assert holds(elsewhere) == holds(site)
    assert users(elsewhere) == users(site)
    assert not (elsewhere.folder / "media/uploads").exists(), "half of a file is begun anew"
    elsewhere.go_on()
    assert "银龄学堂" in elsewhere.get("/").decode()


@BY_ENGINE
@pytest.mark.thorough("a city's is tried out below; a damaged one leaves no folder (test_refused)")
def test_trying_it_out_leaves_nothing(site, backup):
    before, there = databases(site), holds(site)
    assert "备份是好的" in site.manage("verify", str(backup))
    assert (databases(site), holds(site), work_folders(site)) == (before, there, [])


@pytest.mark.city
def test_it_is_tried_out_as_a_city_runs_it(backup, told_otherwise):
    told_otherwise.environment |= {
        "DJANGO_SETTINGS_MODULE": "lms.settings.production",
        "SECRET_KEY": "long enough that no check complains about how short it is: 1952",
        "ALLOWED_HOSTS": "yinling.example",
        "SITE_URL": "https://yinling.example",
        "CACHE_URL": os.environ["CACHE_URL"],
    }
    assert "备份是好的" in told_otherwise.manage("verify", str(backup))


@BY_ENGINE
def test_a_used_site_is_replaced_only_when_told_so_and_its_data_are_still_there(
    site, backup, elsewhere
):
    elsewhere.manage(*SOMEBODY)
    elsewhere.go_on()
    elsewhere.get("/accounts/login/")  # so that it has a connection of its own
    put(elsewhere, "documents/名单 1.txt", b"of somebody else")
    put(elsewhere, "documents/own.txt", b"theirs alone")
    [(_id, password)] = users(elsewhere)
    said = refused(elsewhere, "restore", str(backup))
    assert "已经有 1 个账号" in said
    assert "--over" in said
    assert users(elsewhere) == [(_id, password)]
    assert media(elsewhere)["documents/名单 1.txt"] == b"of somebody else"
    elsewhere.manage("restore", "--over", str(backup))
    assert users(elsewhere) == users(site)
    assert elsewhere.get("/accounts/login/"), "it ran all the time and still does"
    assert media(elsewhere)["documents/名单 1.txt"] == SECRET
    assert media(elsewhere)["documents/own.txt"] == b"theirs alone"
    aside = elsewhere.folder / "media/.before-restore/documents/名单 1.txt"
    assert aside.read_bytes() == b"of somebody else"
    assert password in [row[0] for row in former(elsewhere, "SELECT password FROM accounts_user")]


def former(site: Site, sql: str) -> list[tuple]:
    """What the database answers that was there before the restore."""
    if url := site.environment["DATABASE_URL"]:
        with psycopg.connect(f"{url}_before_restore") as connection:
            return connection.execute(sql).fetchall()
    with closing(sqlite3.connect(site.folder / "before-restore.sqlite3")) as connection:
        return connection.execute(sql).fetchall()


class Writer:
    """Writes session after session, each in a transaction of its own."""

    connection: psycopg.Connection | sqlite3.Connection

    def __init__(self, site: Site) -> None:
        self.written, self.enough, self.began = 0, Event(), Event()
        if url := site.environment["DATABASE_URL"]:
            self.connection = psycopg.connect(url, autocommit=True)
        else:
            self.connection = sqlite3.connect(
                site.folder / "yinling.sqlite3", timeout=20, check_same_thread=False
            )
        self.thread = Thread(target=self.write)

    def write(self) -> None:
        while not self.enough.is_set():
            self.connection.execute(SESSION.format(f"{self.written + 1:08}"))
            self.connection.commit()
            self.written += 1
            self.began.set()

    def __enter__(self) -> "Writer":
        self.thread.start()
        assert self.began.wait(timeout=20)
        return self

    def __exit__(self, *error) -> None:
        self.enough.set()
        self.thread.join()
        self.connection.close()


@BY_ENGINE
def test_what_was_written_before_it_began_is_in_it_while_others_go_on_writing(
    site, elsewhere, tmp_path
):
    file = tmp_path / "running.tar"
    with Writer(site) as writer:
        before = writer.written
        site.manage("backup", str(file))
        assert writer.written > before, "nobody wrote meanwhile"
    elsewhere.manage("restore", str(file))
    kept = [int(key) for (key,) in elsewhere.rows("SELECT session_key FROM django_session")]
    assert sorted(kept) == list(range(1, len(kept) + 1)), "of one moment, without holes"
    assert before <= len(kept) <= writer.written


def test_a_plain_copy_of_the_file_would_lack_the_last_write(elsewhere, tmp_path):
    if elsewhere.environment["DATABASE_URL"]:
        assert not (elsewhere.folder / "yinling.sqlite3").exists()
        return
    file = tmp_path / "now.tar"
    with closing(sqlite3.connect(elsewhere.folder / "yinling.sqlite3")) as site:
        site.execute("PRAGMA journal_mode=WAL")
        site.execute(SESSION.format("last"))
        site.commit()
        copy = shutil.copy(elsewhere.folder / "yinling.sqlite3", tmp_path)
        elsewhere.manage("backup", str(file))
    with closing(sqlite3.connect(copy)) as copied:
        assert copied.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
    with tarfile.open(file) as tar:
        tar.extract("database.sqlite3", tmp_path, filter="data")
    with closing(sqlite3.connect(tmp_path / "database.sqlite3")) as kept:
        assert kept.execute("SELECT session_key FROM django_session").fetchall() == [("last",)]


def test_the_database_alone_goes_back_without_touching_files(site, elsewhere, tmp_path):
    file = tmp_path / "before-upgrade.tar"
    site.manage("backup", "--database-only", str(file))
    assert not (tmp_path / "media").exists()
    put(elsewhere, "documents/own.txt", b"theirs alone")
    elsewhere.manage("restore", str(file))
    assert users(elsewhere) == users(site)
    assert media(elsewhere) == {"documents/own.txt": b"theirs alone"}


@BY_ENGINE
@pytest.mark.thorough(
    "two hundred migrations four times; one of this version comes back the same way"
)
def test_one_of_an_earlier_version_is_migrated_before_it_takes_its_place(elsewhere, tmp_path):
    file = tmp_path / "earlier.tar"
    elsewhere.manage("migrate", "-v0", "tv", "zero")
    elsewhere.manage("backup", str(file))
    elsewhere.manage("migrate", "-v0")
    elsewhere.manage("restore", str(file))
    assert elsewhere.value("SELECT count(*) FROM django_migrations WHERE app = 'tv'") != 0
    assert elsewhere.manage("migrate", "--check") == ""
