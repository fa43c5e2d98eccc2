"""The starter's lessons, read for the search, with the words that come with the program."""

import pytest

from lms.search.entries import read_stale
from lms.search.memory import memory
from lms.search.starter import load_words
from tests.kept_rows import load_or_put_back


@pytest.fixture(scope="module")
def searched(starter, django_db_blocker):
    """Read once a run; each test takes back its own changes."""
    with django_db_blocker.unblock():
        load_or_put_back("searched", read, once_a_run=True)
    yield
    memory.forget()


def read() -> None:
    load_words()
    read_stale()
