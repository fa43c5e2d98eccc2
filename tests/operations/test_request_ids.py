"""One name for all that a request causes, in lines that a machine reads and that hold no secret."""

import io
import json
import logging
import subprocess
import sys

import pytest

from lms.operations.watching.log_lines import JsonLines
from lms.operations.watching.request_ids import request_id
from tests.operations.carrying import answer, app

logger = logging.getLogger(__name__)


@pytest.fixture
def lines():
    """What is logged, as production writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logging.getLogger("tests").addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger("tests").removeHandler(handler)


@pytest.mark.thorough("a task done at once bears the asker's name below; a proxy's name is kept")
def test_a_request_and_the_task_that_it_sends_bear_one_name(checkout):
    done = subprocess.run(
        [sys.executable, "-m", "tests.operations.carrying"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    )
    told = [json.loads(line) for line in done.stderr.splitlines()]
    names = {line["message"]: line.get("request_id") for line in told}
    for what in ("first", "second"):
        assert names[f"asked for {what}"] == names[f"carried {what}"]
        assert f"answered {what} {names[f'asked for {what}']}" in names  # the header of the answer
    assert names["asked for first"] != names["asked for second"]
    assert f"sent by itself {names['carried by itself']}" in names  # by the task's own


@pytest.fixture
def without_broker():
    app.conf.update(task_always_eager=True)
    yield
    app.conf.update(task_always_eager=False)


@pytest.mark.usefixtures("without_broker")
def test_what_is_done_at_once_bears_the_name_of_who_asked_and_leaves_it(lines):
    name = answer("it").headers["X-Request-ID"]
    assert [(line["message"], line["request_id"]) for line in lines()] == [
        ("asked for it", name),
        ("carried it", name),
    ]
    assert request_id.get() == ""


@pytest.mark.usefixtures("without_broker")
@pytest.mark.parametrize(
    ("given", "kept"),
    [("0af7651916cd43dd8448eb211c80319c", True), ("a b", False), ("x" * 500, False), ("短", False)],
)
def test_a_proxys_name_is_kept_if_it_is_one(given, kept):
    name = answer("it", **{"x-request-id": given}).headers["X-Request-ID"]
    assert (name == given) is kept
    assert name


@pytest.mark.parametrize(
    "said",
    [
        "短信 +8613800000000：验证码 135246，10分钟内有效。",
        "Key (telephone)=(+8613800000000) already exists.",
        "打给 138 0000 0000 或 0662-3210000",
        "8613800000000 135-0000-0000",
        "code=135246 in /accounts/code/?code=135246",
        "password=correct-horse, token: abcdef0123",
        "密码：correct-horse",
        "Not Found: /classes/learners/312345678/merge/712345678/",
        "/classes/qr/312345678.svg and /my/enter/?number=912345678901",
    ],
)
def test_neither_numbers_nor_codes_nor_passwords_get_into_the_log(lines, said):
    logger.warning("%s", said)
    try:
        raise ValueError(said)
    except ValueError:
        logger.exception("It failed")
    written = json.dumps(lines(), ensure_ascii=False)
    for secret in (
        "3800000000",
        "0000 0000",
        "0000-0000",
        "3210000",
        "135246",
        "correct-horse",
        "abcdef0123",
        "12345678",
    ):
        assert secret not in written
    assert "［" in written


def test_what_is_no_secret_stays(lines):
    said = "1764489600123 440103001001 2026-11-30 16:34 lesson 123456 status code 404"
    logger.warning(said)
    [line] = lines()
    assert line["message"] == said
    assert (line["level"], line["logger"]) == ("WARNING", __name__)
    assert line["time"].endswith("+00:00")
