"""Where somebody stopped: the lesson opened last on this screen, told by a signed cookie."""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

COOKIE = "last_lesson"
COOKIE_SECONDS = 400 * 24 * 3600  # as long as browsers keep one


def keep_last_lesson(request: HttpRequest, response: HttpResponse, key: int) -> None:
    """Note the key of the lesson that is being shown, unless it is noted already."""
    if last_lesson_key(request) != key:
        response.set_signed_cookie(
            COOKIE,
            str(key),
            max_age=COOKIE_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )


def has_village(request: HttpRequest) -> bool:
    """Whether home shows the visitor the classes of a village."""
    return bool(request.COOKIES.keys() & settings.COOKIES_OF_HOME)


def last_lesson_key(request: HttpRequest) -> int | None:
    """None before the first lesson."""
    try:
        return int(request.get_signed_cookie(COOKIE, default="") or 0) or None
    except BadSignature:
        return None
