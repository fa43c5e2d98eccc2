"""Of the tests that ask something, as few run again as ask everything."""

import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.db import IntegrityError

from courses.paper.pdf import lay_out
from tests import second_ffmpeg
from tests.second_engine import Notes, choose, shape

SAID = """\
Input #0, mov,mp4, from '/films/{name}.mp4':
    title           : {title}
  Stream #0:0[0x1](und): Video: h264 (Main) (avc1 / 0x31637661), {pixels}, {size}x720, 25 fps
  Stream #0:1: Audio: aac (LC), {size} Hz, {sound}, fltp, {size} kb/s
[out#0/mp4 @ 0x55{size}] video:{size}KiB audio:10KiB
[Parsed_ebur128_0 @ 0x55{size}] I: {loudness} LUFS
"""
PLAIN = {
    "sound": "7.1",
    "name": "a",
    "title": "甲",
    "pixels": "yuv420p",
    "size": 1280,
    "loudness": "-23.0",
}


def test_every_question_is_asked_again_by_the_quickest():
    chosen = choose(
        {
            "slow with both": (5.0, {1, 2}),
            "quick with one": (0.1, {1}),
            "quick with the other": (0.1, {2}),
            "alone with its own": (60.0, {3}),
            "with nothing new": (0.1, {1}),
        }
    )
    assert chosen - {"with nothing new"} == {
        *("quick with the other", "alone with its own"),
        *(chosen & {"quick with one"}),
    }
    assert len(chosen & {"quick with one", "with nothing new"}) == 1


def test_what_the_others_have_come_to_ask_is_left_out():
    chosen = choose(
        {
            "much at once": (1.0, {1, 2, 3}),
            "with a question of its own": (5.0, {1, 2, 4}),
            "with another": (5.0, {3, 5}),
            "begun with": (0.1, {2, 3, 6}),
            "later": (0.1, {6, 7, 8}),
            "and besides": (0.1, {7, 8}),
        }
    )
    assert chosen == {"with a question of its own", "with another", "later"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a WHERE id IN (%s, %s, %s)", "SELECT a WHERE id IN (%s, %s)"),
        ("INSERT INTO a VALUES (%s, %s), (%s, %s)", "INSERT INTO a VALUES (%s, %s)"),
        ("SELECT a LIMIT 21", "SELECT a LIMIT 1"),
    ],
)
def test_lengths_and_numbers_make_no_other_question(one, other):
    assert shape(one) == shape(other)


def test_another_statement_another_kind_of_value_and_a_long_text_are_other_questions():
    notes = Notes()
    notes.begin("a test")

    def ask(sql, params):
        notes.statement(lambda *_: None, sql, params, many=False, context={})
        return len(notes.now)

    assert ask("UPDATE a SET b", ["short"]) == 1
    assert ask("UPDATE a SET b", ["another"]) == 1
    assert ask("UPDATE a SET b", ["long" * 100]) == 2
    assert ask("UPDATE a SET c", ["short"]) == 3
    assert ask("UPDATE a SET c", [7]) == 4
    assert ask("UPDATE a SET c", [None]) == 5
    assert ask('SAVEPOINT "x"', None) == 5
    assert ask("SELECT a", ["what a test itself looks up"]) == 5


@pytest.mark.parametrize("named", [{}, {"chunked_fetch": True}])
@pytest.mark.parametrize("locks", [False, True])
def test_a_lock_and_rows_in_pieces_are_other_questions_though_sqlite_is_asked_the_same(
    locks, named
):
    notes = Notes()
    notes.begin("a test")

    def ask(compiler, **_named):
        notes.statement(lambda *_: None, "UPDATE a SET b", None, many=False, context={})

    plain, other = (
        SimpleNamespace(query=SimpleNamespace(select_for_update=which)) for which in (False, locks)
    )
    notes.compiled(ask)(plain)
    notes.compiled(ask)(other, **named)
    assert len(notes.now) == 1 + (locks or bool(named))


def test_a_refusal_is_a_question_of_its_own():
    notes = Notes()
    notes.begin("a test")

    def refuse(*_):
        raise IntegrityError

    with pytest.raises(IntegrityError):
        notes.statement(refuse, "UPDATE a SET b", None, many=False, context={})
    assert len(notes.now) == 2


