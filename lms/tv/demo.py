"""A playlist to try: a few short lessons, then every lesson's film, the newest first."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import LessonPage
from lms.attendance.demo import VILLAGE
from lms.tv.choices import FilmsFrom
from lms.tv.models import Playlist, PlaylistItem
from lms.units.models import Unit

LESSONS = ("stop-unknown-call", "weather-warning", "power-safety")


@transaction.atomic
def make_lobby_playlist() -> Playlist | None:
    """None, and nothing is made, where there is a playlist already, or no starter lesson."""
    by_slug = {lesson.slug: lesson for lesson in LessonPage.objects.live().filter(slug__in=LESSONS)}
    lessons = [by_slug[slug] for slug in LESSONS if slug in by_slug]
    if Playlist.objects.exists() or not lessons:
        return None
    playlist = Playlist.objects.create(
        title=_("服务中心大堂"),
        slug="lobby",
        films_from=FilmsFrom.ALL,
        unit=Unit.objects.filter(code=VILLAGE).first(),
    )
    for order, lesson in enumerate(lessons):
        PlaylistItem.objects.create(playlist=playlist, lesson=lesson, sort_order=order)
    return playlist
