"""A site in use, its backup, and machines to which that may come."""

import os
import shutil

import pytest

from tests.journeys.conftest import Site
from tests.operations.backups.kept_sites import SECRET, SOMEBODY, media, put


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A site in use: lessons, somebody who signs in, files."""
    site = Site(tmp_path_factory.mktemp("kept"), BACKUPS_KEPT="2")
    site.prepare()
    site.manage(*SOMEBODY)
    put(site, "documents/名单 1.txt", SECRET)
    put(site, "videos/ab/film.mp4", os.urandom(3_000_000))
    put(site, "uploads/half.part", b"half of it")
    yield site
    site.stop()


@pytest.fixture(scope="session")
def spare(tmp_path_factory):
    """A machine that each test finds as it was set up: its program's start costs seconds."""
    site = Site(tmp_path_factory.mktemp("elsewhere"))
    yield site
    site.stop()


@pytest.fixture
def elsewhere(spare):
    """An empty machine: the program is there, and its database."""
    set_up_anew(spare)
    yield spare
    for name in list(spare.processes):
        spare.kill(name)


def set_up_anew(site):
    for path in site.folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != "commands.log":
            path.unlink()
    site.migrate()


@pytest.fixture
def told_otherwise(tmp_path):
    """As `elsewhere`, for a test that tells its programs something else."""
    site = Site(tmp_path / "elsewhere")
    site.migrate()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def untouched(tmp_path_factory):
    """One that stays so, whatever a test tries."""
    site = Site(tmp_path_factory.mktemp("untouched"))
    site.migrate()
    put(site, "documents/own.txt", b"theirs alone")
    yield site
    site.stop()


@pytest.fixture(scope="session")
def backup(site, tmp_path_factory):
    file = tmp_path_factory.mktemp("backups") / "monday.tar"
    assert "备份好了" in site.manage("backup", str(file))
    return file


@pytest.fixture
def carried(backup, tmp_path):
    """A copy of it with its store, which may be damaged."""
    return shutil.copytree(backup.parent, tmp_path / "carried") / backup.name


@pytest.fixture
def growing(site):
    """The site in use, to which a test adds files that go with it."""
    before = media(site)
    yield site
    for name in media(site).keys() - before.keys():
        (site.folder / "media" / name).unlink()