@pytest.mark.parametrize(
    "other", [{"name": "b", "title": "乙"}, {"size": 854}, {"loudness": "3.1"}]
)
def test_of_ffmpeg_names_lengths_and_numbers_make_no_other_question(other):
    one, another = (set(second_ffmpeg.told(SAID.format(**film))) for film in (PLAIN, PLAIN | other))
    assert one == another
    assert len(one) == 5  # without the film's own title


@pytest.mark.parametrize(
    "other", [{"pixels": "yuv422p10le"}, {"loudness": "-inf"}, {"sound": "5.1(side)"}]
)
def test_of_ffmpeg_another_kind_of_film_and_no_number_at_all_are_other_questions(other):
    one, another = (set(second_ffmpeg.told(SAID.format(**film))) for film in (PLAIN, PLAIN | other))
    assert len(another - one) == 1


class Started(BaseException):
    """Nothing more is wanted of it."""


def test_of_our_own_children_one_of_each_is_enough_and_a_tests_own_child_is_always_asked(
    monkeypatch,
):
    noted: list[str] = []

    def start(_self, args, **_named):
        second_ffmpeg.note_start(list(map(str, args)), noted.append)
        raise Started

    monkeypatch.setattr(subprocess.Popen, "__init__", start)
    for _ in range(2):
        with pytest.raises(Started):
            lay_out("<p>甲</p>")
    with pytest.raises(Started):
        subprocess.run([sys.executable, "-m", "courses.paper.pdf_child"], check=False)
    ours, again, own = noted
    assert ours == again == "courses.paper.pdf_child is started"
    assert own.endswith("starts a child")
    assert "always_asked" in own


def test_our_own_children_could_ask_neither_a_database_nor_ffmpeg(checkout):
    modules = [
        ".".join(path.relative_to(checkout).with_suffix("").parts)
        for package in sorted(second_ffmpeg.OURS)
        for path in (checkout / package).rglob("*child.py")
    ]
    assert len(modules) > 3
    said = subprocess.run(
        [sys.executable, "-c", f"import sys, {', '.join(modules)}; print(*sys.modules)"],
        cwd=checkout, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    assert not {"django.db", "media.ffmpeg.process"} & set(said)


FILM = """
from pathlib import Path
import pytest
from django.core.cache import cache
from media.ffmpeg.extraction import extract_speech
pytestmark = pytest.mark.database
def test_sound(tmp_path):
    extract_speech(Path({film!r}), tmp_path / "a.wav", duration_ms=25_000)
def test_one():
    assert cache.get("x") is None
def test_both():
    cache.set("x", 1)
    assert cache.get("x")
def test_neither():
    assert True
"""
CITY = """
import pytest
pytestmark = [pytest.mark.database, pytest.mark.city]
def test_redis():
    assert True
"""
NOTHING = """
raise ImportError("nothing that runs again is in here")
"""


def test_what_is_noted_is_chosen_from(tmp_path, checkout):
    """Really: of two tests one asks what the other does, a third asks nothing, one asks FFmpeg, and
    one is a city's. The second run looks into no other file."""
    (tmp_path / "test_some.py").write_text(
        FILM.format(film=str(checkout / "courses/starter/media/clip.mp4"))
    )
    (tmp_path / "test_city.py").write_text(CITY)
    (tmp_path / "test_none.py").write_text("def test_pages():\n    assert True\n")

    here = {name: told for name, told in os.environ.items() if not name.startswith("PYTEST_XDIST")}

    def run(*options):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-n0", "-v", *options, tmp_path,
             "--rootdir", tmp_path, "-c", checkout / "pyproject.toml", "-p", "no:cacheprovider"],
            cwd=checkout, env={**here, "VAR_DIR": str(tmp_path)}, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout

    asked = tmp_path / "asked"
    assert "5 passed, 1 deselected" in run("-m", "not city", f"--note-questions={asked}")
    noted = json.loads((asked / "alone.json").read_text())
    told = {test.rpartition("::")[2]: asked for test, (*_, asked) in noted.items()}
    assert told.keys() == {"test_one", "test_both", "test_sound", "test_redis"}
    # Its command, its end, and what it was told of two streams at least.
    assert len(told["test_sound"]) > 5
    (tmp_path / "test_none.py").write_text(NOTHING)
    said = run(f"--ask-again={asked}")
    assert "3 passed, 2 deselected" in said
    ran = re.findall(r"::(\w+) PASSED", said)
    assert ran == ["test_redis", "test_sound", "test_both"]
