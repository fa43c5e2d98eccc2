"""Every kind of page, walked as a television's remote control does, and opened in a 2018 engine."""

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
    "/accounts/login/",
    "/search/",
    "/search/?q=s",
]

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.timeout(900)]


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, check=False, cwd=AUDIT, capture_output=True, text=True)
    print(done.stdout, done.stderr)  # pytest shows it where the test fails
    return done


def test_no_page_has_an_audit_failure_at_any_width(live_site, tmp_path):
    pages = [live_site.url + page for page in PAGES]
    assert run("node", "audit.mjs", "--out", tmp_path, *pages).returncode == 0


def test_no_page_has_a_script_error_in_chromium_68(live_site, tmp_path, settings):
    engine = settings.VAR_DIR / "chromium-68"
    pages = [live_site.url + page for page in PAGES]
    assert run("bash", "old-chromium.sh", "68", engine).returncode == 0
    assert run("node", "legacy-smoke.mjs", engine, tmp_path, *pages).returncode == 0
