"""Which of a file's pictures is the film, and how it moves: judged at several places of it.

Cameras put a thumbnail before the film, podcasts a drawing for each chapter beside it; a title
stands still where the rest is interlaced. So one look at the beginning is not enough.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from fractions import Fraction
from itertools import islice, pairwise
from statistics import median

import av
import av.error
from av.container import InputContainer
from av.stream import Disposition

#: Where a film is looked at, in shares of its length.
PLACES = (0.0, 0.15, 0.35, 0.55, 0.75, 0.93)
PICTURES_AT_A_PLACE = 3
PACKETS_AT_A_PLACE = 120
#: Fewer lines, or columns, than FFmpeg's filter can tell fields in.
SMALLEST_OF_TWO_FIELDS = 16
#: A stream with so much fewer pictures than the busiest one is a show of slides, or a cover.
MOVES_AT_LEAST = Fraction(1, 8)

_NO_FILM = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image


def moving_stream(container: InputContainer) -> av.VideoStream | None:
    """The stream that moves for the longest; of equals the default one, then the largest, then
    the first. None when there is none; the cover of a song is none."""
    streams = [stream for stream in container.streams.video if stream.codec_context is not None]
    covers = [stream for stream in streams if stream.disposition & _NO_FILM]
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
    """At how many places each stream, by its index, has as many pictures as a film has."""
    moves_at: Counter[int] = Counter()
    for place in PLACES:
        pictures: Counter[int] = Counter()
        with suppress(av.error.FFmpegError):
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
    """Whether pictures of two fields are met anywhere in it. Leaves the container somewhere."""
    if min(stream.codec_context.width, stream.codec_context.height) < SMALLEST_OF_TWO_FIELDS:
        return False
    for place in PLACES:
        # What is broken at a place is told by whoever has to play it.
        with suppress(av.error.FFmpegError):
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
