"""What is run again on PostgreSQL, Redis and Debian's FFmpeg: as few tests as ask all of them that
was asked of SQLite and the wheel's FFmpeg.

Which differences between two engines can a test show? Those of what it asks them. So the first run
notes for each test every question of ours: each SQL statement with the kinds of its values,
whether it locks rows and whether it fetches them in pieces, and each use of the cache with the
function that used it. The second run takes tests, the quickest first, until every question is
asked once more. A statement that PostgreSQL refuses, a `select_for_update` over an outer join, a
grouped sum or a constraint is met there whatever the test is called, in whichever package it
stands, and one written tomorrow as well: there is no list to keep. Which function of ours asks a
statement makes no difference to an engine. Besides, always, because no single question tells of it:

- a test of several transactions at once (`transaction=True`);
- a journey marked `broker`: its site's worker gets its work through Redis;
- one marked `both_engines`: other programs ask there, which nobody can note (pg_dump);
- one marked `city`: it would be dear twice, or asks for what only a city has, so the first run
  leaves it out.

A question of its own is one with a text of more than 200 characters, since PostgreSQL holds a
column to its length and SQLite does not, and one that is refused, since that is how constraints
show. None is what a test itself looks up, to check it. What the rule does not see is a test where
the same question is answered in another order or with other values; `bin/test --thorough` runs all
that touch a database.

What FFmpeg is asked, tests/second_ffmpeg.py says.

The first run chooses at its end, so that the second collects no other file than those that it
runs, the dearest first: a process that is left alone with one at the end is waited for.

    pytest --note-questions=FOLDER   writes into FOLDER what was asked, and what is chosen
    pytest --ask-again=FOLDER        runs that; all, where nothing was noted
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any
from zlib import crc32

import pytest

from tests import second_ffmpeg, workers

OURS_WITHIN = ("lms.", "courses.", "media.", "subtitles.")
#: PostgreSQL refuses a text that is longer than its column.
LONG_TEXT = 200
#: What the test's own transaction is made of.
NO_QUESTION = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")
CHOSEN = "chosen.txt"
#: What a test is reckoned at that did not run yet.
UNKNOWN_SECONDS = 1_000
CACHE_USES = ("get", "set", "add", "incr", "delete", "touch", "clear")

Questions = dict[str, tuple[float, set[int]]]


class Notes:
    """What each test of this process asked, and how many seconds it took."""

    def __init__(self) -> None:
        self.asked: dict[str, set[int]] = {}
        self.now: set[int] = set()
        self.how: tuple[str, ...] = ()

    def begin(self, test: str) -> None:
        self.now = self.asked[test] = set()

    def note(self, question: str) -> None:
        self.now.add(crc32(question.encode()))

    def statement(self, execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        """As a wrapper around every statement (Django's `execute_wrappers`)."""
        if sql.startswith(NO_QUESTION) or (sql.startswith("SELECT") and not asker(sys._getframe())):
            return execute(sql, params, many, context)
        question = " ".join((shape(sql), *self.how, *sorted(kinds(params))))
        self.note(question)
        try:
            return execute(sql, params, many, context)
        except Exception:
            self.note(f"{question} and is refused")
            raise

    def compiled(self, execute_sql: Callable) -> Callable:
        """As a compiler's way to ask for rows: SQLite's own statements say nothing of locks and of
        pieces."""

        def noted(compiler: Any, *arguments: Any, **named: Any) -> Any:
            self.how = (
                *(("for update",) if compiler.query.select_for_update else ()),
                *(("in pieces",) if named.get("chunked_fetch") else ()),
            )
            try:
                return execute_sql(compiler, *arguments, **named)
            finally:
                self.how = ()

        return noted

    def write(self, folder: Path, seconds: dict[str, float], again: dict[str, bool]) -> None:
        """Of the tests that may run again: whether they do always, how long they took, and what
        they asked; of those that did not run here nothing but the first."""
        folder.mkdir(parents=True, exist_ok=True)
        told = {
            test: [always, seconds.get(test), sorted(self.asked.get(test, ()))]
            for test, always in again.items()
            if always or self.asked.get(test)
        }
        (folder / f"{workers.WORKER or 'alone'}.json").write_text(json.dumps(told))


@lru_cache(maxsize=4096)  # most of a test's statements were asked by others before
def shape(sql: str) -> str:
    """A statement without what differs from one test to the next: numbers, lengths of lists."""
    sql = re.sub(r"\d+", "0", sql)
    return re.sub(r"(\(?%s\)?, )+(?=\(?%s)", "", sql)


def kinds(params: Any) -> set[str]:
    """Of its values: PostgreSQL refuses a word where a number belongs, and a text that is long."""
    found = set()
    for each in params or ():
        if isinstance(each, (list, tuple)):
            found |= kinds(each)
        elif isinstance(each, str) and len(each) > LONG_TEXT:
            found.add("long text")
        elif each is not None:
            found.add(type(each).__name__)
    return found


def asker(frame: FrameType | None) -> str:
    """The nearest function of ours that a question comes from; empty if a test itself asks."""
    while frame:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(OURS_WITHIN):
            return f"{module}.{frame.f_code.co_qualname}"
        frame = frame.f_back
    return ""


def choose(questions: Questions) -> set[str]:
    """The tests that together ask everything. A test that alone asks something is taken whatever it
    takes; of the rest, again and again, the one with the most new questions a second. Those whose
    questions the others have come to ask meanwhile are left out in the end."""
    whose: dict[int, list[str]] = {}
    for test, (_seconds, asked) in questions.items():
        for question in asked:
            whose.setdefault(question, []).append(test)
    chosen = {tests[0] for tests in whose.values() if len(tests) == 1}
    left = set(whose).difference(*(questions[test][1] for test in chosen))
    while left:
        best = max(
            sorted({test for question in left for test in whose[question]}),
            key=lambda test: len(questions[test][1] & left) / (0.1 + questions[test][0]),
        )
        chosen.add(best)
        left -= questions[best][1]
    times = Counter(question for test in chosen for question in questions[test][1])
    for test in sorted(chosen, key=lambda test: (-questions[test][0], test)):
        if all(times[question] > 1 for question in questions[test][1]):
            chosen.remove(test)
            times.subtract(questions[test][1])
    return chosen


def chosen_from(folder: Path) -> dict[str, float | None]:
    """What runs again, of what all processes have noted, and how long each took; None, where it was
    not run."""
    standing: set[str] = set()
    seconds: dict[str, float] = {}
    questions: dict[str, set[int]] = {}
    for file in sorted(folder.glob("*.json")):
        for test, (always, took, asked) in json.loads(file.read_text()).items():
            if always:
                standing.add(test)
            if took is not None:
                seconds[test], questions[test] = took, set(asked)
    # What those ask that run in any case needs no other test.
    answered = set().union(*(questions.get(test, set()) for test in standing))
    rest = {
        test: (seconds[test], asked - answered)
        for test, asked in questions.items()
        if test not in standing
    }
    return {test: seconds.get(test) for test in sorted(standing | choose(rest))}


def always(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    together = bool(mark and mark.kwargs.get("transaction"))
    return together or any(
        item.get_closest_marker(name) for name in ("broker", "both_engines", "city")
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("second engine")
    group.addoption("--note-questions", type=Path, help="folder for what each test asks the engine")
    group.addoption("--ask-again", type=Path, help="folder of what was noted")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--note-questions"):
        config.pluginmanager.register(Noting(config.getoption("--note-questions")))
    chosen = config.getoption("--ask-again") and config.getoption("--ask-again") / CHOSEN
    if chosen and chosen.exists():
        again = Choosing(json.loads(chosen.read_text()), config.rootpath)
        config.pluginmanager.register(again)


class Noting:
    def __init__(self, folder: Path) -> None:
        self.folder, self.notes = folder.resolve(), Notes()
        self.seconds: dict[str, float] = {}
        self.again: dict[str, bool] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self) -> None:
        from django.core.cache.backends.locmem import LocMemCache
        from django.db import connection
        from django.db.models.sql.compiler import SQLCompiler

        connection.execute_wrappers.append(self.notes.statement)
        SQLCompiler.execute_sql = self.notes.compiled(  # type: ignore[method-assign]
            SQLCompiler.execute_sql
        )
        for use in CACHE_USES:
            setattr(LocMemCache, use, self._noting(use, getattr(LocMemCache, use)))
        second_ffmpeg.listen(self.notes.note)

    def _noting(self, use: str, method: Callable) -> Callable:
        def noted(*arguments: Any, **named: Any) -> Any:
            self.notes.note(f"{asker(sys._getframe())} uses the cache: {use}")
            return method(*arguments, **named)

        return noted

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.notes.begin(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """After conftest has marked them, before -m leaves some out."""
        self.again = {
            item.nodeid: always(item)
            for item in items
            if item.get_closest_marker("database") or item.get_closest_marker("ffmpeg")
        }

    @pytest.hookimpl(trylast=True)  # the processes have written, when the one that shares out does
    def pytest_sessionfinish(self) -> None:
        if self.again:  # not in the process that only shares the tests out
            self.notes.write(self.folder, self.seconds, self.again)
        if not workers.WORKER:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / CHOSEN).write_text(json.dumps(chosen_from(self.folder)))


class Choosing:
    def __init__(self, chosen: dict[str, float | None], root: Path) -> None:
        self.chosen = chosen
        files = {root / test.partition("::")[0] for test in chosen}
        self.paths = {Path(os.path.normpath(file)) for file in files}
        self.paths |= {folder for file in self.paths for folder in file.parents}

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        return None if collection_path in self.paths else True

    @pytest.hookimpl(trylast=True)  # after conftest has marked, and -m selected
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        config.hook.pytest_deselected(
            items=[each for each in items if each.nodeid not in self.chosen]
        )
        kept = [each for each in items if each.nodeid in self.chosen]
        items[:] = sorted(kept, key=dearest_first(kept, self.chosen))


def dearest_first(
    items: list[pytest.Item], seconds: dict[str, float | None]
) -> Callable[[pytest.Item], float]:
    """By the file that they are in. Of what only a city has nobody knows yet how long it takes, and
    it is what takes longest."""
    taken: dict[Path, float] = {}
    for item in items:
        took = seconds[item.nodeid]
        taken[item.path] = taken.get(item.path, 0) + (UNKNOWN_SECONDS if took is None else took)
    return lambda item: -taken[item.path]
