"""What a media file contains, read by PyAV before any work is done on it.

``probe`` answers with a :class:`Probe`, or raises :class:`UnusableMedia`, whose text is one
sentence for the person who chose the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from media.ffmpeg.mp4_boxes import is_cut_short, is_locked, top_level_boxes
from media.ffmpeg.tracks import SoundTrack, SubtitleStream, sound_track, text_subtitles
from media.ffmpeg.unsupported import explain_by_content
from media.ffmpeg.video_streams import is_interlaced, moving_stream, timing_of

if TYPE_CHECKING:
    import av
    from av.container import InputContainer

# Demuxers that may be opened. Playlists and scripts (HLS, ffconcat) are left out because they
# make FFmpeg open other files and addresses; text and still pictures, because they are not media.
CONTAINERS = "mov,matroska,avi,mpegts,mpeg,flv,asf,ogg,mp3,wav,aac,flac,amr,aiff,caf"
# Containers whose header states the duration; in the others it is a guess by bit rate.
STATES_DURATION = {"mov", "matroska", "flv", "asf"}

TAIL_SECONDS = 4
MISSING_TAIL_MS = 1_500
MISSING_TAIL_SHARE = 0.01

# Codes of ITU-T H.273 for the transfer curves of HDR: PQ (HDR10), and HLG, in which many phones
# record by default.
TRANSFERS_OF_HDR = {16: "smpte2084", 18: "arib-std-b67"}
# Codes of matrices between RGB and YUV, with the names of FFmpeg's scale filter. All others count
# as untagged: 2 means unspecified, 0 is RGB, the rest is not written by cameras.
MATRICES = {
    1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020", 10: "bt2020"
}  # fmt: skip
FULL_RANGE = 2


class UnusableMedia(Exception):
    """The file cannot be used; ``str()`` is one sentence that says what to do about it."""


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
    picture_track: int = 0
    """Which of the file's pictures is the film, counted from 0; all of the below is about it."""
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
    matrix: str | None = None
    """The matrix between RGB and YUV, as FFmpeg's scale names it; None when no tag tells."""
    full_range: bool = False
    """Black is 0 and not 16."""

    has_audio: bool
    audio_codec: str | None = None
    audio_profile: str | None = None
    audio_channels: int = 0
    audio_rate: int = 0
    """Samples per second."""
    audio_bit_rate: int | None = None
    audio_track: int = 0
    """Which of several sound tracks is meant, counted from 0; all of the above is about it."""
    out_of_phase: bool = False
    """The channels have opposite phase and cancel out when mixed to mono. Found by
    media.ffmpeg.speech_detection; False before."""
    sounds: tuple[SoundTrack, ...] = ()
    """All that can be played, in the file's order."""

    subtitles: tuple[SubtitleStream, ...] = ()

    def require_sound(self) -> None:
        """Raise UnusableMedia if the file has no sound, for those who want to listen."""
        if not self.has_audio:
            raise UnusableMedia(_("这个视频没有声音，无法生成字幕。请换一个有声音的视频。"))


