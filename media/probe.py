"""What a file is: read once, by PyAV, before anything is spent on it.

``probe`` answers with a :class:`Probe`, or raises :class:`UnusableMedia`, whose text is one
sentence for the person who chose the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import av
import av.error
from av.container import InputContainer
from av.stream import Disposition
from django.conf import settings
from django.utils.translation import gettext as _

from media.boxes import is_cut_short, top_level_boxes

# Demuxers that may be opened. Playlists and scripts (HLS, ffconcat) are left out because they
# make FFmpeg open other files and addresses; text and still pictures, because they are no media.
CONTAINERS = "mov,matroska,avi,mpegts,mpeg,flv,asf,ogg,mp3,wav,aac,flac,amr"
# Containers whose header states the duration; in the others it is a guess by bit rate.
STATES_DURATION = {"mov", "matroska", "flv", "asf"}

TAIL_SECONDS = 4
MISSING_TAIL_MS = 1_500
MISSING_TAIL_SHARE = 0.01

# Codes of ITU-T H.273 for transfer curves with more light than a television of 2018 shows: PQ
# (HDR10), and HLG, in which many phones record without being asked.
TRANSFERS_OF_HDR = {16: "smpte2084", 18: "arib-std-b67"}
# Pictures of letters (Blu-ray, DVD) are not among them: they would have to be read first.
TEXT_SUBTITLES = {"subrip", "srt", "mov_text", "webvtt", "ass", "ssa", "text"}
# What cameras and editing programs call the languages that are spoken here.
TAGS_OF_LANGUAGE = {"zh": {"zh", "chi", "zho", "cmn"}, "yue": {"yue"}}


class UnusableMedia(Exception):
    """The file cannot be used; ``str()`` is one sentence that says what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleStream:
    """Subtitles as text that came inside the file."""

    index: int
    """Among the file's subtitle streams, those of other kinds counted with them."""
    codec: str
    language: str
    """As the file names it (``chi``); empty when it does not tell."""
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A media file that can be opened, whose first and last pictures can be decoded.

    Sizes are in pixels as displayed: rotation and pixel shape are already applied. Everything
    about the picture is None, 0 or False when ``has_video`` is False, likewise for the sound.
    """

    container: str
    """FFmpeg's demuxer names, comma-separated: ``mov,mp4,m4a,3gp,3g2,mj2``."""
    size_bytes: int
    duration_ms: int

    has_video: bool
    width: int = 0
    height: int = 0
    rotation: int = 0
    """Degrees clockwise by which the stored picture is turned for display."""
    square_pixels: bool = False
    interlaced: bool = False
    frame_rate: Fraction | None = None
    """Average pictures per second; None when there is no picture or no rate."""
    variable_frame_rate: bool = False
    """True also when the container does not let us see that the rate is constant."""
    keyframe_gap_ms: int | None = None
    """The longest stretch without a place to seek to; None when the index does not tell."""
    video_codec: str | None = None
    profile: str | None = None
    level: int | None = None
    """H.264 level times ten: 40 is level 4.0."""
    pixel_format: str | None = None
    video_bit_rate: int | None = None
    hdr_transfer: str | None = None
    """FFmpeg's name of the curve of a picture in HDR; None for an ordinary one."""

    has_audio: bool
    audio_codec: str | None = None
    audio_profile: str | None = None
    audio_channels: int = 0
    audio_rate: int = 0
    """Samples per second."""
    audio_bit_rate: int | None = None
    audio_track: int = 0
    """Which of several sound tracks is meant, counted from 0; all of the above is about it."""

    subtitles: tuple[SubtitleStream, ...] = ()

    def require_picture(self) -> None:
        """Raise UnusableMedia if the file has only sound."""
        if not self.has_video:
            raise UnusableMedia(_("这个文件只有声音，没有画面。请选择带画面的视频文件。"))

    def require_sound(self) -> None:
        """Raise UnusableMedia if the file has no sound, for those who want to listen."""
        if not self.has_audio:
            raise UnusableMedia(_("这个视频没有声音，无法生成字幕。请换一个有声音的视频。"))


