"""Which FFmpeg on this machine has the filters, options and encoders that our code uses.

`FFMPEG` of the settings if it is set, else the one in the imageio-ffmpeg wheel, else the one in
PATH: the first that has all of FILTERS and ENCODERS. tests/media/ffmpeg/test_abilities.py compares
both lists with the code.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import imageio_ffmpeg
from django.conf import settings
from django.utils.translation import gettext as _

from media.errors import ExplainedError

#: The filters that we use, each with the options that we name.
FILTERS: dict[str, frozenset[str]] = {
    "aformat": frozenset({"channel_layouts"}),
    "alimiter": frozenset({"level", "limit"}),
    "aresample": frozenset({"async", "first_pts"}),
    "asplit": frozenset(),
    "astats": frozenset({"measure_overall", "measure_perchannel"}),
    "bwdif": frozenset({"deint", "mode"}),
    "ebur128": frozenset({"framelog", "peak"}),
    "format": frozenset(),
    "fps": frozenset({"fps", "round", "start_time"}),
    "overlay": frozenset({"eof_action", "x", "y"}),
    "pad": frozenset(),
    "pan": frozenset({"args"}),
    "scale": frozenset({"flags", "in_color_matrix", "in_range", "out_color_matrix", "out_range"}),
    "select": frozenset(),
    "setpts": frozenset(),
    "setparams": frozenset({"color_primaries", "color_trc", "colorspace", "range"}),
    "setsar": frozenset(),
    "split": frozenset(),
    "thumbnail": frozenset(),
    "volume": frozenset({"precision"}),
}
#: Without them HDR is not tone-mapped and looks pale; see media.ffmpeg.hdr.
WANTED_FILTERS: dict[str, frozenset[str]] = {
    "tonemap": frozenset({"desat", "peak"}),
    "zscale": frozenset({"m", "min", "npl", "p", "pin", "r", "rin", "t", "tin"}),
}
#: Our code does not name them: FFmpeg chooses them by format (.jpg, raw sound, SubRip).
ENCODERS_BY_FORMAT = frozenset({"mjpeg", "pcm_f32le", "subrip"})
ENCODERS = frozenset({"aac", "flac", "libx264", "pcm_s16le"}) | ENCODERS_BY_FORMAT

ANSWER_SECONDS = 30
#: How many missing things an error message lists.
MOST_NAMED = 6

_TITLE = re.compile(r"^(\S.*) AVOptions:$")
_OPTION = re.compile(r"^ +-?(\w+) +[<\[]")
_ENCODER = re.compile(r"^ [VAS][A-Z.]{5} (\S+)")
_VERSION = re.compile(r"^ffmpeg version (\S+)", re.MULTILINE)
#: Titles of libraries whose options belong to the filter listed before them.
_BELOW_A_FILTER = {"SWScaler", "SWResampler"}


class FfmpegUnfit(ExplainedError):
    """The machine's FFmpeg is at fault, not the film; trying again does not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ffmpeg:
    """An FFmpeg that was asked what it can do."""

    path: str
    version: str
    """Empty when it gave no answer: it is no FFmpeg, or cannot be started."""
    missing: tuple[str, ...] = ()
    """What it would need for our work: `ebur128`, `ebur128=peak`, `libx264`."""
    wanting: tuple[str, ...] = ()
    """What it lacks of WANTED_FILTERS."""

    @property
    def fits(self) -> bool:
        return bool(self.version) and not self.missing

    @property
    def shortcoming(self) -> str:
        """A sentence on what comes out worse with it; empty when nothing does."""
        if not self.wanting:
            return ""
        return _(
            "%(path)s 缺少 %(wanting)s：手机拍的 HDR 视频颜色会发白，别的都正常。"
            "请管理员换一个完整的 ffmpeg。"
        ) % {"path": self.path, "wanting": in_short(self.wanting)}

    @property
    def fault(self) -> str:
        """A sentence on why it cannot be used; empty when it fits."""
        if not self.version:
            return _("%(path)s 不是能用的 ffmpeg") % {"path": self.path}
        if self.missing:
            return _("%(path)s 缺少 %(missing)s") % {
                "path": self.path,
                "missing": in_short(self.missing),
            }
        return ""


