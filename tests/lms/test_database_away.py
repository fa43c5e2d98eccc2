"""The database is gone: kept pages are shown, other pages say so in words."""

from contextlib import ExitStack

import pytest
from django.db import OperationalError, connection
from django.test import Client

from courses.page_cache import forget_pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starter")]

LESSON = "/science/qr-inside/"


@pytest.fixture
def database_gone(settings):
    """From the moment that it is called."""
    settings.KEEPS_PAGES = True
    forget_pages()

    def refuse(*_asked):
        raise OperationalError("server closed the connection unexpectedly")

    with ExitStack() as stack:
        yield lambda: stack.enter_context(connection.execute_wrapper(refuse))


def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_kept_pages_answer_and_others_say_that_it_will_pass(database_gone):
    kept = visitor().get(LESSON).content
    database_gone()
    assert visitor().get(LESSON).content == kept
    assert visitor().get("/healthz").status_code == 200
    answer = visitor().get("/manuals/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "不是您按错了。过几分钟再来" in answer.content.decode()
    program = visitor().get("/manuals/api/manuals")
    assert (program.status_code, program["Content-Type"]) == (503, "application/json")


def test_a_mistake_of_ours_is_another_thing(database_gone, monkeypatch):
    monkeypatch.setattr("courses.models.HomePage.get_context", None)
    assert visitor().get("/").status_code == 500
