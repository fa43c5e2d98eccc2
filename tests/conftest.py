"""What all tests share. A fixture lives here only when two packages' tests use it."""

import os
from collections.abc import Iterator
from inspect import isfunction, ismodule
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.template import Context, RequestContext, Template
from pytest_django.plugin import blocking_manager_key
from wagtail.hooks import search_for_hooks

from tests import workers
from tests.collected import share_counts
from tests.kept_rows import load_or_put_back
from tests.migrated import copy_migrated

pytest_plugins = ["tests.cast"]

# Speed is no test's business: a first example may load a dictionary, and the machine is busy.
hypothesis.settings.register_profile("thorough", deadline=None)
hypothesis.settings.register_profile("everyday", deadline=None, max_examples=25)

#: A test module that calls what is written there has FFmpeg run.
RUNS_FFMPEG = {
    "media.ffmpeg.extraction",
    "media.ffmpeg.loudness",
    "media.ffmpeg.poster",
    "media.ffmpeg.process",
    "media.ffmpeg.renditions",
    "media.ffmpeg.speech_detection",
    "media.ffmpeg.storyboard",
    "media.films.making",
    "media.pipeline.processing",
    "subtitles.tracks.embedded",
}
#: One that calls this mostly waits for a recogniser, to which every FFmpeg is the same.
RECOGNISES = {
    "subtitles.engines",
    "subtitles.recognition.machine",
    "subtitles.recognition.recognise",
}
STATEFUL = {"db", "transactional_db", "live_server", "live_site", "new_site"}


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds manage.py."""
    return settings.BASE_DIR


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings_parallel_suffix):
    """pytest-django's last word before it sets the database up.

    Migrating is done in no language, and looks through Wagtail's hooks: some of what they import
    is translated then and there.
    """
    search_for_hooks()
    if request.config.getvalue("reuse_db"):
        return
    name = connection.creation._get_test_db_name()
    if connection.vendor == "sqlite":
        copy_migrated(str(name))
    else:
        copy_migrated(urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")))


@pytest.fixture(scope="session")
def django_db_keepdb():
    """It is there already; the next run puts another in its place."""
    return True


@pytest.fixture(scope="module")
def starter(django_db_setup, django_db_blocker):
    """The starter's lessons, there for all tests of a module, which each take back their own
    changes only."""
    from courses.starter.loading import load_starter

    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(connection, "close", lambda: None)  # as each test's end would
        load_or_put_back("starter", load_starter, once_a_run=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def with_starter(db):
    """As `starter`, where other tests of the module need a site without lessons."""
    from courses.starter.loading import load_starter

    load_or_put_back("starter", load_starter, once_a_run=True)


@pytest.fixture
def shelves(db):
    """Series, a teacher and a story, on top of the starter's lessons; before anything else that is
    made, since their rows keep their numbers."""
    from courses.starter.shelves import load_shelves

    load_or_put_back("shelves", load_shelves, once_a_run=True)


@pytest.fixture(scope="session", autouse=True)
def pages_are_told(django_test_environment):
    """Django's test client is told of what was shown in each page, for `response.context`: not of
    the hundred templates in it too, each of whose contexts it would copy."""

    told = Template._render

    def render(template: Template, context: Context) -> str:
        is_page = context.template is template and isinstance(context, RequestContext)
        return told(template, context) if is_page else template.nodelist.render(context)

    Template._render = render


@pytest.fixture(autouse=True)
def nothing_cached_before():
    """What a test's end takes back of the database the cache still knows: tries, and the number of
    the site, by which redirects are found."""
    cache.clear()


@pytest.fixture(autouse=True)
def no_alerts_yet(monkeypatch):
    """What a process knows of alerts is none, until a test writes one and has it read."""
    from lms.alerts import live

    monkeypatch.setattr(live, "_kept", [live.Live(read_at=monotonic())])


def pytest_configure(config: pytest.Config) -> None:
    """A run without the long walks tries a quarter of the examples too."""
    everyday = "not thorough" in config.getoption("markexpr")
    hypothesis.settings.load_profile("everyday" if everyday else "thorough")


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what uses the database or the broker, and what runs FFmpeg, so that no test can forget
    its second run."""
    for item in items:
        if runs_ffmpeg(item):
            item.add_marker("ffmpeg")
        if item.get_closest_marker("browser") and os.environ.get("CI"):
            item.add_marker(pytest.mark.flaky(reruns=1))  # docs/decisions/028
        if walk := item.get_closest_marker("thorough"):
            item.user_properties.append(("thorough", walk.args[0]))  # into the report
        empties_the_database(item)  # refuses one that would leave it empty
        if item.get_closest_marker("once"):
            continue
        fixtures = set(getattr(item, "fixturenames", ()))
        marks = {mark.name for mark in item.iter_markers()}
        if marks & {"django_db", "broker", "both_engines", "city"} or fixtures & STATEFUL:
            item.add_marker("database")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if getattr(item, "execution_count", 1) > 1:  # as pytest-rerunfailures counts
        item.user_properties.append(("again", "failed before"))  # into the report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """The tests that empty the database leave it as the migrations had filled it: processes
    share out the tests, and any other may follow."""
    yield
    if empties_the_database(item) and nextitem and not empties_the_database(nextitem):
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)


def runs_ffmpeg(item: pytest.Item) -> bool:
    """Whether its module names a function, or a whole module, that has FFmpeg run."""
    if not isinstance(item, pytest.Function):
        return False
    named = vars(item.module).values()
    used = {each.__module__ for each in named if isfunction(each)}
    used |= {each.__name__ for each in named if ismodule(each)}
    return bool(used & RUNS_FFMPEG) and not used & RECOGNISES


def empties_the_database(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    emptying = bool(mark and mark.kwargs.get("transaction"))
    if emptying and not mark.kwargs.get("serialized_rollback"):
        raise pytest.UsageError(f"{item.nodeid}: transaction=True needs serialized_rollback=True")
    return emptying


def pytest_sessionstart() -> None:
    """A test run must not be able to reach the data of a real installation."""
    if settings.SETTINGS_MODULE != "lms.settings.test":
        raise pytest.UsageError(f"Tests run with lms.settings.test, not {settings.SETTINGS_MODULE}")
    if workers.WORKER == "gw0":  # meanwhile the others collect
        share_counts(settings.VAR_DIR)


def pytest_collection_finish() -> None:
    if workers.WORKER:
        share_counts(settings.VAR_DIR)
