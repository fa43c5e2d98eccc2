"""Subtitles that came inside a film: offered to reviewers as versions of its track."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from media.errors import is_full_disk
from media.ffmpeg.extraction import extract_subtitles
from media.ffmpeg.probe import Probe
from media.ffmpeg.process import FfmpegFailed
from media.models import Video
from subtitles.choices import Origin
from subtitles.cues.formats import clock
from subtitles.models import Track, TrackCue
from subtitles.tracks.importing import UnreadableFile, faults_of, read_rows, trim_overlaps
from subtitles.tracks.versions import KEPT, keep_version

logger = logging.getLogger(__name__)


def offer_embedded(video: Video, source: Path, facts: Probe, *, folder: Path) -> str:
    """Keep each text stream of the original as a version, once.

    Returns what was taken and what was left out, in words for an editor; "" where there is none.
    """
    return " ".join(
        offer_stream(
            video, source, index=stream.index, duration_ms=facts.duration_ms, folder=folder
        )
        for stream in facts.subtitles
    )


def offer_stream(video: Video, source: Path, *, index: int, duration_ms: int, folder: Path) -> str:
    target = folder / f"embedded-{index}.srt"
    try:
        extract_subtitles(source, target, index=index, duration_ms=duration_ms)
        rows = read_rows(target.read_bytes(), name=target.name)
    except (FfmpegFailed, UnreadableFile) as reason:
        if is_full_disk(reason):
            raise
        logger.warning("Subtitles %d inside %s: %s", index, video, reason)
        return _("自带字幕%(number)d：读不出来，没有收下。") % {"number": index + 1}
    taken, left_out = sort_out(rows, end_ms=duration_ms)
    if taken:
        keep_once(video, [{field: getattr(row, field) for field in KEPT} for row in taken])
    notes = [
        _("自带字幕%(number)d：收下%(count)d条。") % {"number": index + 1, "count": len(taken)}
    ]
    for fault, those in left_out.items():
        notes.append(
            _("有%(count)d条没有收下，第一处在%(at)s：%(fault)s")
            % {"count": len(those), "at": clock(those[0].start_ms), "fault": fault}
        )
    return " ".join(notes)


def sort_out(
    rows: Sequence[TrackCue], *, end_ms: int
) -> tuple[list[TrackCue], dict[str, list[TrackCue]]]:
    """Part `rows`, in the order of time, into those to show and the others by their fault.

    An editor can mend a file but not a film, so a row that would outlast the film ends with it, and
    any overlap is trimmed.
    """
    taken: list[TrackCue] = []
    left_out: dict[str, list[TrackCue]] = defaultdict(list)
    for row in rows:
        row.end_ms = min(row.end_ms, end_ms)
        fault = next(faults_of(row, end_ms), "")
        if not fault and taken and taken[-1].start_ms == row.start_ms:
            fault = _("和前一条同时开始。")
        if fault:
            left_out[fault].append(row)
            continue
        taken.append(row)
    trim_overlaps(taken, below_ms=None)
    return taken, left_out


@transaction.atomic
def keep_once(video: Video, cues: list[dict[str, Any]]) -> None:
    Track.objects.get_or_create(video=video, language=video.spoken_language)
    track = Track.objects.select_for_update().get(video=video, language=video.spoken_language)
    if not any(version.cues == cues for version in track.versions.filter(origin=Origin.FILM)):
        keep_version(track, origin=Origin.FILM, cues=cues)
