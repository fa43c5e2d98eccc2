"""A playlist to try: the sample film, then a few short lessons."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import LessonPage
from courses.starter.loading import SAMPLE_LESSON
from lms.tv.models import Playlist, PlaylistItem

LESSONS = ("stop-unknown-call", "weather-warning", "power-safety")


@transaction.atomic
def make_lobby_playlist() -> Playlist | None:
    """None, and nothing is made, where there is a playlist already, or no starter lesson."""
    by_slug = {
        lesson.slug: lesson
        for lesson in LessonPage.objects.live().filter(slug__in=(SAMPLE_LESSON, *LESSONS))
    }
    lessons = [by_slug[slug] for slug in LESSONS if slug in by_slug]
    if Playlist.objects.exists() or not lessons:
        return None
    playlist = Playlist.objects.create(title=_("服务中心大堂"), slug="lobby")
    sample = by_slug.get(SAMPLE_LESSON)
    if sample and sample.video:
        PlaylistItem.objects.create(playlist=playlist, video=sample.video, sort_order=0)
    for order, lesson in enumerate(lessons, start=1):
        PlaylistItem.objects.create(playlist=playlist, lesson=lesson, sort_order=order)
    return playlist