def probe(path: Path, *, language: str | None = None) -> Probe:
    """Look into ``path``; takes well under a second, however long the video.

    Of several sound tracks the one in ``language`` ("zh", "yue") is looked at; where none says
    so, or with None, the one that a player would play.

    Raises UnusableMedia when the file is absent, empty, not media, cut short, beyond
    VIDEO_MAX_PIXELS or VIDEO_MAX_HOURS, or has neither picture nor sound.
    """
    _require_readable(path)
    boxes = list(top_level_boxes(path))
    if boxes and is_cut_short(boxes, size=path.stat().st_size):
        raise _cut_short()
    with _opened(path) as container:
        facts = _video_facts(container) | _audio_facts(container, language)
        if not facts["has_video"] and not facts["has_audio"]:
            raise UnusableMedia(_("这个文件里没有画面，也没有声音。请换一个视频文件。"))
        duration_ms = _measured_duration_ms(container)
        return Probe(
            container=container.format.name,
            size_bytes=container.size,
            duration_ms=duration_ms,
            subtitles=_text_subtitles(container),
            **facts,
        )


def _require_readable(path: Path) -> None:
    if not path.exists():
        raise UnusableMedia(
            _("找不到文件“%(name)s”。请检查文件名和存放位置。") % {"name": path.name}
        )
    if not path.is_file():
        raise _not_media()
    if path.stat().st_size == 0:
        raise UnusableMedia(_("这个文件是空的。请重新导出视频，再上传一次。"))


def _not_media() -> UnusableMedia:
    return UnusableMedia(_("这个文件不是视频。请选择 MP4、MOV 等格式的视频文件。"))


def _cut_short() -> UnusableMedia:
    return UnusableMedia(
        _("这个视频不完整，后面缺了一部分。请从手机或相机里重新复制一份，再上传一次。")
    )