def in_short(names: tuple[str, ...]) -> str:
    more = "…" if len(names) > MOST_NAMED else ""
    return "、".join(names[:MOST_NAMED]) + more


def choose_ffmpeg() -> Ffmpeg:
    """The FFmpeg to use. Raises FfmpegUnfit when none has all that our code uses."""
    if settings.FFMPEG:
        named = ask(shutil.which(settings.FFMPEG) or settings.FFMPEG)
        if named.fits:
            return named
        raise FfmpegUnfit(
            _("设置 FFMPEG 用不了：%(fault)s。请管理员换一个 ffmpeg，或者去掉这项设置。")
            % {"fault": named.fault},
            detail=f"missing: {named.missing}",
        )
    asked = []
    for path in _candidates():
        asked.append(ask(path))
        if asked[-1].fits:
            return asked[-1]
    faults = "；".join(each.fault for each in asked) or _("一个也没有找到")
    raise FfmpegUnfit(
        _(
            "这台服务器上没有能用的 ffmpeg：%(faults)s。"
            "请管理员重新安装 requirements.txt，或者运行 apt-get install ffmpeg。"
        )
        % {"faults": faults},
        detail="; ".join(f"{each.path} is missing {each.missing}" for each in asked),
    )


def _candidates() -> Iterator[str]:
    with suppress(RuntimeError):  # the wheel has no program for this platform
        yield imageio_ffmpeg.get_ffmpeg_exe()
    in_path = shutil.which("ffmpeg")
    if in_path:
        yield in_path


def ask(path: str) -> Ffmpeg:
    """What the program at `path` can do; asked again only when the file has changed."""
    try:
        changed_ns = Path(path).stat().st_mtime_ns
    except OSError:
        return Ffmpeg(path=path, version="")
    return _ask(path, changed_ns)


@cache
def _ask(path: str, changed_ns: int) -> Ffmpeg:
    try:
        encoders, banner = _answer(path, "-encoders")
        options, _banner = _answer(path, "-h", "full")
    except (OSError, subprocess.SubprocessError):
        return Ffmpeg(path=path, version="")
    version = _VERSION.search(banner)
    known = {found[1] for line in encoders.splitlines() if (found := _ENCODER.match(line))}
    offered = _options_of_filters(options)
    return Ffmpeg(
        path=path,
        version=version[1] if version else "",
        missing=(*_lacking(FILTERS, offered), *sorted(ENCODERS - known)),
        wanting=tuple(_lacking(WANTED_FILTERS, offered)),
    )


def _answer(path: str, *question: str) -> tuple[str, str]:
    """What it says on stdout and on stderr. Raises OSError or SubprocessError without an answer."""
    done = subprocess.run(
        [path, *question],
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=ANSWER_SECONDS,
    )
    return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def _options_of_filters(listing: str) -> Mapping[str, Set[str]]:
    """From `-h full`: the names of filters (of much else, too) and of their options.

    One title stands for several: `(a)split` for split and asplit, `scale(2ref)` likewise.
    """
    offered: dict[str, set[str]] = defaultdict(set)
    names: list[str] = []
    for line in listing.splitlines():
        if title := _TITLE.match(line):
            if title[1] not in _BELOW_A_FILTER:
                names = [
                    re.sub(r"\(\w+\)", "", title[1]),
                    re.sub(r"[()]", "", title[1]),
                ]
                for name in names:
                    offered.setdefault(name, set())
        elif option := _OPTION.match(line):
            for name in names:
                offered[name].add(option[1])
    return offered


def _lacking(asked: Mapping[str, frozenset[str]], offered: Mapping[str, Set[str]]) -> Iterator[str]:
    for name, options in asked.items():
        if name not in offered:
            yield name
        else:
            yield from (f"{name}={option}" for option in sorted(options - offered[name]))
