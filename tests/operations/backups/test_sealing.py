"""Encrypted backups, by the real age."""

import subprocess
from io import BytesIO
from pathlib import Path

import pytest

from lms.operations.backups.refusals import BackupRefused
from lms.operations.backups.sealing import get, put
from tests.operations.backups.kept_sites import SECRET, holds, refused, users


@pytest.fixture
def key(tmp_path):
    """A file with a key of age, and its public half."""
    return make_key(tmp_path / "key")


def make_key(file: Path) -> tuple[Path, str]:
    subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", file], check=True, capture_output=True, text=True)
    return file, public.stdout.strip()


def test_a_file_is_for_the_key_s_owner_alone(key, tmp_path):
    (identity, recipient), sealed = key, tmp_path / "sealed.age"
    put(BytesIO(SECRET), sealed, recipient)
    assert SECRET not in sealed.read_bytes()
    get(sealed, plain := BytesIO(), recipient, identity)
    assert plain.getvalue() == SECRET
    other, _public = make_key(tmp_path / "other")
    with pytest.raises(BackupRefused, match=r"no identity matched.*请检查密钥"):
        get(sealed, BytesIO(), recipient, other)
    with pytest.raises(BackupRefused, match="加了密"):
        get(sealed, BytesIO(), recipient, None)


def test_nothing_of_an_encrypted_one_can_be_read(site, key, tmp_path):
    (_identity, recipient), file = key, tmp_path / "sealed/monday.tar"
    site.manage("backup", str(file), f"--recipient={recipient}")
    everything = b"".join(p.read_bytes() for p in file.parent.rglob("*") if p.is_file())
    for plain in (SECRET, b"scan-to-pay", "名单".encode(), b"SQLite format"):
        assert plain not in everything


@pytest.mark.thorough("one is made above; it comes back as a plain one does, each file by its key")
def test_an_encrypted_one_comes_back_by_the_key_alone(site, elsewhere, key, tmp_path):
    (identity, recipient), file = key, tmp_path / "sealed/monday.tar"
    site.manage("backup", str(file), f"--recipient={recipient}")
    other, _public = make_key(tmp_path / "other")
    assert "加了密" in refused(elsewhere, "restore", str(file))
    said = refused(elsewhere, "restore", str(file), f"--identity={other}")
    assert "no identity matched" in said
    assert "请检查密钥" in said
    assert users(elsewhere) == []
    assert "备份是好的" in elsewhere.manage("verify", str(file), f"--identity={identity}")
    elsewhere.manage("restore", str(file), f"--identity={identity}")
    assert holds(elsewhere) == holds(site)


def test_a_key_that_is_none_is_told(site, tmp_path):
    said = refused(site, "backup", str(tmp_path / "b/sealed.tar"), "--recipient=age1nobody")
    assert "age1nobody" in said
    assert "Traceback" not in said
    assert not list((tmp_path / "b").glob("*.tar"))
