"""Source strings are Chinese; the English catalogue is complete, up to date and compiled."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import NOT_OURS

CATALOGUE = Path("lms/locale/en/LC_MESSAGES/django.po")


def entries(checkout: Path, kind: str) -> str:
    """The catalogue's entries of a kind that msgattrib knows (untranslated, only-fuzzy)."""
    command = ["msgattrib", f"--{kind}", str(checkout / CATALOGUE)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_catalogue_holds_what_the_sources_say(checkout, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(checkout, copy, ignore=shutil.ignore_patterns(*NOT_OURS))
    subprocess.run(
        [copy / "bin/messages"],
        env={**os.environ, "PYTHON": sys.executable, "VAR_DIR": str(tmp_path)},
        check=True,
    )
    collected, committed = (folder / CATALOGUE for folder in (copy, checkout))
    assert collected.read_text() == committed.read_text(), "run bin/messages and translate the new"


@pytest.mark.parametrize("kind", ["untranslated", "only-fuzzy"])
def test_every_string_has_its_english(checkout, kind):
    assert entries(checkout, kind) == ""


def test_the_compiled_catalogue_is_that_of_the_source(checkout, tmp_path):
    compiled = tmp_path / "django.mo"
    subprocess.run(
        ["msgfmt", "--check", "--output-file", compiled, checkout / CATALOGUE], check=True
    )
    committed = (checkout / CATALOGUE).with_suffix(".mo")
    assert compiled.read_bytes() == committed.read_bytes(), "run bin/messages"
