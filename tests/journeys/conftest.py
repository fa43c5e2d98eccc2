"""A real site for journeys: web process, worker, starter content, on whichever engines the run has.

A test that breaks something makes its own; the rest share one that is ready, and one browser.
"""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
from django.conf import settings
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests import workers
from tests.chromium import launch
from tests.collected import share_collected
from tests.journeys.desks import sign_in
from tests.journeys.learner_pages import ELDER
from tests.journeys.rabbit import own_host
from tests.journeys.television import TELEVISION
from tests.migrated import copy_migrated, create_database, make_once

WAIT_SECONDS = 180
FIRST_FILM_SECONDS = 420  # three sizes and what is said, while other tests and lints run
FIRST_JOURNEY_SECONDS = 600  # in which that film is made, or waited for
expect.set_options(timeout=20_000)  # on a machine that does other things beside
THREE_DAYS_SECONDS = 3 * 24 * 3600
SAMPLE_LESSON = "/smart-tech/scan-to-pay/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Any of them may be the one that comes first."""
    for item in items:
        if Path(__file__).parent in item.path.parents and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(FIRST_JOURNEY_SECONDS))


class Site:
    """A site in a folder of its own, with a database and a broker of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: subprocess.Popen[str] | None = None
        self.codes: dict[str, str] = {}  # of manuals, by their product's model
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self.lesson_url = self.url + SAMPLE_LESSON
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
            "VAR_DIR": str(folder),
            "LESSON_FILMS": "0",  # forty films would keep the machine busy
            "MANUAL_FILMS": "0",
            **own_engines(folder.name),
            **environment,
        }

    @property
    def postgres(self) -> str:
        """The database's address; empty on SQLite."""
        url = self.environment["DATABASE_URL"]
        return url if url.startswith("postgres") else ""

    def decide_the_rest(self) -> None:
        """Where the run has no engines of a city, say that those of one machine are meant."""
        for name, meant in {
            "DATABASE_URL": f"sqlite:///{self.folder}/yinling.sqlite3",
            "CELERY_BROKER_URL": "memory://localhost/",
            "CACHE_URL": "locmem://",
        }.items():
            self.environment[name] = self.environment.get(name) or meant

    def manage(self, *arguments: str) -> str:
        """Run a management command to its end; returns what it printed."""
        if self.commands is None:
            with (self.folder / "commands.log").open("ab") as log:
                self.commands = subprocess.Popen(
                    [sys.executable, "-m", "tests.journeys.commands"],
                    cwd=settings.BASE_DIR,
                    env=self.environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        print(json.dumps(arguments), file=self.commands.stdin, flush=True)
        done = json.loads(self.commands.stdout.readline())
        assert done["code"] == 0, done["complained"]
        return done["said"]

    def rows(self, sql: str) -> list[tuple]:
        """What the site's database answers, straight, so that asking often costs little."""
        if url := self.postgres:
            with psycopg.connect(url) as connection:
                return connection.execute(sql).fetchall()
        with closing(sqlite3.connect(self.folder / "yinling.sqlite3", timeout=20)) as connection:
            return connection.execute(sql).fetchall()

    def value(self, sql: str) -> object:
        [[value]] = self.rows(sql)
        return value

    def migrate(self) -> None:
        share_collected(self.folder)
        copy_migrated(self.postgres or str(self.folder / "yinling.sqlite3"))

    def prepare(self) -> None:
        """With the starter's lessons."""
        self.copy_or_make("starter", load)

    def copy_or_make(self, name: str, make: Callable[["Site"], None]) -> None:
        """On SQLite a site is made so once in a test run, and copied."""

        def make_first(folder: Path) -> None:
            first = Site(folder)
            try:
                make(first)
            finally:
                first.stop()
            first.rows("PRAGMA wal_checkpoint(TRUNCATE)")  # all of it in the file that is copied

        if self.postgres:
            make(self)
            self.stop()
        else:
            made = make_once(f"site-{name}", make_first)
            shutil.copytree(made, self.folder, dirs_exist_ok=True, symlinks=True)

    def start(self, name: str) -> None:
        command = {
            "web": ["gunicorn", "lms.wsgi", "--config", "deploy/web.py",
                    "--bind", urlsplit(self.url).netloc,
                    "--worker-class", "gthread", "--threads", "16", *self.log_of_gunicorn()],
            "worker": ["celery", "-A", "lms", "worker", "--concurrency", "2"],
            "clock": ["celery", "-A", "lms", "beat", "--pidfile="],
        }[name]  # fmt: skip
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def log_of_gunicorn(self) -> list[str]:
        city = self.environment["DJANGO_SETTINGS_MODULE"] == "lms.settings.production"
        return ["--log-config-json", "deploy/gunicorn-log.json"] if city else []

    def go_on(self) -> None:
        """Have the web process answer, whether or not it was killed."""
        if "web" not in self.processes:
            self.start("web")
        self.wait_until(self.answers, "the site answers")

    def answers(self) -> bool:
        return json.loads(self.get("/healthz"))["status"] == "ok"

    def kill(self, name: str) -> None:
        """SIGKILL to the process and every child of its group, as a power cut would."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in list(self.processes):
            self.kill(name)
        if self.commands is not None:
            self.commands.kill()
            self.commands.communicate()
            self.commands = None

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=30) as response:
            return response.read()

    def is_processed(self) -> bool:
        """Whether every stage of every video has been planned and done."""
        states = [state for (state,) in self.rows("SELECT state FROM media_stage")]
        return bool(states) and set(states) == {"done"}

    def films(self) -> set[Path]:
        """The files of every rendition, and those that nobody names any more."""
        return set((self.folder / "media/videos").glob("*/*"))

    def sweep(self) -> None:
        """As the nightly sweep would three days from now, when nobody watches what was replaced."""
        then = time.time() - THREE_DAYS_SECONDS
        for film in self.films():
            os.utime(film, (then, then))
        self.manage("shell", "-v0", "-c", "from media.pipeline.tasks import clean_up; clean_up()")

    def wait_until(self, is_so, what: str, *, seconds: int = WAIT_SECONDS) -> None:
        """Ask again and again; fails with the logs' last lines when it does not come true."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if is_so():
                    return
            except OSError:
                pass  # not answering yet
            time.sleep(0.3)
        logs = "\n".join(
            f"{log.name}:\n" + "\n".join(log.read_text().splitlines()[-20:])
            for log in self.folder.glob("*.log")
        )
        pytest.fail(f"It did not come true that {what}.\n{logs}")


def load(site: Site) -> None:
    site.migrate()
    site.manage("load_starter")
    site.manage("load_search_words")


def process(site: Site) -> None:
    """Until its sample video has passed every stage."""
    site.prepare()
    site.start("worker")
    site.wait_until(site.is_processed, "every stage is done", seconds=FIRST_FILM_SECONDS)


def own_engines(name: str) -> dict[str, str]:
    """A database and a broker for one site, on the engines of this test run."""
    database_url = os.environ.get("DATABASE_URL", "")
    if not database_url.startswith("postgres"):
        return {"DATABASE_URL": "", "CELERY_BROKER_URL": "", "CACHE_URL": ""}
    database = f"site_{workers.WORKER}_{name}".replace("-", "_")
    create_database(database, template="template1")
    broker = workers.further(os.environ["CELERY_BROKER_URL"], by=2)
    redis.Redis.from_url(broker).flushdb()
    return {
        "DATABASE_URL": urlunsplit(urlsplit(database_url)._replace(path=f"/{database}")),
        "CELERY_BROKER_URL": broker,
    }


@pytest.fixture(
    params=[
        "own",
        pytest.param(
            "rabbitmq",
            marks=[pytest.mark.city, pytest.mark.thorough("with Redis it runs every time")],
        ),
    ]
)
def broker(request) -> dict[str, str]:
    """What a site's environment says of the broker: nothing of the run's own, or RabbitMQ."""
    return {} if request.param == "own" else {"CELERY_BROKER_URL": own_host()}


@pytest.fixture
def new_site(tmp_path):
    """Makes sites that end with the test; each is migrated and has the starter content."""
    sites: list[Site] = []

    def make(**environment: str) -> Site:
        site = Site(tmp_path / f"new{len(sites)}", **environment)
        sites.append(site)
        site.prepare()
        return site

    yield make
    for site in sites:
        site.stop()


@pytest.fixture(scope="package")
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright):
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def empty_site(tmp_path_factory):
    """Without lessons: the roll needs none. A test that kills its web process starts it again."""
    site = Site(tmp_path_factory.mktemp("roll"))
    site.migrate()
    try:
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="package")
def live_site(tmp_path_factory):
    """A running site whose sample video has passed every stage."""
    site = Site(tmp_path_factory.mktemp("live"))
    try:
        site.copy_or_make("processed", process)
        site.start("web")
        site.start("worker")
        site.wait_until(site.answers, "the site answers")
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="package")
def site_of_manuals(live_site, passwords):
    """The running site with the invented manufacturers, their manuals' codes by the model, and
    two pages' keys."""
    live_site.manage("load_demo_manuals")
    live_site.codes = dict(
        live_site.rows(
            "SELECT model, short_code FROM manuals_manual"
            " JOIN manuals_product ON manuals_product.id = product_id"
        )
    )
    pages = "SELECT slug, id FROM wagtailcore_page WHERE slug IN ('scan-to-pay', 'anti-fraud')"
    live_site.codes |= {slug: str(key) for slug, key in live_site.rows(pages)}
    return live_site


