"""Every kind of page, walked as a television's remote control does, and opened in a 2018 engine."""

import os
import subprocess
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[1] / "audit"
PAGES = [
    "/",
    "/digital-life/",
    "/digital-life/?p=3",
    "/smart-tech/scan-to-pay/",
    "/smart-tech/scan-to-pay/?answer=0",
    "/science/qr-inside/",
]

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.timeout(900)]


def run(*command: str | Path) -> None:
    done = subprocess.run(
        command, check=False, cwd=AUDIT, capture_output=True, text=True, env={**os.environ}
    )
    print(done.stdout, done.stderr)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_no_page_has_an_audit_failure_at_any_width(live_site, tmp_path):
    run("node", "audit.mjs", "--out", tmp_path, *(live_site.url + page for page in PAGES))


def test_no_page_has_a_script_error_in_chromium_68(live_site, tmp_path, settings):
    engine = settings.VAR_DIR / "chromium-68"
    run("bash", "old-chromium.sh", "68", engine)
    run("node", "legacy-smoke.mjs", engine, tmp_path, *(live_site.url + page for page in PAGES))
