"""Verbs that put what was made from a video where viewers find it."""

from dataclasses import asdict
from pathlib import Path

from media.files import FinishedFile
from media.models import Rendition, Video
from media.probe import Probe


def record_facts(video: Video, facts: Probe) -> None:
    """Keep what the pages want to know of the original."""
    video.duration_ms = facts.duration_ms
    video.has_audio = facts.has_audio
    video.has_picture = facts.has_video
    video.embedded_subtitles = [asdict(stream) for stream in facts.subtitles]
    video.sounds = [asdict(sound) for sound in facts.sounds]
    video.best_sound = facts.audio_track if facts.has_audio else None
    video.save(
        update_fields=[
            "duration_ms",
            "has_audio",
            "has_picture",
            "embedded_subtitles",
            "sounds",
            "best_sound",
        ]
    )


def publish_rendition(
    video: Video, *, name: str, path: Path, width: int | None, height: int | None
) -> None:
    """Move the file at `path` into the storage and point the rendition's row to it.

    The row changes only when the new file is whole, so a viewer never meets half a file. The file
    it pointed to stays for whoever is watching it, until the nightly sweep (media.tidying). Sizes
    in pixels; None for sound alone.
    """
    rendition = Rendition.objects.filter(video=video, name=name).first()
    rendition = rendition or Rendition(video=video, name=name)
    rendition.width, rendition.height = width, height
    rendition.size_bytes = path.stat().st_size
    with FinishedFile(path) as content:
        rendition.file.save(path.name, content, save=False)
    try:
        rendition.save()
    except BaseException:
        rendition.file.delete(save=False)
        raise


def publish_poster(video: Video, path: Path) -> None:
    """Move the picture at `path` into the storage; the poster before it is removed."""
    old_name = video.poster.name
    with FinishedFile(path) as content:
        video.poster.save(path.name, content, save=False)
    video.save(update_fields=["poster"])
    if old_name:
        video.poster.storage.delete(old_name)


def delete_video(video: Video) -> None:
    """Remove a video for good: its rows, then its files, the original included."""
    files = [video.original, video.poster, *(r.file for r in video.renditions.all())]
    files += [thumbnail.file for thumbnail in video.thumbnails.all()]
    video.delete()
    for file in files:
        if file:
            file.delete(save=False)
