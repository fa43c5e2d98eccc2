"""Whose record a screen has open: an account's, or that of the number typed or begun here.

A signed cookie holds the record's key. It comes with the first lesson; the record itself is
made with the first thing done, under that key, so that two requests at once begin one record and
not two. For somebody signed in the account's is open; the screen's stays as it is for others.
"""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from courses.progress.marking import note_opened
from courses.progress.models import LearnerRecord, LessonMark
from courses.progress.records import keep_in_account, record_of_key, record_with_mark
from lms.limits import allows

COOKIE = "learner_record"
COOKIE_SECONDS = 400 * 24 * 3600  # as long as browsers keep one
#: Attributes of a request.
FOUND, CHANGED, ASIDE = "_record", "_record_changed", "_record_aside"


def record_of(request: HttpRequest) -> LearnerRecord | None:
    """None before anything was done here. No query for who has neither account nor cookie."""
    if not hasattr(request, FOUND):
        setattr(request, FOUND, _find(request))
    found: LearnerRecord | None = getattr(request, FOUND)
    return found


def set_record(request: HttpRequest, record: LearnerRecord | None) -> None:
    """Whose it is for the rest of this request, whatever its cookie says."""
    setattr(request, FOUND, record)


def _find(request: HttpRequest) -> LearnerRecord | None:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return LearnerRecord.objects.filter(user=user.pk).first()
    return record_on_screen(request)


def record_on_screen(request: HttpRequest) -> LearnerRecord | None:
    """What the cookie leads to, whoever is signed in."""
    key = key_on_screen(request)
    return None if key is None else record_of_key(key)


def record_with_mark_on_screen(
    request: HttpRequest, *, lesson: int | None
) -> tuple[LearnerRecord | None, LessonMark | None]:
    """The same, with what was done of that lesson (record_with_mark)."""
    key = key_on_screen(request)
    return (None, None) if key is None else record_with_mark(key, lesson=lesson)


def key_on_screen(request: HttpRequest) -> UUID | None:
    """None before the first lesson, and for a forged one."""
    try:
        return UUID(request.get_signed_cookie(COOKIE, default="") or "")
    except (BadSignature, ValueError):
        return None


def record_to_write(request: HttpRequest) -> LearnerRecord | None:
    """A new one where there is none. None: for a browser that has opened no lesson or keeps no
    cookies (a search engine's, or another site's form), and when too many were begun."""
    found = record_of(request)
    if found is None and (request.user.is_authenticated or key_on_screen(request)):
        return begin_record(request)
    return found


def may_keep(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether a record may be begun for who is signed in; a screen without an account has one that
    is nobody's."""
    return not user.is_authenticated or user.keeps_learning()  # type: ignore[attr-defined]


def begin_record(request: HttpRequest) -> LearnerRecord | None:
    """None: too many were begun from this address, or whoever is signed in has not agreed that
    anything is kept."""
    if not may_keep(request.user) or not allows(request, "record"):
        return None
    if request.user.is_authenticated:
        made, _is_new = LearnerRecord.objects.get_or_create(user_id=request.user.pk)
    else:
        key = key_on_screen(request) or uuid4()
        made, _is_new = LearnerRecord.objects.get_or_create(key=key)
        setattr(request, CHANGED, key)
    setattr(request, FOUND, made)
    return made


def open_on_screen(request: HttpRequest, record: LearnerRecord | None) -> None:
    """From here on this one is open here; None: the screen forgets the one it had."""
    setattr(request, FOUND, record)
    setattr(request, CHANGED, record and record.key)


def set_aside(request: HttpRequest) -> None:
    """Whoever signs in with this request leaves the screen's record to others."""
    setattr(request, ASIDE, True)


def bring_to_account(request: HttpRequest, *, user: AbstractBaseUser) -> None:
    """Whoever signs in takes the screen's record into the account; it is no longer open for who
    sits here next. Another account's stays."""
    if hasattr(request, FOUND):
        delattr(request, FOUND)
    if hasattr(request, ASIDE):
        return
    record = record_on_screen(request)
    if record is not None and keep_in_account(record, user=user):
        setattr(request, CHANGED, None)


def begin_on_screen(request: HttpRequest) -> None:
    """A key for the record that the screen will have once something is done on it."""
    if key_on_screen(request) is None:
        setattr(request, CHANGED, uuid4())


def note_lesson(request: HttpRequest, lesson: int) -> None:
    """Where the learner stopped, for their other screens. lesson: its key."""
    record = record_of(request)
    if record is None:
        begin_on_screen(request)
    elif note_opened(record, lesson=lesson):
        setattr(request, CHANGED, record.key)  # the cookie begins its 400 days anew


class LearnerRecordMiddleware:
    """Sets or deletes the cookie where the request opened another record or closed one. Who is
    signed in gets none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not hasattr(request, CHANGED):
            return response
        key: UUID | None = getattr(request, CHANGED)
        if key is None:
            response.delete_cookie(COOKIE, samesite="Lax")
        elif not request.user.is_authenticated:
            response.set_signed_cookie(
                COOKIE,
                str(key),
                max_age=COOKIE_SECONDS,
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
        return response
