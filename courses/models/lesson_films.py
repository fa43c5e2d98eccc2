"""The film of a lesson: the one that somebody chose, else the one that is made of its words."""

from collections.abc import Iterable
from typing import Any

from media.models import Video


def films_of(lessons: Iterable[Any]) -> dict[int, Video]:
    """By the lesson's key, the films that can be watched now. Two queries, and one for their
    renditions."""
    lessons = list(lessons)
    watchable = Video.objects.watchable().prefetch_related("renditions")
    chosen = watchable.in_bulk([each.video_id for each in lessons if each.video_id])
    films = {each.pk: chosen[each.video_id] for each in lessons if each.video_id in chosen}
    told = [each.pk for each in lessons if each.makes_film and not each.video_id]
    made = watchable.filter(film__narration__page__in=told).select_related("film__narration")
    films.update({film.film.narration.page_id: film for film in made})
    return films
