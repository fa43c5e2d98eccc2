"""Backups night after night: what is new is added, what is old goes, and how it went is told."""

import fcntl

from lms.operations.backups.last import last_backup
from tests.operations.backups.kept_sites import contents, media, newest, put, refused


def test_of_the_nightly_ones_the_newest_stay_and_the_contents_that_any_names(growing, elsewhere):
    folder = growing.folder / "backups"
    put(growing, "documents/by hand.txt", b"named by a backup by hand")
    growing.manage("backup", str(folder / "by-hand.tar"))
    (growing.folder / "media/documents/by hand.txt").unlink()
    for number, content in enumerate([b"first", b"second", b"third"]):
        put(growing, "documents/tonight.txt", content)
        growing.manage("backup")
        [made] = folder.glob("yinling-2*.tar") if not number else newest(folder)
        made.rename(folder / f"yinling-2020-01-0{number + 1}-030000.tar")
    growing.manage("backup")
    assert {file.name for file in folder.glob("*.tar")} == {
        "by-hand.tar", "yinling-2020-01-03-030000.tar", newest(folder)[0].name,
    }  # fmt: skip
    kept = {path.read_bytes() for path in contents(folder / "media")}
    assert {b"third", b"named by a backup by hand"} <= kept
    assert not {b"first", b"second"} & kept
    elsewhere.manage("restore", str(folder / "by-hand.tar"))
    assert b"named by a backup by hand" in media(elsewhere).values()


def test_a_damaged_old_one_is_told_and_nothing_is_forgotten(elsewhere):
    folder = elsewhere.folder / "backups"
    put(elsewhere, "documents/tonight.txt", b"of an earlier night")
    for name in ("one", "another"):  # alike, and the same each night: kept once
        put(elsewhere, f"documents/{name}.txt", b"alike")
    elsewhere.manage("backup")
    put(elsewhere, "documents/tonight.txt", b"of tonight")
    newest(folder)[0].rename(folder / "yinling-2020-01-01-030000.tar").write_bytes(b"")
    said = refused(elsewhere, "backup")
    assert "今天的备份做好了，旧的没有整理" in said
    assert "yinling-2020-01-01-030000.tar" in said
    kept = [path.read_bytes() for path in contents(folder / "media")]
    assert sorted(kept) == [b"alike", b"of an earlier night", b"of tonight"]
    assert "备份是好的" not in said
    elsewhere.manage("restore", str(newest(folder)[0]))


def test_it_overwrites_none_and_wants_a_name_that_is_found_again(site, backup):
    before = backup.read_bytes()
    assert "已经有了" in refused(site, "backup", str(backup))
    assert "以 .tar 结尾" in refused(site, "backup", str(backup.with_suffix(".zip")))
    assert backup.read_bytes() == before


def test_two_at_once_do_not_spoil_each_other_and_a_killed_one_leaves_nothing(elsewhere, tmp_path):
    (tmp_path / "b/.half-killed").mkdir(parents=True)
    with (tmp_path / "b/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = refused(elsewhere, "backup", str(tmp_path / "b/one.tar"))
    assert "另一次备份正在" in said
    elsewhere.manage("backup", str(tmp_path / "b/one.tar"))
    assert {path.name for path in (tmp_path / "b").iterdir()} == {".lock", "one.tar"}


def test_how_the_last_one_went_is_told(elsewhere, tmp_path, settings):
    settings.VAR_DIR = elsewhere.folder
    assert last_backup() is None
    elsewhere.manage("backup", str(tmp_path / "b/one.tar"))
    told = last_backup()
    assert (told.ok, told.file) == (True, str(tmp_path / "b/one.tar"))
    assert "备份好了" in told.said
    refused(elsewhere, "backup", str(tmp_path / "b/one.tar"))
    assert last_backup().ok is False
    assert last_backup().ended_at > told.ended_at
    assert "已经有了" in last_backup().said
    elsewhere.manage("backup", "--database-only", str(tmp_path / "b/two.tar"))
    assert last_backup().ok is False, "that is no backup of the site"
