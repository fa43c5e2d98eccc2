"""Of the tests that ask something, as few run again as ask everything."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.db import IntegrityError

from tests import second_ffmpeg
from tests.second_engine import Notes, choose, read, shape

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


def test_what_is_noted_is_chosen_from(tmp_path, checkout):
    """Really: of two tests one asks what the other does, a third asks nothing, one asks FFmpeg."""
    film = checkout / "courses/starter/media/clip.mp4"
    (tmp_path / "test_three.py").write_text(
        "from pathlib import Path\n"
        "from django.core.cache import cache\n"
        "from media.ffmpeg.extraction import extract_speech\n"
        f"def test_sound(tmp_path):\n"
        f"    extract_speech(Path({str(film)!r}), tmp_path / 'a.wav', duration_ms=25_000)\n"
        "def test_one():\n    assert cache.get('x') is None\n"
        "def test_both():\n    cache.set('x', 1)\n    assert cache.get('x')\n"
        "def test_neither():\n    assert True\n"
    )

    def run(*options):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-n0", "-q", *options, tmp_path / "test_three.py",
             "--rootdir", checkout, "-c", checkout / "pyproject.toml", "-p", "no:cacheprovider"],
            cwd=checkout, env={**os.environ, "VAR_DIR": str(tmp_path)}, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout

    asked = tmp_path / "asked"
    assert "4 passed" in run(f"--note-questions={asked}")
    noted = {test.rpartition("::")[2]: asked for test, (_s, asked) in read(asked).items()}
    assert noted.keys() == {"test_one", "test_both", "test_sound"}
    # Its command, its end, and what it was told of two streams at least.
    assert len(noted["test_sound"]) > 5
    assert "2 passed, 2 deselected" in run(f"--ask-again={asked}")
