"""FFmpeg as a child process: started by argument list, watched, and never left behind.

Filter graphs are built with ffmpeg-python; this module runs them. Nothing here knows what a
lesson or a rendition is.
"""

from __future__ import annotations

import ctypes
import os
import re
import secrets
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import ffmpeg
from django.utils.translation import gettext as _

from media.abilities import FfmpegUnfit, choose_ffmpeg, in_short
from media.errors import ToldInWords
from media.probe import CONTAINERS

OnProgress = Callable[[float], None]
"""Told the share done, 0 to 1, only ever rising, and 1 exactly once when all went well."""

# Without a sign of life for so long FFmpeg is given up. Moving the index of a film of several
# gigabytes to its front, on a slow disk, is silent for a minute or two.
STALLED_AFTER_SECONDS = 600.0
STDERR_KEPT_BYTES = 32 * 1024
HALF_MADE = ".half-made-"

SPEECH_RATE = 16_000
"""Samples per second that speech engines want."""

#: What FFmpeg says of a filter, an option, an encoder or a library that it does not have.
_LACKS = re.compile(
    r"No such filter: '([^']+)'"
    r"|Option '([^']+)' not found"
    r"|Error applying option '([^']+)' to filter"
    r"|Error setting option (\S+) to value"
    r"|Unknown encoder '([^']+)'"
    r"|Unrecognized option '([^']+)'"
    r"|Requested output format '([^']+)'"
    r"|error while loading shared libraries: ([^:\s]+)"
)
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class FfmpegFailed(ToldInWords):
    """FFmpeg ended badly, was killed, or stood still; ``str()`` is a sentence for an editor.

    ``detail`` is the end of what FFmpeg said, for the log.
    """

    def __init__(self, *, detail: str, returncode: int | None) -> None:
        super().__init__(
            _("视频转换没有完成。请再试一次；如果还是不行，请把视频重新导出为 MP4 后上传。"),
            detail=detail,
        )
        self.returncode = returncode


def binary() -> str:
    """Path of the FFmpeg that works here. Raises FfmpegUnfit when there is none."""
    return choose_ffmpeg().path


def open_input(source: Path, **options: object) -> ffmpeg.nodes.FilterableStream:
    """An ffmpeg-python input for a file whose content nobody vouches for.

    It can make FFmpeg open no other file and no address; ``options`` are FFmpeg's own.
    """
    return ffmpeg.input(
        str(source.absolute()), protocol_whitelist="file", format_whitelist=CONTAINERS, **options
    )


def command(stream: ffmpeg.nodes.OutputStream) -> list[str]:
    """The argument list that ``run`` starts."""
    quiet = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-progress", "pipe:1"]
    return [binary(), *quiet, *ffmpeg.get_args(stream, overwrite_output=True)]


def run(
    stream: ffmpeg.nodes.OutputStream,
    *,
    duration_ms: int,
    on_progress: OnProgress | None = None,
) -> str:
    """Run the graph to its end and return the end of FFmpeg's own words (stderr).

    ``duration_ms`` is how much FFmpeg will go through, for the share reported. Raises
    FfmpegFailed, or FfmpegUnfit where not the film is at fault but the machine's FFmpeg.
    Whatever ends this call, or this process, ends FFmpeg.
    """
    process = subprocess.Popen(
        command(stream),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the worker, which decides what becomes of us
        preexec_fn=_dying_with(os.getpid()),  # noqa: PLW1509 - takes no lock, see there
    )
    with process:
        try:
            said = _watch(process, duration_ms=duration_ms, on_progress=on_progress)
            returncode = process.wait()
        finally:
            process.kill()
    if returncode != 0:
        refuse_unfit(said)
        raise FfmpegFailed(detail=said, returncode=returncode)
    if on_progress:
        on_progress(1.0)
    return said


def refuse_unfit(said: str) -> None:
    """Raise FfmpegUnfit when FFmpeg's words (stderr) say that it lacks what we asked of it.

    The film's own texts, which it repeats, stand indented, and are not taken for its words.
    """
    own = [line for line in said.splitlines() if not line.startswith(" ")]
    lacking = [found[found.lastindex or 0] for line in own if (found := _LACKS.search(line))]
    if lacking:
        names = in_short(tuple(dict.fromkeys(lacking)))
        words = _(
            "这台服务器的 ffmpeg 缺少 %(names)s，请告诉管理员，修好以后点“再试一次”。"
            "视频没有问题，不用重新上传。"
        )
        raise FfmpegUnfit(words % {"names": names}, detail=said)


