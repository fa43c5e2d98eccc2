"""bin/commit-subjects looks at what was committed since the rule, in a clone of any depth."""

import re
import shutil
import subprocess

import pytest

LONG = "x" * 73


def git(folder, *words):
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def check(folder):
    return subprocess.run(
        [folder / "bin/commit-subjects"], check=False, capture_output=True, text=True
    )


@pytest.fixture
def clone(tmp_path, checkout):
    """With one commit from before the rule, whose subject is too long."""
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--allow-empty", "-m", LONG)
    (tmp_path / "bin").mkdir()
    shutil.copy(checkout / "bin/commit-subjects", tmp_path / "bin")
    before = git(tmp_path, "rev-parse", "HEAD")
    text = (tmp_path / "bin/commit-subjects").read_text()
    (tmp_path / "bin/commit-subjects").write_text(
        re.sub("(?m)^before_the_rule=.*", f"before_the_rule={before}", text)
    )
    return tmp_path


def test_a_long_subject_is_named_and_one_from_before_the_rule_is_not(clone):
    git(clone, "commit", "--allow-empty", "-m", "字" * 72)
    assert check(clone).returncode == 0
    git(clone, "commit", "--allow-empty", "-m", f"{LONG}y")
    git(clone, "commit", "--allow-empty", "-m", "a short one after it")
    done = check(clone)
    assert done.returncode == 1
    assert f"{LONG}y: 74 characters" in done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_a_shallow_clone_and_a_folder_without_commits_are_no_failure(clone, tmp_path_factory):
    git(clone, "commit", "--allow-empty", "-m", "a short one")
    shallow = tmp_path_factory.mktemp("shallow") / "clone"
    git(clone, "clone", "--quiet", "--depth", "1", f"file://{clone}", str(shallow))
    shutil.copytree(clone / "bin", shallow / "bin")
    assert check(shallow).returncode == 0
    bare = tmp_path_factory.mktemp("bare")
    shutil.copytree(clone / "bin", bare / "bin")
    assert check(bare).returncode == 0
