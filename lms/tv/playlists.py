"""What a screen is told: the items of a playlist with their files, and when to show them."""

from typing import Any

from django.utils import timezone
from wagtail.images.models import AbstractImage

from courses.models import LessonPage
from courses.models.lesson_films import films_of
from lms.tv.choices import FilmOrder, FilmsFrom
from lms.tv.models import Playlist
from media.models import Video

#: Sharper than this no lobby's screen is, and every file is kept there in full.
TALLEST_PIXELS = 1080
SLIDE_PICTURE = "width-900"
#: A screen keeps each film in full, and goes round them all before a day is over.
FILMS_AT_MOST = 100


def playlist_as_json(playlist: Playlist) -> dict[str, Any]:
    """Items that can be shown now: a video that is not ready yet, or a lesson that is not
    published, is left out until it is. `now` is milliseconds since 1970, `utc_offset` minutes:
    a screen's own clock and time zone are often wrong."""
    now = timezone.localtime()
    offset = now.utcoffset()
    assert offset is not None
    items = playlist.items.select_related("video", "lesson").prefetch_related("video__renditions")
    by_hand = [item_as_json(item.video, item.lesson) for item in items]
    chosen = {item.video_id for item in items if item.video_id}
    films = films_by_rule(playlist)
    by_rule = [video_as_json(film, title=title) for film, title in films if film.pk not in chosen]
    shown = [*by_hand, *by_rule]
    return {
        "title": playlist.title,
        "now": int(now.timestamp() * 1000),
        "utc_offset": int(offset.total_seconds() // 60),
        "times": [time.as_minutes() for time in playlist.times.all()],
        "items": [item for item in shown if item is not None],
    }


def films_by_rule(playlist: Playlist) -> list[tuple[Video, str]]:
    """The films of the lessons that everybody may see, each once and with its lesson's title, as
    `films_from` and `films_order` say. Empty for a page that is not published."""
    lessons = lessons_by_rule(playlist)
    film_of = films_of(lessons)
    films: dict[int, tuple[Video, str]] = {}
    for lesson in lessons:
        if film := film_of.get(lesson.pk):
            films.setdefault(film.pk, (film, lesson.title))
    found = list(films.values())
    if playlist.films_order == FilmOrder.NEWEST:
        found.sort(key=lambda each: each[0].created_at, reverse=True)
    return found[:FILMS_AT_MOST]


def lessons_by_rule(playlist: Playlist) -> list[LessonPage]:
    lessons = LessonPage.objects.live().public().order_by("path")
    if playlist.films_from == FilmsFrom.PAGE and playlist.films_page:
        page = playlist.films_page.specific
        is_open = page.live and not page.get_view_restrictions().exists()
        order = [each.pk for each in page.lessons_in_order()] if is_open else []
        lessons = lessons.filter(pk__in=order)
    elif playlist.films_from == FilmsFrom.ALL:
        order = []
    else:
        return []
    return sorted(lessons, key=lambda each: order.index(each.pk) if order else 0)


def item_as_json(video: Video | None, lesson: LessonPage | None) -> dict[str, Any] | None:
    """None: it cannot be shown now."""
    if video is not None:
        return video_as_json(video)
    if lesson is not None and lesson.live and not lesson.get_view_restrictions().exists():
        return lesson_as_json(lesson)
    return None


def video_as_json(video: Video, *, title: str = "") -> dict[str, Any] | None:
    """None: it is not ready. title: the film's own where none is given."""
    renditions = [each for each in video.moving_renditions if (each.height or 0) <= TALLEST_PIXELS]
    if not renditions:
        return None
    track = LessonPage.published_track(video)
    return {
        "kind": "video",
        "title": title or video.title,
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


def picture_url(picture: AbstractImage) -> str:
    url: str = picture.get_rendition(SLIDE_PICTURE).url
    return url
