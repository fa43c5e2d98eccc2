"""Under whom a phone notes what is learnt: a signed word, which says neither a name nor a cookie.

A phone holds it beside what it notes and sends both. So it comes to the record under which it was
learnt, whoever has signed in or out meanwhile.
"""

from typing import Any, Final
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from courses.progress.models import LearnerRecord
from courses.progress.records import record_of_key
from courses.progress.screen import CHANGED, begin_on_screen, key_on_screen, may_keep
from lms.limits import allows

SALT: Final = "lms.offline.owner"


class UnknownOwner(ValueError):
    """The word is none of ours."""


def owner_of(request: HttpRequest) -> str:
    """The same word for the same account or screen, each time. A screen that has no key for its
    record yet gets one."""
    if request.user.is_authenticated:
        return _sign({"user": request.user.pk})
    begin_on_screen(request)
    key = key_on_screen(request) or getattr(request, CHANGED)
    return _sign({"key": str(key)})


def _sign(whose: dict[str, Any]) -> str:
    return Signer(salt=SALT).sign_object(whose)


def record_of_owner(request: HttpRequest, word: str) -> LearnerRecord | None:
    """The record that it leads to, begun if need be. None: its learner has deleted it, or does not
    want anything kept any more. Raises UnknownOwner."""
    try:
        whose = Signer(salt=SALT).unsign_object(word)
    except BadSignature as error:
        raise UnknownOwner from error
    if "user" in whose:
        return _of_account(whose["user"])
    key = UUID(whose["key"])
    found = record_of_key(key)
    if found is None and key == key_on_screen(request) and allows(request, "record"):
        found, _is_new = LearnerRecord.objects.get_or_create(key=key)
    return found


def _of_account(user_pk: int) -> LearnerRecord | None:
    user = get_user_model().objects.filter(pk=user_pk, is_active=True).first()
    if user is None or not may_keep(user):
        return None
    record, _is_new = LearnerRecord.objects.get_or_create(user_id=user.pk)
    return record
