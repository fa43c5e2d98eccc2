"""bin/advisories: nobody is told that all is well by a source that nobody could ask."""

import os
import subprocess
from pathlib import Path

import pytest

#: As pip-audit and npm say it: of a release that is known, of what is installed, of Node's.
KNOWN = "echo 'django 1.8 PYSEC-2015-8'; exit 1"
SILENT = "echo 'No known vulnerabilities found'"
REPORT = """echo '{"auditReportVersion": 2}'"""
AWAY = """echo '{"error": {"code": "ENOTFOUND"}}'; exit 1"""
BAD = "echo 'left-pad: high'; exit 1"


def look(checkout: Path, folder: Path, *, pip_known: str, pip_ours: str, npm: str, npm_ours: str):
    """Run it with these for pip-audit and npm, in a checkout that has no .venv."""
    (folder / "bin").mkdir()
    script = folder / "bin/advisories"
    script.write_bytes((checkout / "bin/advisories").read_bytes())
    programs = folder / ".venv/bin"
    programs.mkdir(parents=True)
    for name, word, first, other in [
        ("pip-audit", "--requirement", pip_known, pip_ours),
        ("npm", "--json", npm, npm_ours),
    ]:
        program = programs / name
        program.write_text(
            f'#!/bin/bash\nif [[ "$*" == *{word}* ]]; then {first}; else {other}; fi\n'
        )
        program.chmod(0o755)
    return subprocess.run(
        ["bash", script], capture_output=True, text=True, check=False, env=dict(os.environ)
    )


@pytest.mark.parametrize(
    ("code", "said", "answers"),
    [
        (0, "", {}),
        (1, "PYSEC", {"pip_ours": KNOWN}),
        (1, "left-pad", {"npm_ours": BAD}),
        (3, "PyPI's advisories are not reachable", {"pip_known": SILENT}),
        (3, "npm's advisories are not reachable", {"npm": AWAY}),
        (1, "not reachable", {"npm": AWAY, "pip_ours": KNOWN}),
    ],
    ids=["clean", "python", "node", "no PyPI", "no npm", "one unsafe, one away"],
)
def test_what_was_looked_at_is_said(checkout, tmp_path, code, said, answers):
    wanted = {"pip_known": KNOWN, "pip_ours": SILENT, "npm": REPORT, "npm_ours": "true"}
    done = look(checkout, tmp_path, **{**wanted, **answers})
    assert (done.returncode, done.stderr) == (code, "")
    assert said in done.stdout
    assert ("NOTHING WAS LOOKED AT" in done.stdout) == ("not reachable" in said)
