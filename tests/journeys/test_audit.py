"""Every kind of page, walked as a television's remote control does, and opened in a 2018 engine."""

import os
import re
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[1] / "audit"
#: limits.json: our pages answer a key in less than the 40 ms that the audit waits for any page.
WALK = ("node", "audit.mjs", "--limits", "limits.json")
PAGES = [
    "/",
    "/digital-life/",
    "/digital-life/?p=3",
    "/smart-tech/scan-to-pay/",
    "/smart-tech/scan-to-pay/?answer=0",
    "/science/qr-inside/",
    "/smart-tech/scan-to-pay/practice/?screen=home&misses=2&press=2",
    "/smart-tech/scan-to-pay/practice/?screen=END",
    "/anti-fraud/drill/?round=5&class=1&hands=12.3.5",
    "/anti-fraud/drill/?round=5&said=1.0.0",
    "/display/",
    "/help/",
    "/help/call/",
    "/help/village/?in=440103",
    "/accounts/login/",
    "/accounts/code/",
    "/search/",
    "/search/?q=s",
    "/courses/",
    "/courses/going-out/",
    "/stories/video-call/",
    "/my/",
    "/my/number/",
    "/my/enter/",
    "/manuals/",
    "/m/{SY-9}/",
    "/m/{QH-21}/1/4/?said=no",
    "/m/{QH-21}/1/practice/?screen=s4",
]
#: Lighthouse takes as long as all the rest, and says the same of pages that are built alike.
WITH_LIGHTHOUSE = {"/", "/smart-tech/scan-to-pay/", "/m/{QH-21}/1/4/?said=no"}
WITHOUT = [page for page in PAGES if page not in WITH_LIGHTHOUSE]
#: Size and theme, and what is shown with them besides the first look (large, light), in which all
#: are. What a size changes (room, reach) and what a theme changes (contrast) have nothing to do
#: with each other; every second page meets the one, the others the other.
#: AUDIT_EVERY_LOOK=1 shows every page with all of them.
LOOKS = {
    ("large", "light"): WITHOUT,
    ("larger", "dark"): PAGES[::2],
    ("largest", "light"): PAGES[1::2],
}
EVERY_LOOK = dict.fromkeys(product(("large", "larger", "largest"), ("light", "dark")), PAGES)

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def site(site_of_manuals):
    """With the units of a city to choose from, and manuals."""
    site_of_manuals.manage("import_units", "lms/schools/data/units-guangzhou.csv", "--if-empty")
    return site_of_manuals


def addresses(site, pages: Iterable[str]) -> list[str]:
    """Whole ones; a product's model in braces is its manual's code."""
    return [site.url + re.sub(r"{(.+?)}", lambda m: site.codes[m[1]], page) for page in pages]


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, check=False, cwd=AUDIT, capture_output=True, text=True)
    print(done.stdout, done.stderr)  # pytest shows it where the test fails
    return done


def test_no_page_fails_lighthouse_or_the_audit_at_any_width(site, tmp_path):
    pages = addresses(site, sorted(WITH_LIGHTHOUSE))
    assert run(*WALK, "--out", tmp_path, *pages).returncode == 0


def test_no_page_has_an_audit_failure_in_any_size_or_theme(site, tmp_path):
    def look(shown: tuple[tuple[str, ...], list[str]]) -> int:
        (size, theme), pages = shown
        cookie = f"display=elder:{size}:{theme}:off:1:zh-hans"
        out = tmp_path / f"{size}-{theme}"
        options = ["--no-lighthouse", "--out", out, "--cookie", cookie]
        return run(*WALK, *options, *addresses(site, pages)).returncode

    looks = EVERY_LOOK if os.environ.get("AUDIT_EVERY_LOOK") else LOOKS
    with ThreadPoolExecutor(max_workers=2) as pool:  # an audit mostly waits
        assert set(pool.map(look, looks.items())) == {0}


def test_no_page_has_a_script_error_in_chromium_68(site, tmp_path, settings):
    engine = settings.VAR_DIR / "chromium-68"
    pages = addresses(site, PAGES)
    assert run("bash", "old-chromium.sh", "68", engine).returncode == 0
    for first in range(0, len(pages), 8):  # a run has a limit of its own
        some = pages[first : first + 8]
        assert run("node", "legacy-smoke.mjs", engine, tmp_path, *some).returncode == 0
