"""Packages are installed by uv where a file pins it, from where pip would have them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

#: As `pip config list` tells it.
CONFIG = r"""
:env:.cert='/etc/city.pem'
:env:.timeout='60'
global.cert='/etc/other.pem'
global.extra-index-url='https://one.example/simple\nhttps://two.example/simple'
global.find-links='/srv/wheels /srv/more'
global.index-url='https://mirror.example/simple'
install.index-url='https://ours.example/simple'
"""
PYTHON = """#!/bin/sh
case "$*" in
  *"config list") cat config ;;
  *"pip install"*) echo "pip $*" >>said ;;
esac
"""
UV = """#!/bin/sh
echo "uv $*" >>said
env | grep -E '^(UV_|SSL_CERT_FILE|ALL_PROXY)' | sort >handed
mkdir -p .venv/unpacked
exit CODE
"""


@pytest.fixture
def home(checkout: Path, tmp_path: Path) -> Path:
    """A checkout whose Python and uv say only what they were asked."""
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    shutil.copy(checkout / "bin/environment", tmp_path / "bin")
    (tmp_path / "constraints.txt").touch()
    (tmp_path / "requirements.txt").write_text("django==5.2.19  # the site\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\nuv==0.13.9  # quick\n")
    (tmp_path / "config").write_text(CONFIG)
    return tmp_path


def installed(home: Path, file: str, *, code: int = 0) -> list[str]:
    """Who was asked to install what."""
    for name, script in (("python", PYTHON), ("uv", UV.replace("CODE", str(code)))):
        program = home / ".venv/bin" / name
        program.write_text(script)
        program.chmod(0o755)
    own = {name: value for name, value in os.environ.items() if not name.startswith(NOT_HANDED)}
    subprocess.run([home / "bin/environment", file], env=own, check=True)
    assert not (home / ".venv/unpacked").exists()
    said = [line.split() for line in (home / "said").read_text().splitlines()]
    return [f"{words[0]} {words[-1]}" for words in said]


NOT_HANDED = ("UV_", "SSL_CERT_FILE", "ALL_PROXY")


def test_a_deployer_has_pip(home):
    assert installed(home, "requirements.txt") == ["pip requirements.txt"]


def test_uv_goes_where_pip_would(home):
    assert installed(home, "requirements-dev.txt") == ["pip uv==0.13.9", "uv requirements-dev.txt"]
    assert (home / "handed").read_text().splitlines() == [
        "SSL_CERT_FILE=/etc/city.pem",
        "UV_DEFAULT_INDEX=https://ours.example/simple",
        "UV_FIND_LINKS=/srv/wheels,/srv/more",
        "UV_INDEX=https://one.example/simple https://two.example/simple",
    ]
    assert "--no-index" not in (home / "said").read_text()


def test_where_pip_may_ask_no_index_uv_may_not_either(home):
    (home / "config").write_text("global.no-index='true'\n")
    installed(home, "requirements-dev.txt")
    assert "--no-index --constraint" in (home / "said").read_text()


def test_what_uv_cannot_pip_does(home, capfd):
    asked = installed(home, "requirements-dev.txt", code=2)
    assert asked == ["pip uv==0.13.9", "uv requirements-dev.txt", "pip requirements-dev.txt"]
    assert "uv==0.13.9 could not, so pip does." in capfd.readouterr().out
