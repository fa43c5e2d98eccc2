"""What all tests share. A fixture lives here only when two packages' tests use it."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

STATEFUL = {"db", "transactional_db", "live_server", "live_site", "new_site"}


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds manage.py."""
    return settings.BASE_DIR


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what uses the database or the broker, so that no test can forget its second run."""
    for item in items:
        if item.get_closest_marker("once"):
            continue
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & STATEFUL:
            item.add_marker("database")


def pytest_sessionstart() -> None:
    """A test run must not be able to reach the data of a real installation."""
    if settings.SETTINGS_MODULE != "lms.settings.test":
        raise pytest.UsageError(f"Tests run with lms.settings.test, not {settings.SETTINGS_MODULE}")
