"""Verbs that open notebooks, give them a number, join and forget them."""

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from courses.models.progress import DrillRound, Notebook, new_code
from courses.progress.marking import finish_classrooms, held, merge_marks


def notebook_of_code(code: str) -> Notebook | None:
    """None when nobody has that number."""
    return _standing(Notebook.objects.filter(code=code))


def notebook_of_key(key: Any) -> Notebook | None:
    """None when it was forgotten."""
    return _standing(Notebook.objects.filter(key=key))


def _standing(notebooks: Any) -> Notebook | None:
    notebook: Notebook | None = notebooks.select_related("joined_into").first()
    return notebook and (notebook.joined_into or notebook)


@transaction.atomic
def give_code(notebook: Notebook) -> str:
    """Its learning number; made now if nobody has asked for one before."""
    own = held(notebook)
    code: str = own.code or _unused_code()
    if own.code is None:
        own.code = code
        own.save(update_fields=["code"])
    return code


def _unused_code() -> str:
    while True:
        code = new_code()
        if not Notebook.objects.filter(code=code).exists():
            return code


@transaction.atomic
def keep_in_account(notebook: Notebook, *, user: Any) -> bool:
    """Make it the account's, or put it together with the one that the account has. False, and
    nothing is changed, where it is another account's."""
    get_user_model().objects.select_for_update().get(pk=user.pk)  # two screens sign in at once
    notebook = held(notebook)
    if notebook.user_id is not None:
        return bool(notebook.user_id == user.pk)
    own = Notebook.objects.filter(user=user).first()
    if own is None:
        notebook.user = user
        notebook.save(update_fields=["user"])
    else:
        join(own, notebook)
    return True


@transaction.atomic
def join(notebook: Notebook, other: Notebook) -> None:
    """Put into the notebook whatever is in the other, which from now on leads to it. Whichever was
    further wins; nothing is lost and nothing counts twice. The other must be no account's."""
    both = Notebook.objects.select_for_update().filter(pk__in=[notebook.pk, other.pk])
    locked = {each.pk: each for each in both.order_by("pk")}
    into, away = locked[notebook.pk], locked[other.pk]
    if into == away or away.joined_into_id is not None:
        return
    merge_marks(into, away)
    rounds = DrillRound.objects.filter(notebook=away)
    for each in rounds:
        known = Q(notebook=into, drill=each.drill_id, seed=each.seed)
        if not DrillRound.objects.filter(known).exists():
            DrillRound.objects.filter(pk=each.pk).update(notebook=into)
    rounds.delete()
    for finished in away.classrooms.all():
        into.classrooms.get_or_create(
            classroom_id=finished.classroom_id, defaults={"finished_at": finished.finished_at}
        )
    away.classrooms.all().delete()
    finish_classrooms(into)
    _join_the_rest(into, away)


def _join_the_rest(into: Notebook, away: Notebook) -> None:
    """The lesson opened last, the number, and what leads here."""
    if _moment(away) > _moment(into):
        into.last_lesson_id, into.last_lesson_at = away.last_lesson_id, away.last_lesson_at
    into.used_on = max(into.used_on, away.used_on)
    code = away.code
    if into.code is None and code is not None:
        Notebook.objects.filter(pk=away.pk).update(code=None)
        away.code, into.code = None, code
    into.save()
    away.joined.update(joined_into=into)
    away.joined_into, away.last_lesson, away.last_lesson_at = into, None, None
    away.save()


def _moment(notebook: Notebook) -> float:
    return notebook.last_lesson_at.timestamp() if notebook.last_lesson_at else 0.0


@transaction.atomic
def forget(notebook: Notebook) -> None:
    """All of it, its number, and whatever led to it."""
    held(notebook).delete()


def forget_unused(*, with_code_before: date, without_before: date) -> int:
    """Those of no account that nobody has used since; without a number they are lost anyway once
    the screen has dropped its cookie. Returns how many."""
    nobodys = Notebook.objects.filter(user__isnull=True, joined_into__isnull=True)
    told = Q(code__isnull=False) | Q(joined__code__isnull=False)
    old = nobodys.filter(
        (told & Q(used_on__lt=with_code_before)) | (~told & Q(used_on__lt=without_before))
    )
    _all, by_kind = Notebook.objects.filter(pk__in=old.values("pk")).delete()
    return by_kind.get("courses.Notebook", 0)
