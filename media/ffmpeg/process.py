"""FFmpeg as a child process: started by argument list, watched, and ended with its parent.

Filter graphs are built with ffmpeg-python; this module runs them.
"""

from __future__ import annotations

import ctypes
import os
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

import ffmpeg
from django.utils.translation import gettext as _

from media.errors import ExplainedError
from media.ffmpeg.abilities import FfmpegUnfit, choose_ffmpeg, in_short
from media.ffmpeg.probe import CONTAINERS

OnProgress = Callable[[float], None]
"""Called with the share done, 0 to 1, always rising; with 1 exactly once, on success."""

# FFmpeg is killed after so long without progress. Moving the index of a film of several gigabytes
# to its front, on a slow disk, takes a minute or two without any.
STALLED_AFTER_SECONDS = 600.0
STDERR_KEPT_BYTES = 32 * 1024

#: FFmpeg's messages about a filter, option, encoder or library that it does not have.
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


class FfmpegFailed(ExplainedError):
    """FFmpeg failed, was killed, or made no progress; ``str()`` is a sentence for an editor.

    ``detail`` is the end of what FFmpeg said, for the log.
    """

    def __init__(self, *, detail: str, returncode: int | None) -> None:
        super().__init__(
            _("视频转换没有完成。请再试一次；如果还是不行，请把视频重新导出为 MP4 后上传。"),
            detail=detail,
        )
        self.returncode = returncode


def binary() -> str:
    """Path of the FFmpeg to use. Raises FfmpegUnfit when there is none."""
    return choose_ffmpeg().path


def open_input(source: Path, **options: object) -> ffmpeg.nodes.FilterableStream:
    """An ffmpeg-python input for an untrusted file.

    The file cannot make FFmpeg open another file or an address; ``options`` are FFmpeg's own.
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
    fed: Iterable[bytes] | None = None,
) -> str:
    """Run the graph to its end and return the last STDERR_KEPT_BYTES of stderr.

    ``duration_ms`` is the length of the output, from which the progress is computed; ``fed`` is
    what FFmpeg reads as ``pipe:0``, each part asked for when the one before it is read. Raises
    FfmpegFailed, or FfmpegUnfit when the machine's FFmpeg lacks something. FFmpeg ends when this
    call or this process ends, for whatever reason.
    """
    process = subprocess.Popen(
        command(stream),
        stdin=subprocess.DEVNULL if fed is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches the worker only, which then ends FFmpeg
        preexec_fn=_dying_with(os.getpid()),  # noqa: PLW1509 - takes no lock
    )
    with process:
        try:
            said = _watch(
                process, duration_ms=duration_ms, on_progress=on_progress, fed=iter(fed or ())
            )
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
    """Raise FfmpegUnfit when FFmpeg's stderr says that it lacks something that we asked for.

    Indented lines are left out: they repeat the film's own metadata.
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
    """For the child, before exec: ask the kernel to kill it when ``parent`` dies.

    Only two system calls are made between fork and exec, since other threads may hold locks.
    """

    def ask() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _watch(
    process: subprocess.Popen[bytes],
    *,
    duration_ms: int,
    on_progress: OnProgress | None,
    fed: Iterator[bytes],
) -> str:
    """Read both pipes until FFmpeg closes them, and feed it; report progress; return the end of
    stderr."""
    assert process.stdout is not None
    assert process.stderr is not None
    said, pending = b"", b""
    furthest_us, told = -1, 0.0
    alive_at = time.monotonic()
    with selectors.DefaultSelector() as pipes:
        pipes.register(process.stdout, selectors.EVENT_READ)
        pipes.register(process.stderr, selectors.EVENT_READ)
        if process.stdin is not None:
            pipes.register(process.stdin, selectors.EVENT_WRITE, _Feed(process.stdin, fed))
        while pipes.get_map():
            for key, _events in pipes.select(timeout=min(1.0, STALLED_AFTER_SECONDS / 4)):
                if key.data is not None:
                    if not key.data.gives():
                        pipes.unregister(key.fileobj)
                    continue
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


class _Feed:
    """Parts for a pipe that takes as much as it has room for."""

    def __init__(self, pipe: IO[bytes], parts: Iterator[bytes]) -> None:
        self.pipe, self.parts = pipe, parts
        self.left = memoryview(b"")
        os.set_blocking(pipe.fileno(), False)

    def gives(self) -> bool:
        """Write a little. False when nothing is left, or FFmpeg has ended: then the pipe is
        closed, and its return code says why."""
        try:
            if not self.left:
                self.left = memoryview(next(self.parts))
            self.left = self.left[os.write(self.pipe.fileno(), self.left) :]
        except (StopIteration, BrokenPipeError):
            self.pipe.close()
            return False
        return True


def _reached_us(line: bytes) -> int:
    """Microseconds of output written, from a line of ``-progress``; -1 if it is another line."""
    key, _equals, value = line.strip().partition(b"=")
    return int(value) if key == b"out_time_us" and value.isdigit() else -1
