"""What a screen is told: the items of a playlist with their files, and when to show them."""

from typing import Any

from django.utils import timezone
from wagtail.images import get_image_model

from courses.models import LessonPage
from lms.tv.models import Playlist
from media.models import Video

#: Sharper than this no lobby's screen is, and every file is kept there in full.
TALLEST_PIXELS = 1080
SLIDE_PICTURE = "width-900"


def playlist_as_json(playlist: Playlist) -> dict[str, Any]:
    """Items that can be shown now: a video that is not ready yet, or a lesson that is not
    published, is left out until it is. `now` is milliseconds since 1970, `utc_offset` minutes:
    a screen's own clock and time zone are often wrong."""
    now = timezone.localtime()
    offset = now.utcoffset()
    assert offset is not None
    items = playlist.items.select_related("video", "lesson").prefetch_related("video__renditions")
    shown = [item_as_json(item.video, item.lesson) for item in items]
    return {
        "title": playlist.title,
        "now": int(now.timestamp() * 1000),
        "utc_offset": int(offset.total_seconds() // 60),
        "times": [time.as_minutes() for time in playlist.times.all()],
        "items": [item for item in shown if item is not None],
    }


def item_as_json(video: Video | None, lesson: LessonPage | None) -> dict[str, Any] | None:
    """None: it cannot be shown now."""
    if video is not None:
        return video_as_json(video)
    if lesson is not None and lesson.live and not lesson.get_view_restrictions().exists():
        return lesson_as_json(lesson)
    return None


def video_as_json(video: Video) -> dict[str, Any] | None:
    renditions = [each for each in video.moving_renditions if (each.height or 0) <= TALLEST_PIXELS]
    if not renditions:
        return None
    track = LessonPage.published_track(video)
    return {
        "kind": "video",
        "title": video.title,
        "file": renditions[0].file.url,
        "track": None if track is None else track.get_absolute_url(),
        "language": video.spoken_language,
    }


def lesson_as_json(lesson: LessonPage) -> dict[str, Any]:
    """Its goal, its steps with their pictures, and what guards against fraud, one a slide."""
    slides = [{"label": "", "words": lesson.goal, "picture": None}]
    for number, step in enumerate(lesson.steps, start=1):
        picture = step.value.get("picture")
        slides.append(
            {
                "label": str(number),
                "words": step.value["words"],
                "picture": picture_url(picture) if picture else None,
            }
        )
    slides.append({"label": "！", "words": lesson.fraud_line, "picture": None})
    subject = lesson.get_parent().specific.subject
    return {"kind": "lesson", "title": lesson.title, "subject": subject, "slides": slides}


def picture_url(picture: Any) -> str:
    assert isinstance(picture, get_image_model())
    url: str = picture.get_rendition(SLIDE_PICTURE).url
    return url
