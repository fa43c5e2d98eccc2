"""The sounds and subtitles in a file, as it names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import av
    from av.container import InputContainer
    from av.stream import Stream

# Subtitles that are pictures (Blu-ray, DVD) are left out: they would need text recognition.
TEXT_SUBTITLES = {"subrip", "srt", "mov_text", "webvtt", "ass", "ssa", "text"}


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
class SoundTrack:
    """One of the sounds in a file."""

    track: int
    """Its number among all of the file's sounds, from 0; unplayable ones are counted too."""
    language: str
    """As the file names it (``chi``); empty when it does not tell."""
    title: str
    is_default: bool
    """A player would play it first."""
    is_beside: bool
    """A commentary or an audio description, not the film's main sound."""
    channels: int
    speaks: bool | None = None
    """Whether a voice was heard in it; None before speech_detection has listened."""
    out_of_phase: bool = False
    """The channels have opposite phase and cancel out when mixed to mono."""


def sound_track(track: int, stream: av.AudioStream) -> SoundTrack:
    from av.stream import Disposition

    beside = Disposition.comment | Disposition.visual_impaired | Disposition.descriptions
    return SoundTrack(
        track=track,
        language=_language_of(stream),
        title=_title_of(stream),
        is_default=bool(stream.disposition & Disposition.default),
        is_beside=bool(stream.disposition & beside),
        channels=stream.channels,
    )


def _language_of(stream: Stream) -> str:
    return (stream.language or "").replace("und", "")


def _title_of(stream: Stream) -> str:
    return stream.metadata.get("title", "")


def text_subtitles(container: InputContainer) -> tuple[SubtitleStream, ...]:
    found = []
    for index, stream in enumerate(container.streams.subtitles):
        codec = stream.codec_context
        if codec is not None and codec.name in TEXT_SUBTITLES:
            found.append(
                SubtitleStream(
                    index=index,
                    codec=codec.name,
                    language=_language_of(stream),
                    title=_title_of(stream),
                )
            )
    return tuple(found)
