"""Publishes what was made from a video: files into the storage, rows that name them."""

from dataclasses import asdict
from pathlib import Path

from django.db import transaction

from media.ffmpeg.probe import Probe
from media.files import FinishedFile
from media.models import Rendition, Thumbnail, Video


def record_facts(video: Video, facts: Probe) -> None:
    """Store the facts about the original on the video's row."""
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
    it named before stays for current viewers, until the nightly media.pipeline.cleanup.
    Sizes in pixels; None for sound alone.
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


def publish_storyboard(video: Video, pictures: dict[int, Path]) -> None:
    """Replace the thumbnails by `pictures`; the old files are deleted after the rows."""
    old = [thumbnail.file for thumbnail in video.thumbnails.all()]
    new = [Thumbnail(video=video, at_ms=at_ms) for at_ms in pictures]
    for thumbnail in new:
        with FinishedFile(pictures[thumbnail.at_ms]) as content:
            thumbnail.file.save("picture.jpg", content, save=False)
    try:
        with transaction.atomic():
            video.thumbnails.all().delete()
            Thumbnail.objects.bulk_create(new)
    except BaseException:
        for thumbnail in new:
            thumbnail.file.delete(save=False)
        raise
    for file in old:
        file.delete(save=False)