def _dying_with(parent: int) -> Callable[[], None]:
    """What the child does before it becomes FFmpeg: ask the kernel to end it with ``parent``.

    Between fork and exec, with other threads about, only two system calls are made.
    """

    def ask() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _watch(
    process: subprocess.Popen[bytes], *, duration_ms: int, on_progress: OnProgress | None
) -> str:
    """Read both pipes until FFmpeg closes them; report progress; return the end of stderr."""
    assert process.stdout is not None
    assert process.stderr is not None
    said, pending = b"", b""
    furthest_us, told = -1, 0.0
    alive_at = time.monotonic()
    with selectors.DefaultSelector() as pipes:
        pipes.register(process.stdout, selectors.EVENT_READ)
        pipes.register(process.stderr, selectors.EVENT_READ)
        while pipes.get_map():
            for key, _events in pipes.select(timeout=min(1.0, STALLED_AFTER_SECONDS / 4)):
                block = os.read(key.fd, 65_536)
                if not block:
                    pipes.unregister(key.fileobj)
                elif key.fileobj is process.stderr:
                    said = (said + block)[-STDERR_KEPT_BYTES:]
                else:
                    *lines, pending = (pending + block).split(b"\n")
                    reached_us = max((_reached_us(line) for line in lines), default=-1)
                    if reached_us > furthest_us:
                        furthest_us, alive_at = reached_us, time.monotonic()
            share = min(0.99, furthest_us / 1000 / max(duration_ms, 1))
            if on_progress and share > told:
                told = share
                on_progress(share)
            if time.monotonic() - alive_at > STALLED_AFTER_SECONDS:
                detail = said.decode(errors="replace")
                raise FfmpegFailed(detail=f"{detail}\nno progress any more", returncode=None)
    return said.decode(errors="replace")


def _reached_us(line: bytes) -> int:
    """Microseconds of output written, from a line of ``-progress``; -1 if it is another line."""
    key, _equals, value = line.strip().partition(b"=")
    return int(value) if key == b"out_time_us" and value.isdigit() else -1


@contextmanager
def half_made(*targets: Path) -> Iterator[list[Path]]:
    """Names to write to instead of ``targets``; renamed to them if the block succeeds.

    The names lie beside their targets and keep the suffix, from which FFmpeg tells the format.
    If the block fails, nothing is left. A process killed by the system leaves files whose names
    begin with HALF_MADE, so let ``targets`` lie in a folder of the job's own.
    """
    token = secrets.token_hex(4)
    names = [target.absolute().with_name(f"{HALF_MADE}{token}-{target.name}") for target in targets]
    try:
        yield names
        for name, target in zip(names, targets, strict=True):
            _flush_to_disk(name)
            name.replace(target)
    finally:
        for name in names:
            name.unlink(missing_ok=True)


def _flush_to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def extract_speech(
    source: Path,
    target: Path,
    *,
    duration_ms: int,
    track: int = 0,
    out_of_phase: bool = False,
    on_progress: OnProgress | None = None,
) -> None:
    """Write a sound track of ``source`` as WAV, 16 kHz, mono, 16 bit, for a speech engine.

    Time 0 of the WAV is time 0 of the film, also where the sound begins later or has gaps. Of
    stereo that is ``out_of_phase`` one ear is turned over, since the two would cancel each other.
    Raises FfmpegFailed, also when there is no sound (see ``Probe.require_sound``).
    """
    sound = open_input(source)[f"a:{track}"].filter("aresample", **{"async": 1, "first_pts": 0})
    if out_of_phase:
        sound = sound.filter("pan", args="mono|c0=0.5*c0+-0.5*c1")
    with half_made(target) as [name]:
        run(
            ffmpeg.output(sound, str(name), acodec="pcm_s16le", ac=1, ar=SPEECH_RATE, format="wav"),
            duration_ms=duration_ms,
            on_progress=on_progress,
        )


def extract_subtitles(source: Path, target: Path, *, index: int, duration_ms: int) -> None:
    """Write a stream of text subtitles (``Probe.subtitles``) of ``source`` as SubRip, in UTF-8.

    Raises FfmpegFailed, also when there is no such stream.
    """
    with half_made(target) as [name]:
        run(
            ffmpeg.output(open_input(source)[f"s:{index}"], str(name), format="srt"),
            duration_ms=duration_ms,
        )
