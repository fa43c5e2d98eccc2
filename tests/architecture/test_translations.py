"""Source strings are Chinese; the English catalogue is complete, up to date and compiled."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import NOT_OURS

CATALOGUE = Path("lms/locale/en/LC_MESSAGES/django.po")


def without_dates(catalogue: Path) -> str:
    return re.sub(r'"PO(T-Creation|-Revision)-Date: .*\n', "", catalogue.read_text())


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
    assert without_dates(copy / CATALOGUE) == without_dates(checkout / CATALOGUE), (
        "run bin/messages and translate what is new"
    )


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
