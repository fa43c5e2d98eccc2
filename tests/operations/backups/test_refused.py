"""What cannot be done is told in words, and nothing is lost."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.journeys.conftest import Site
from tests.operations.backups.kept_sites import (
    contents,
    databases,
    holds,
    put,
    refused,
    work_folders,
)

LARGE = 60 * 2**20  # bytes


def changed(backup: Path, **changes) -> None:
    """Write its manifest anew."""
    with tarfile.open(backup) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar.getmembers()}
    manifest = json.loads(members["manifest.json"]) | changes
    members["manifest.json"] = json.dumps(manifest).encode()
    with tarfile.open(backup, "w") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, BytesIO(content))


def spoiled(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def spoiling(how: str, spoil: Callable[[Path], object], words: str, *marks: pytest.MarkDecorator):
    return pytest.param(spoil, words, id=how, marks=marks)


#: What an engine's own programs read.
READ_BY_ENGINE = pytest.mark.both_engines


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        spoiling("no tar", lambda file: file.write_bytes(b"GIF89a"), "不是银龄学堂的备份"),
        spoiling(
            "cut in the manifest",
            lambda file: file.write_bytes(file.read_bytes()[:300]),
            "不是银龄学堂的备份",
        ),
        spoiling(
            "cut in the database",
            lambda file: file.write_bytes(file.read_bytes()[:-200_000]),
            "坏了",
        ),
        spoiling(
            "a bit of the database",
            lambda file: spoiled(file, at=-150_000),
            "和当初不一样",
        ),
        spoiling(
            "rows",
            lambda file: changed(file, rows={"tv_x": 7}),
            "个表的行数和当初不一样，比如",
            READ_BY_ENGINE,
        ),
        spoiling(
            "a missing content",
            lambda file: next(iter(contents(file.parent / "media"))).unlink(),
            "缺 1 个文件",
        ),
        spoiling(
            "a bit of a film", lambda file: spoiled(film(file), at=1000), "film.mp4”和当初不一样"
        ),
        spoiling(
            "another format",
            lambda file: changed(file, format=2, version="3.1"),
            "3.1 版做的，写法和这里不同",
        ),
        spoiling(
            "a later version",
            lambda file: changed(file, migrations=["tv.9999"], version="3.1"),
            "不认识这份备份的",
        ),
        spoiling("another engine", lambda file: changed(file, engine="oracle"), "来自 oracle"),
        spoiling("no file", lambda file: file.unlink(), "打不开"),
    ],
)
@pytest.mark.parametrize("command", [
    "restore",
    pytest.param("verify", marks=pytest.mark.thorough("it opens one as restore does, see below")),
])  # fmt: skip
def test_a_damaged_or_foreign_one_is_refused_in_words_and_nothing_is_lost(
    untouched, carried, spoil, words, command
):
    spoil(carried)
    before = holds(untouched), databases(untouched)
    said = refused(untouched, command, str(carried))
    assert words in said
    assert "Traceback" not in said
    assert (holds(untouched), databases(untouched)) == before
    assert work_folders(untouched) == []


def test_trying_out_a_damaged_one_finds_it(untouched, carried):
    spoiled(carried, at=-150_000)
    assert "和当初不一样" in refused(untouched, "verify", str(carried))
    assert work_folders(untouched) == []


def film(backup: Path) -> Path:
    return max(contents(backup.parent / "media"), key=lambda path: path.stat().st_size)


def on_a_small_disk(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The kernel itself takes no file of more than 40 MiB."""
    return subprocess.run(
        ["prlimit", f"--fsize={40 * 2**20}", sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR, env=site.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_full_disk_leaves_no_half_of_a_backup(elsewhere, tmp_path):
    large = put(elsewhere, "videos/large.mp4", b"")
    os.truncate(large, LARGE)
    done = on_a_small_disk(elsewhere, "backup", str(tmp_path / "b/full.tar"))
    assert done.returncode == 1
    assert done.stderr.startswith("磁盘满了")
    assert "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "b").rglob("*") if path.is_file()] == [".lock"]


@pytest.mark.thorough("a backup meets a full disk every time, and a restore a damaged film")
def test_a_disk_that_fills_in_a_restore_leaves_the_site_as_it_was(growing, untouched, tmp_path):
    large = put(growing, "videos/large.mp4", b"")
    os.truncate(large, LARGE)
    growing.manage("backup", str(tmp_path / "large.tar"))
    before = holds(untouched), databases(untouched)
    done = on_a_small_disk(untouched, "restore", str(tmp_path / "large.tar"))
    assert done.returncode == 1
    assert done.stderr.startswith("磁盘满了")
    assert (holds(untouched), databases(untouched)) == before


@pytest.mark.city
def test_a_database_user_who_may_make_none_is_told_what_to_ask_for(told_otherwise, backup):
    if not (url := told_otherwise.environment["DATABASE_URL"]):
        pytest.skip("SQLite has no users")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("DROP ROLE IF EXISTS poor")
        server.execute("CREATE ROLE poor LOGIN IN ROLE pg_read_all_data")
    told_otherwise.environment["DATABASE_URL"] = url.replace("yinling@", "poor@")
    said = refused(told_otherwise, "restore", str(backup))
    assert "ALTER ROLE poor CREATEDB" in said
    assert "Traceback" not in said
