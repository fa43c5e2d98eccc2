"""Which video stream of a file is the film, and its timing, judged at several places.

Cameras add a thumbnail stream, podcasts a picture for each chapter; a title at the beginning may
be progressive where the rest is interlaced. So looking only at the beginning is not enough.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from fractions import Fraction
from itertools import islice, pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import av
    from av.container import InputContainer

#: Places at which a film is examined, in shares of its length.
PLACES = (0.0, 0.15, 0.35, 0.55, 0.75, 0.93)
PICTURES_AT_A_PLACE = 3
PACKETS_AT_A_PLACE = 120
#: In smaller pictures FFmpeg's filter cannot detect fields.
SMALLEST_OF_TWO_FIELDS = 16
#: A stream with fewer pictures than this share of the busiest one is a slide show or a cover.
MOVES_AT_LEAST = Fraction(1, 8)


def moving_stream(container: InputContainer) -> av.VideoStream | None:
    """The stream that has moving pictures at most places; among equals the default one, then the
    largest, then the first. None when there is none; a song's cover does not count."""
    from av.stream import Disposition

    no_film = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
    streams = [stream for stream in container.streams.video if stream.codec_context is not None]
    covers = [stream for stream in streams if stream.disposition & no_film]
    films = [stream for stream in streams if stream not in covers]
    if len(films) < 2:
        return films[0] if films else None
    moves_at = _places_of_movement(container, films)
    return max(
        films,
        key=lambda film: (
            moves_at[film.index],
            bool(film.disposition & Disposition.default),
            film.codec_context.width * film.codec_context.height,
            -film.index,
        ),
    )


def _places_of_movement(container: InputContainer, films: list[av.VideoStream]) -> Counter[int]:
    """At how many places each stream, by its index, has moving pictures."""
    from av.error import FFmpegError

    moves_at: Counter[int] = Counter()
    for place in PLACES:
        pictures: Counter[int] = Counter()
        with suppress(FFmpegError):
            _go_to(container, place, (container.duration or 0) // 1000)
            packets = islice(container.demux(films), PACKETS_AT_A_PLACE)
            pictures.update(packet.stream.index for packet in packets if packet.size)
        busiest = max(pictures.values(), default=0)
        moves_at.update(
            index
            for index, count in pictures.items()
            if count > 1 and count >= busiest * MOVES_AT_LEAST
        )
    container.seek(container.start_time or 0)
    return moves_at


def is_interlaced(container: InputContainer, stream: av.VideoStream, *, duration_ms: int) -> bool:
    """Whether interlaced pictures are met at any place. Moves the container's position."""
    from av.error import FFmpegError

    if min(stream.codec_context.width, stream.codec_context.height) < SMALLEST_OF_TWO_FIELDS:
        return False
    for place in PLACES:
        # Damage at a place is not this function's to report.
        with suppress(FFmpegError):
            _go_to(container, place, duration_ms)
            pictures = islice(container.decode(stream), PICTURES_AT_A_PLACE)
            if any(picture.interlaced_frame for picture in pictures):
                return True
    return False


def _go_to(container: InputContainer, place: float, duration_ms: int) -> None:
    container.seek((container.start_time or 0) + round(place * duration_ms * 1000))


def timing_of(stream: av.VideoStream) -> tuple[Fraction | None, bool, int | None]:
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
