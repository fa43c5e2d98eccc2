"""Verbs that have films of manuals made, shared between versions, and removed."""

from typing import Any

from django.conf import settings
from django.db import transaction

from lms.manuals.films.storyboard import script_of, storyboard_of
from lms.manuals.models import Manual, ManualVersion
from media.films.services import digest_of, request_film
from media.models import Film, Narration
from media.narration import services as narrations
from media.pipeline.services import try_again


@transaction.atomic
def ask_for_film(version: ManualVersion) -> Film | None:
    """Have a version made into a film, unless that has been done.

    Versions of one manual that tell and show the same have one film; a film that another version
    shows stays as it is, and the version gets its own. None where there is none: there is nothing
    to show, the maker has brought a video, or the site makes none.
    """
    if not settings.MANUAL_FILMS:
        return None
    manual = Manual.objects.locked(version.manual)
    version = manual.versions.with_content().get(pk=version.pk)
    storyboard = storyboard_of(version)
    if storyboard is None or version.video_id:
        _show(version, None)
        return None
    text = script_of(storyboard)
    same = Film.objects.filter(
        manual_versions__manual=manual,
        storyboard_digest=digest_of(storyboard),
        narration__text_digest=narrations.digest_of(text),
    ).first()
    if same is not None:
        _show(version, same)
        return same
    own = version.film
    if own is not None and own.manual_versions.exclude(pk=version.pk).exists():
        own = None
    narration = own.narration if own else Narration()
    film = request_film(narrations.read_aloud(narration, text=text), storyboard)
    _show(version, film)
    return film


def keep_only_film_of(version: ManualVersion) -> None:
    """Remove what only the manual's other versions show: nobody watches it any more."""
    for other in version.manual.versions.exclude(pk=version.pk).filter(film__isnull=False):
        _show(other, None)


def _show(version: ManualVersion, film: Film | None) -> None:
    before = version.film_id
    if before == (film and film.pk):
        return
    version.film = film
    version.save(update_fields=["film"])
    _forget_unused(before)


def forget_film_of(*, instance: ManualVersion, **signal: Any) -> None:
    """Receiver of post_delete."""
    _forget_unused(instance.film_id)


def _forget_unused(film_id: int | None) -> None:
    """With its narration, on which it hangs, and its files."""
    if film_id is not None and not ManualVersion.objects.filter(film=film_id).exists():
        for narration in Narration.objects.filter(film=film_id):
            narration.delete()


@transaction.atomic
def make_again(film: Film) -> None:
    """Try once more what has failed: the reading, the pictures, the subtitles."""
    if not film.narration.reads_the_text:
        narrations.queue_narration(film.narration)
    try_again(film.video)