def _damaged() -> UnusableMedia:
    return UnusableMedia(_("这个视频打不开，文件可能已经损坏。请重新导出为 MP4，再上传一次。"))


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    try:
        container = av.open(
            # An absolute path has no "scheme:", so no file name can pose as an address.
            str(path.absolute()),
            options={"format_whitelist": CONTAINERS, "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except PermissionError as error:
        raise UnusableMedia(
            _("没有权限读取文件“%(name)s”。请检查文件的权限。") % {"name": path.name}
        ) from error
    except (av.error.FFmpegError, ValueError) as error:
        raise _not_media() from error
    with container:
        try:
            yield container
        except av.error.FFmpegError as error:
            raise _damaged() from error


# Picture


def _picture_stream(container: InputContainer) -> av.VideoStream | None:
    """The first moving picture; the cover of a song is none."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    return None


def _video_facts(container: InputContainer) -> dict[str, Any]:
    stream = _picture_stream(container)
    if stream is None:
        return {"has_video": False}
    codec = stream.codec_context
    if codec is None:
        raise _damaged()
    _refuse_a_bomb(codec.width, codec.height)
    codec.options = {"max_pixels": str(settings.VIDEO_MAX_PIXELS)}
    frame = next(container.decode(stream), None)
    if frame is None:
        raise _damaged()
    _refuse_a_bomb(frame.width, frame.height)

    rotation = -frame.rotation % 360
    shape = stream.sample_aspect_ratio or Fraction(1)
    width, height = round(frame.width * shape), frame.height
    _refuse_a_bomb(width, height)
    if rotation in {90, 270}:
        width, height = height, width
    rate, variable, gap_ms = _timing(stream)
    return {
        "has_video": True,
        "width": width,
        "height": height,
        "rotation": rotation,
        "square_pixels": shape == 1,
        "interlaced": frame.interlaced_frame,
        "frame_rate": rate,
        "variable_frame_rate": variable,
        "keyframe_gap_ms": gap_ms,
        "video_codec": codec.name,
        "profile": stream.profile,
        "level": codec.level if codec.level > 0 else None,
        "pixel_format": codec.pix_fmt,
        "video_bit_rate": codec.bit_rate or None,
        "hdr_transfer": TRANSFERS_OF_HDR.get(frame.color_trc),
    }


def _refuse_a_bomb(width: int, height: int) -> None:
    if width * height > settings.VIDEO_MAX_PIXELS:
        raise UnusableMedia(
            _("这个视频的画面太大（%(width)s×%(height)s）。请导出为 1080p，再上传一次。")
            % {"width": width, "height": height}
        )


def _timing(stream: av.VideoStream) -> tuple[Fraction | None, bool, int | None]:
    """(average rate, does it vary, longest way between key frames in ms), from the index.

    Only MP4 and MOV index every picture, and only they can be copied instead of encoded; so
    elsewhere the rate counts as varying, and the encoder makes it constant.
    """
    # Either may be absurd (an AVI of ours averages 600), but never by being too small.
    rate = min((rate for rate in (stream.average_rate, stream.guessed_rate) if rate), default=None)
    entries = list(stream.index_entries)
    if stream.time_base is None or len(entries) < 3 or len(entries) != stream.frames:
        return rate, True, None
    ticks = [entry.timestamp for entry in entries]
    steps = [after - before for before, after in pairwise(ticks)]
    usual = median(steps)
    # One tick either way is rounding: 30 pictures in a clock of 1000 ticks come as 33, 33, 34.
    variable = any(abs(step - usual) > max(1, usual * 0.02) for step in steps)
    seekable = [entry.timestamp for entry in entries if entry.is_keyframe] + [ticks[-1]]
    gap = max((after - before for before, after in pairwise(seekable)), default=0)
    return rate, variable, round(gap * stream.time_base * 1000)


# Sound


def _audio_facts(container: InputContainer, language: str | None) -> dict[str, Any]:
    tracks = [
        (track, stream)
        for track, stream in enumerate(container.streams.audio)
        if stream.codec_context is not None and stream.rate
    ]
    if not tracks:
        return {"has_audio": False}
    tags = TAGS_OF_LANGUAGE.get(language or "", set())
    track, stream = max(  # of equals the first
        tracks,
        key=lambda it: (it[1].language in tags, bool(it[1].disposition & Disposition.default)),
    )
    return {
        "has_audio": True,
        "audio_codec": stream.codec_context.name,
        "audio_profile": stream.profile,
        "audio_channels": stream.channels,
        "audio_rate": stream.rate,
        "audio_bit_rate": stream.bit_rate or None,
        "audio_track": track,
    }


# Subtitles


def _text_subtitles(container: InputContainer) -> tuple[SubtitleStream, ...]:
    found = []
    for index, stream in enumerate(container.streams.subtitles):
        codec = stream.codec_context
        if codec is not None and codec.name in TEXT_SUBTITLES:
            language = (stream.language or "").replace("und", "")
            title = stream.metadata.get("title", "")
            found.append(
                SubtitleStream(index=index, codec=codec.name, language=language, title=title)
            )
    return tuple(found)


# Length


def _measured_duration_ms(container: InputContainer) -> int:
    """Milliseconds; where the header states them, only after the end was found and decoded."""
    start_us = container.start_time or 0
    if container.duration is None:
        container.seek(start_us)
        duration_ms = _end_of_packets_ms(container) - start_us // 1000
    else:
        duration_ms = container.duration // 1000
    longest_ms = settings.VIDEO_MAX_HOURS * 3_600_000
    if duration_ms > longest_ms:
        raise UnusableMedia(
            _("这个视频有 %(hours)s 小时，超过了 %(limit)s 小时的上限。请分成几段，再上传。")
            % {
                "hours": f"{duration_ms / 3_600_000:.1f}",
                "limit": f"{settings.VIDEO_MAX_HOURS:g}",
            }
        )
    if duration_ms <= 0:
        raise _damaged()

    container.seek(max(start_us, start_us + duration_ms * 1000 - TAIL_SECONDS * 1_000_000))
    end_ms = _decode_to_the_end_ms(container) - start_us // 1000
    allowed_ms = max(MISSING_TAIL_MS, duration_ms * MISSING_TAIL_SHARE)
    if (
        STATES_DURATION & set(container.format.name.split(","))
        and end_ms < duration_ms - allowed_ms
    ):
        raise _cut_short()
    return duration_ms


def _end_of_packets_ms(container: InputContainer) -> int:
    return max((_end_ms(packet) for packet in container.demux()), default=0)


def _end_ms(packet: av.Packet[Any]) -> int:
    if packet.pts is None or packet.time_base is None:
        return 0
    return round((packet.pts + (packet.duration or 0)) * packet.time_base * 1000)


def _decode_to_the_end_ms(container: InputContainer) -> int:
    """The end of the last packet in ms; raises UnusableMedia if not one picture decodes."""
    picture = _picture_stream(container)
    end_ms, pictures, broken = 0, 0, False
    for packet in container.demux():
        end_ms = max(end_ms, _end_ms(packet))
        if packet.stream is not picture or pictures:
            continue
        try:
            pictures += len(packet.decode())
        except av.error.InvalidDataError:
            # One broken picture is no reason to refuse a lesson; no whole one at all is.
            broken = True
    if broken and not pictures:
        raise _damaged()
    return end_ms