def probe(path: Path, *, track: int | None = None) -> Probe:
    """Look into ``path``; takes well under a second, however long the video.

    Of several sounds ``track`` is looked at; with None, or one that is not there, the one that a
    player would play. media.ffmpeg.speech_detection finds out which of them speaks.

    Raises UnusableMedia when the file is absent, empty, not media, cut short, beyond
    VIDEO_MAX_PIXELS or VIDEO_MAX_HOURS, or has neither picture nor sound.
    """
    _require_readable(path)
    if (explained := explain_by_content(path)) is not None:
        raise UnusableMedia(explained)
    boxes = list(top_level_boxes(path))
    if boxes and is_cut_short(boxes, size=path.stat().st_size):
        raise _cut_short()
    if is_locked(path, boxes):
        raise UnusableMedia(
            _(
                "这个视频加了密，只能在买它的软件里看，不能放到这里。"
                "请用自己拍的视频，或者没有加密的。"
            )
        )
    with _opened(path) as container:
        picture = moving_stream(container)
        facts = _video_facts(container, picture) | _audio_facts(container, track)
        if not facts["has_video"] and not facts["has_audio"]:
            raise UnusableMedia(_("这个文件里没有画面，也没有声音。请换一个视频文件。"))
        duration_ms = _measured_duration_ms(container, picture)
        if picture is not None:
            facts["interlaced"] = is_interlaced(container, picture, duration_ms=duration_ms)
        return Probe(
            container=container.format.name,
            size_bytes=container.size,
            duration_ms=duration_ms,
            subtitles=text_subtitles(container),
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
    return UnusableMedia(
        _("这个文件不是视频，也不是录音。请选择 MP4、MOV 等格式的视频，或者 MP3、M4A 等录音。")
    )


def _cut_short() -> UnusableMedia:
    return UnusableMedia(
        _("这个视频不完整，后面缺了一部分。请从手机或相机里重新复制一份，再上传一次。")
    )


def _damaged() -> UnusableMedia:
    return UnusableMedia(_("这个视频打不开，文件可能已经损坏。请重新导出为 MP4，再上传一次。"))


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    import av
    from av.error import FFmpegError

    try:
        container = av.open(
            # An absolute path has no "scheme:", so a file name cannot be taken for an address.
            str(path.absolute()),
            options={"format_whitelist": CONTAINERS, "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except PermissionError as error:
        raise UnusableMedia(
            _("没有权限读取文件“%(name)s”。请检查文件的权限。") % {"name": path.name}
        ) from error
    except (FFmpegError, ValueError) as error:
        raise _not_media() from error
    with container:
        try:
            yield container
        except FFmpegError as error:
            raise _damaged() from error


# Picture


def _video_facts(container: InputContainer, stream: av.VideoStream | None) -> dict[str, Any]:
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
    rate, variable, gap_ms = timing_of(stream)
    return {
        "has_video": True,
        "picture_track": container.streams.video.index(stream),
        "width": width,
        "height": height,
        "rotation": rotation,
        "square_pixels": shape == 1,
        "frame_rate": rate,
        "variable_frame_rate": variable,
        "keyframe_gap_ms": gap_ms,
        "video_codec": codec.name,
        "profile": stream.profile,
        "level": codec.level if codec.level > 0 else None,
        "pixel_format": codec.pix_fmt,
        "video_bit_rate": codec.bit_rate or None,
        "hdr_transfer": TRANSFERS_OF_HDR.get(frame.color_trc),
        "matrix": MATRICES.get(frame.colorspace),
        "full_range": frame.color_range == FULL_RANGE,
    }


def _refuse_a_bomb(width: int, height: int) -> None:
    if width * height > settings.VIDEO_MAX_PIXELS:
        raise UnusableMedia(
            _("这个视频的画面太大（%(width)s×%(height)s）。请导出为 1080p，再上传一次。")
            % {"width": width, "height": height}
        )


# Sound


def _audio_facts(container: InputContainer, wanted: int | None) -> dict[str, Any]:
    playable = {
        track: stream
        for track, stream in enumerate(container.streams.audio)
        if stream.codec_context is not None and stream.rate
    }
    if not playable:
        return {"has_audio": False}
    sounds = tuple(sound_track(track, stream) for track, stream in playable.items())
    if wanted not in playable:
        wanted = max(sounds, key=lambda sound: sound.is_default).track  # of equals the first
    stream = playable[wanted]
    return {
        "has_audio": True,
        "audio_codec": stream.codec_context.name,
        "audio_profile": stream.profile,
        "audio_channels": stream.channels,
        "audio_rate": stream.rate,
        "audio_bit_rate": stream.bit_rate or None,
        "audio_track": wanted,
        "sounds": sounds,
    }


# Length


def _measured_duration_ms(container: InputContainer, picture: av.VideoStream | None) -> int:
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
    end_ms = _decode_to_the_end_ms(container, picture) - start_us // 1000
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


def _decode_to_the_end_ms(container: InputContainer, picture: av.VideoStream | None) -> int:
    """The end of the last packet in ms; raises UnusableMedia if not one picture decodes."""
    from av.error import InvalidDataError

    end_ms, pictures, broken = 0, 0, False
    for packet in container.demux():
        end_ms = max(end_ms, _end_ms(packet))
        if packet.stream is not picture or pictures:
            continue
        try:
            pictures += len(packet.decode())
        except InvalidDataError:
            # One broken picture is tolerated; the file is refused only when none decodes.
            broken = True
    if broken and not pictures:
        raise _damaged()
    return end_ms
