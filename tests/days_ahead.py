"""`pytest --days-ahead 9.5` lets it be another day, so that a test that leans on today is found
before that day comes. Other programs and processes that a test starts keep the real one."""

import time

import pytest
import time_machine

DAY_SECONDS = 24 * 3600


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--days-ahead", type=float, default=0, help="how far the clock is ahead")


def pytest_configure(config: pytest.Config) -> None:
    if days := config.getoption("--days-ahead"):
        time_machine.travel(time.time() + days * DAY_SECONDS, tick=True).start()
