"""bin/start on a full disk says so, before it begins."""

import os
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def full_disk(tmp_path):
    """A disk of four MiB."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", tmp_path], check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_full_disk_is_said_in_words(full_disk, checkout):
    begun = subprocess.run(
        [checkout / "bin/start", "--port", "0"],
        env={**os.environ, "VAR_DIR": str(full_disk)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert begun.returncode == 1
    assert "The disk is full: " in begun.stderr
    assert list(Path(full_disk).iterdir()) == []
