"""Subtitles that came inside a film: offered to reviewers as versions of its track."""

import logging
from pathlib import Path
from typing import Any

from django.db import transaction

from media.errors import is_full_disk
from media.ffmpeg import FfmpegFailed, extract_subtitles
from media.models import Video
from media.probe import Probe
from subtitles.choices import Origin
from subtitles.importing import UnreadableFile, read_cues
from subtitles.models import Track
from subtitles.services.versions import KEPT, keep_version

logger = logging.getLogger(__name__)


def offer_embedded(video: Video, facts: Probe, *, folder: Path) -> int:
    """Keep each text stream of the original as a version, once; return how many are new.

    What cannot be read is left out, with a line in the log: the machine listens all the same.
    """
    kept = 0
    for stream in facts.subtitles:
        target = folder / f"embedded-{stream.index}.srt"
        try:
            extract_subtitles(
                Path(video.original.path),
                target,
                index=stream.index,
                duration_ms=facts.duration_ms,
            )
            rows = read_cues(target.read_bytes(), name=target.name, end_ms=facts.duration_ms)
        except (FfmpegFailed, UnreadableFile) as reason:
            if is_full_disk(reason):
                raise
            logger.warning("Subtitles %d inside %s: %s", stream.index, video, reason)
            continue
        kept += keep_once(video, [{field: getattr(row, field) for field in KEPT} for row in rows])
    return kept


@transaction.atomic
def keep_once(video: Video, cues: list[dict[str, Any]]) -> bool:
    Track.objects.get_or_create(video=video, language=video.spoken_language)
    track = Track.objects.select_for_update().get(video=video, language=video.spoken_language)
    if any(version.cues == cues for version in track.versions.filter(origin=Origin.FILM)):
        return False
    keep_version(track, origin=Origin.FILM, cues=cues)
    return True
