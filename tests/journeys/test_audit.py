"""Every kind of page is opened and measured, and some are walked as a remote control does.

`bin/test --thorough` walks all of them, in every look, with Lighthouse, and opens them in a 2018
engine."""

import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest

from tests.journeys.learner_pages import OWN_PAGES, PAGES, addresses

AUDIT = Path(__file__).parents[1] / "audit"
#: limits.json: our pages answer a key in less than the 40 ms that the audit waits for any page.
WALK = ("node", "audit.mjs", "--limits", "limits.json")
#: Lighthouse takes as long as all the rest, and says the same of pages that are built alike.
WITH_LIGHTHOUSE = {"/", "/smart-tech/scan-to-pay/", "/m/{QH-21}/1/4/?said=no"}
WITHOUT_LIGHTHOUSE = {"--quick", "--no-lighthouse"}
#: Of each way in which the focus goes, one: a home, a lesson, a pretend phone, a manual's step.
WALKED = [
    "/",
    "/smart-tech/scan-to-pay/",
    "/smart-tech/scan-to-pay/practice/?screen=home&misses=2&press=2",
    "/m/{QH-21}/1/4/?said=no",
]
#: Of somebody who has been sent a code.
CODE_PAGES = ["/accounts/code/typed/"]
#: For those who want no large print, on a screen before them: no television cuts off its edges.
STANDARD = ("node", "audit.mjs", "--limits", "limits-standard.json", "--no-lighthouse")
STANDARD_PAGES = ["/", "/smart-tech/scan-to-pay/", "/m/{QH-21}/1/4/"]
#: Size and theme. What a size changes (room, reach) and what a theme changes (contrast) have
#: nothing to do with each other, so each page is shown in one of these, in turn.
LOOKS = [("large", "light"), ("larger", "dark"), ("largest", "light")]
#: Keys and words side by side have the least room in the largest size.
CLOSEST = dict.fromkeys(["/search/", "/search/?q=xqz"], ("largest", "light"))
EVERY_LOOK = list(product(("large", "larger", "largest"), ("light", "dark")))

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.timeout(5400)]


@pytest.fixture(scope="module")
def site(site_of_an_elder):
    """With manuals, and somebody who is signed in."""
    return site_of_an_elder


def visits(site) -> list[tuple[str, str]]:
    """Every page with the cookie of who sees it."""
    signed_in, waiting = (f"sessionid={site.codes[who]}" for who in ("signed_in", "waiting"))
    return [
        *((waiting, page) for page in CODE_PAGES),  # first: a code lasts ten minutes
        *((signed_in, page) for page in OWN_PAGES),
        *(("", page) for page in PAGES),
    ]


def audit(
    site, folder: Path, visits: Iterable[tuple[str, str]], *options: str, looks=None
) -> set[int]:
    """In each of `looks`; None: each page in one, of LOOKS in turn. {0}: without a failure."""
    walks: dict[tuple[object, bool], list[str]] = {}  # a browser each
    for place, (session, page) in enumerate(visits):
        for look in looks or [CLOSEST.get(page) or LOOKS[place % len(LOOKS)]]:
            size, theme = look
            measured = page in WITH_LIGHTHOUSE and not WITHOUT_LIGHTHOUSE & set(options)
            walk = walks.setdefault((look if looks else None, measured), [])
            cookie = f"display=elder:{size}:{theme}:off:1:zh-hans; {session}"
            walk += ["--cookie", cookie, *addresses(site, [page])]

    def go(numbered: tuple[int, tuple[tuple[object, bool], list[str]]]) -> int:
        number, ((_, measured), shown) = numbered
        more = (*options, *(() if measured else ("--no-lighthouse",)))
        return run(*WALK, "--out", folder / str(number), *more, *shown).returncode

    with ThreadPoolExecutor(max_workers=2) as pool:
        return set(pool.map(go, enumerate(walks.items())))


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, check=False, cwd=AUDIT, capture_output=True, text=True)
    print(done.stdout, done.stderr)  # pytest shows it where the test fails
    return done


def test_every_page_can_be_read_and_holds_to_its_limits(site, tmp_path):
    """But for those that are walked below, where the same is asked of them."""
    read = [(session, page) for session, page in visits(site) if page not in WALKED]
    assert audit(site, tmp_path, read, "--quick") == {0}


def test_by_the_remote_everything_is_reached_and_seen(site, tmp_path):
    walked = [("", page) for page in WALKED]
    assert audit(site, tmp_path, walked, "--quick", "--walk") == {0}


@pytest.mark.thorough("half an hour; every page is opened in one look, four are walked")
def test_no_page_has_an_audit_failure_whatever_is_shown(site, tmp_path):
    assert audit(site, tmp_path, visits(site), looks=EVERY_LOOK) == {0}


@pytest.mark.thorough("every page is opened for elders, four are walked; it has the same markup")
def test_no_page_of_the_standard_version_has_an_audit_failure(site, tmp_path):
    cookie = ("--cookie", "display=standard:large:light:off:1:zh-hans")
    pages = addresses(site, STANDARD_PAGES)
    assert run(*STANDARD, "--out", tmp_path, *cookie, *pages).returncode == 0


@pytest.mark.thorough("fetches an old engine; eslint and stylelint know what it understands")
def test_no_page_has_a_script_error_in_chromium_68(site, tmp_path, settings):
    engine = settings.VAR_DIR / "chromium-68"
    assert run("bash", "old-chromium.sh", "68", engine).returncode == 0
    shown = [("", PAGES[first : first + 12]) for first in range(0, len(PAGES), 12)]
    shown += [(site.codes["signed_in"], OWN_PAGES), (site.codes["waiting"], CODE_PAGES)]

    def smoke(walk: tuple[str, list[str]]) -> int:
        session, pages = walk
        command = ("node", "legacy-smoke.mjs", engine, tmp_path)
        cookie = ("--cookie", f"sessionid={session}")
        return run(*command, *cookie, *addresses(site, pages)).returncode

    with ThreadPoolExecutor() as pool:  # it mostly waits, for errors that come late
        assert set(pool.map(smoke, shown)) == {0}
