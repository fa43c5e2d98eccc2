"""What is run again with Debian's FFmpeg: as few tests as have it do all that the wheel's did.

Two FFmpegs differ in the filters, options and encoders that they have, in what they make of a film,
and in the words in which they tell it. So the first run notes for each test, beside what it asks
the database (`tests/second_engine.py`), for each run of FFmpeg, whichever function wants it:

- the command, without its files and numbers: filters in their order, options, encoders, formats;
- how it came to its end;
- each line in which FFmpeg said what it read, what it wrote and what it complained of, without
  numbers: a codec, a layout of channels, colours, a damage, a loudness of -inf.

What a child process does is not seen. Those of ours whose module's name ends in `child` (it lays
out a paper, draws a film's pictures, recognises speech, reads a maker's file, looks into a package)
run no FFmpeg and ask no database, so that one test of each is enough; a test that has any other is
always taken. None is taken where FFmpeg is not run at all, or by the test alone, to make a film.
`bin/test --thorough` runs all.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

OURS = {"lms", "courses", "media", "subtitles"}
#: What every run goes through.
RUNNER = "media.ffmpeg.process"
#: Addresses in memory, sizes, numbers. Those in names tell one thing from another: yuv420p, bt709,
#: and behind a rate a layout of channels, 5.1.
NUMBER = re.compile(r"\b0x[0-9a-f]+|\b\d+x\d+|(?<![A-Za-z_\d.])(?<!Hz, )-?\d+(\.\d+)?")
#: Indented lines are of the film's own making, but for these; as in media.ffmpeg.process.
TELLING = ("Stream #", "Duration:", "Chapter #", "Side data:")

Note = Callable[[str], None]


def listen(note: Note) -> None:
    """Have every question of this process noted from now on."""
    from media.ffmpeg import process

    start, watch = subprocess.Popen.__init__, process._watch

    def started(self: Any, args: Any, *more: Any, **named: Any) -> None:
        if isinstance(args, (list, tuple)):
            note_start([str(each) for each in args], note)
        start(self, args, *more, **named)

    def watched(ffmpeg: subprocess.Popen[bytes], **named: Any) -> str:
        try:
            said = watch(ffmpeg, **named)
        except Exception:
            note("FFmpeg is given up")
            raise
        note(f"FFmpeg ends with {ffmpeg.wait()}")
        for line in told(said):
            note(f"FFmpeg says {line}")
        return said

    subprocess.Popen.__init__ = started  # type: ignore[method-assign]
    process._watch = watched  # type: ignore[assignment]


def note_start(arguments: list[str], note: Note) -> None:
    program, *rest = arguments
    if program == sys.executable:
        ours = rest[0] == "-m" and rest[1].endswith("child") and wanted_by_ours(sys._getframe())
        test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
        note(f"{rest[1]} is started" if ours else f"{test} starts a child")
    elif Path(program).name.startswith("ffmpeg") and wanted_by_ours(sys._getframe()):
        note(f"FFmpeg does {' '.join(map(shape, rest))}")


def wanted_by_ours(frame: FrameType | None) -> bool:
    """Whether a function of ours has it run, and not a test alone."""
    while frame:
        module = frame.f_globals.get("__name__", "")
        if module != RUNNER and module.partition(".")[0] in OURS:
            return True
        frame = frame.f_back
    return False


def shape(words: str) -> str:
    """Without what differs from one film to the next: its path and numbers."""
    if words.startswith("/"):
        return Path(words).suffix
    return NUMBER.sub("0", re.sub(r"'/[^']*'", "", words))


def told(said: str) -> Iterator[str]:
    for line in said.splitlines():
        if not line.startswith(" ") or line.strip().startswith(TELLING):
            yield " ".join(shape(line.strip()).split())