@pytest.fixture(scope="package")
def site_of_an_elder(site_of_manuals):
    """It too with the units of a city to choose from, and somebody who is signed in: among the
    codes are the cookies."""
    site_of_manuals.manage("import_units", "lms/units/data/units-guangzhou.csv", "--if-empty")
    told = site_of_manuals.manage("shell", "-v0", "-c", ELDER)  # and what the SMS gateway prints
    site_of_manuals.codes |= json.loads(told.splitlines()[-1])
    return site_of_manuals


@pytest.fixture
def television(browser: Browser):
    """A page as large as a television, in Chinese; a script error on it fails the test."""
    context = browser.new_context(viewport=TELEVISION, locale="zh-CN")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture(scope="package")
def passwords(live_site) -> dict[str, str]:
    said = live_site.manage("make_demo_accounts")
    return dict(re.findall(r"(\w+) / (\S+)", said))


@pytest.fixture(scope="package")
def signed_in(browser, live_site, passwords) -> dict[str, StorageState]:
    """The cookies of two people, each signed in once."""
    states = {}
    for who in ("editor", "admin"):
        context = browser.new_context()
        sign_in(context.new_page(), live_site, who, passwords[who])
        states[who] = context.storage_state()
        context.close()
    return states


@pytest.fixture
def sit(browser, live_site, signed_in):
    """Opens a desk as one person, in a browser of their own; a script error fails the test."""
    contexts, errors = [], []

    def open_desk(track: int, who: str = "editor") -> Page:
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", storage_state=signed_in[who]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{live_site.url}/admin/tracks/desk/{track}/")
        page.wait_for_selector(".line")
        return page

    yield open_desk
    for context in contexts:
        context.close()
    assert errors == []
