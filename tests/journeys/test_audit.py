"""Every kind of page, walked as a television's remote control does, and opened in a 2018 engine."""

import json
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
    "/more/",
    "/courses/",
    "/courses/going-out/",
    "/teachers/",
    "/stories/",
    "/stories/tell/",
    "/stories/video-call/",
    "/my/",
    "/my/number/",
    "/my/enter/",
    "/here/",
    "/tv/",
    "/tv/pair/",
    "/manuals/",
    "/m/{SY-9}/",
    "/m/{QH-21}/1/4/?said=no",
    "/m/{QH-21}/1/practice/?screen=s4",
]
#: Lighthouse takes as long as all the rest, and says the same of pages that are built alike.
WITH_LIGHTHOUSE = {"/", "/smart-tech/scan-to-pay/", "/m/{QH-21}/1/4/?said=no"}
#: Of somebody who is signed in.
OWN_PAGES = [
    "/my/",
    "/my/forget/",
    "/my/certificate/{classroom}/",
    "/here/",
    "/accounts/",
    "/accounts/name/",
    "/tv/mine/",
    "/tv/confirm/",
]
#: Of somebody who has been sent a code.
CODE_PAGES = ["/accounts/code/typed/"]
#: For those who want no large print, on a screen before them: no television cuts off its edges.
STANDARD = ("node", "audit.mjs", "--limits", "limits-standard.json", "--no-lighthouse")
STANDARD_PAGES = ["/", "/smart-tech/scan-to-pay/", "/m/{QH-21}/1/4/"]
#: Size and theme. What a size changes (room, reach) and what a theme changes (contrast) have
#: nothing to do with each other, so each page is walked in one of these, in turn.
LOOKS = [("large", "light"), ("larger", "dark"), ("largest", "light")]
#: AUDIT_EVERY_LOOK=1 walks every page in all of them.
EVERY_LOOK = list(product(("large", "larger", "largest"), ("light", "dark")))

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.timeout(1800)]


ELDER = """
import json
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from courses.models import ClassroomPage
from courses.models.progress import FinishedClassroom, Notebook
from lms.tv.choices import Picture
from lms.tv.models import Television, TelevisionPerson
elder = get_user_model().objects.create_user("elder", last_name="陈", first_name="阿婆")
classroom = ClassroomPage.objects.get(slug="anti-fraud")
notebook = Notebook.objects.create(user=elder)
FinishedClassroom.objects.create(
    notebook=notebook, classroom=classroom, finished_at=timezone.now()
)
television = Television.objects.create(name="客厅的电视")
TelevisionPerson.objects.create(television=television, user=elder, picture=Picture.values[0])
signed_in, waiting = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
signed_in.force_login(elder)
assert waiting.post("/accounts/code/", {"digits": "19900000061"}).status_code == 302
print(json.dumps({
    "classroom": str(classroom.pk),
    "signed_in": signed_in.cookies["sessionid"].value,
    "waiting": waiting.cookies["sessionid"].value,
}))
"""


@pytest.fixture(scope="module")
def site(site_of_manuals):
    """With the units of a city to choose from, manuals, and somebody who is signed in."""
    site_of_manuals.manage("import_units", "lms/units/data/units-guangzhou.csv", "--if-empty")
    told = site_of_manuals.manage("shell", "-v0", "-c", ELDER)  # and what the SMS gateway prints
    site_of_manuals.codes |= json.loads(told.splitlines()[-1])
    return site_of_manuals


def addresses(site, pages: Iterable[str]) -> list[str]:
    """Whole ones; a word in braces is a product's model, for its manual's code, or names a key."""
    return [site.url + re.sub(r"{(.+?)}", lambda m: site.codes[m[1]], page) for page in pages]


def walks(site) -> dict[tuple[str, ...], list[str]]:
    """With which options of the audit (whose cookies, with Lighthouse or not) which pages."""
    signed_in, waiting = (f"sessionid={site.codes[who]}" for who in ("signed_in", "waiting"))
    everything = [(waiting, page) for page in CODE_PAGES]  # first: a code lasts ten minutes
    everything += [(signed_in, page) for page in OWN_PAGES]
    everything += [("", page) for page in PAGES]
    whole = bool(os.environ.get("AUDIT_EVERY_LOOK"))
    found: dict[tuple[str, ...], list[str]] = {}
    for place, (session, page) in enumerate(everything):
        for size, theme in EVERY_LOOK if whole else [LOOKS[place % len(LOOKS)]]:
            options = ["--cookie", f"display=elder:{size}:{theme}:off:1:zh-hans; {session}"]
            if page not in WITH_LIGHTHOUSE:
                options.append("--no-lighthouse")
            found.setdefault(tuple(options), []).append(page)
    return found


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, check=False, cwd=AUDIT, capture_output=True, text=True)
    print(done.stdout, done.stderr)  # pytest shows it where the test fails
    return done


def test_no_page_has_an_audit_failure_whatever_is_shown(site, tmp_path):
    def walk(shown: tuple[int, tuple[tuple[str, ...], list[str]]]) -> int:
        number, (options, pages) = shown
        out = ("--out", tmp_path / str(number))
        return run(*WALK, *out, *options, *addresses(site, pages)).returncode

    with ThreadPoolExecutor(max_workers=2) as pool:  # an audit mostly waits
        assert set(pool.map(walk, enumerate(walks(site).items()))) == {0}


def test_no_page_of_the_standard_version_has_an_audit_failure(site, tmp_path):
    cookie = ("--cookie", "display=standard:large:light:off:1:zh-hans")
    pages = addresses(site, STANDARD_PAGES)
    assert run(*STANDARD, "--out", tmp_path, *cookie, *pages).returncode == 0


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
