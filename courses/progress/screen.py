"""Whose notebook a screen has open: an account's, or that of the number typed or begun here.

A signed cookie holds the notebook's key. It comes with the first lesson; the notebook itself is
made with the first thing done, under that key, so that two requests at once begin one notebook and
not two. For who is signed in the account's is open, and the screen's, if another sat here, waits.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from allauth.core.internal import ratelimit
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from courses.models.progress import Notebook
from courses.progress.marking import note_opened
from courses.progress.notebooks import keep_in_account, notebook_of_key

COOKIE = "notebook"
COOKIE_SECONDS = 400 * 24 * 3600  # as long as browsers keep one
#: New ones, and numbers that nobody has. A whole class is behind one address where a village has
#: one network; a slip of the finger is noticed by its check digit and costs no try.
LIMITS = {"notebook": "300/60m/ip", "notebook_wrong": "20/10m/ip"}
#: Attributes of a request.
FOUND, CHANGED, ASIDE = "_notebook", "_notebook_changed", "_notebook_aside"


def notebook_of(request: HttpRequest) -> Notebook | None:
    """None before anything was done here. No query for who has neither account nor cookie."""
    if not hasattr(request, FOUND):
        setattr(request, FOUND, _find(request))
    found: Notebook | None = getattr(request, FOUND)
    return found


def _find(request: HttpRequest) -> Notebook | None:
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return Notebook.objects.filter(user=user.pk).first()
    return notebook_on_screen(request)


def notebook_on_screen(request: HttpRequest) -> Notebook | None:
    """What the cookie leads to, whoever is signed in."""
    key = key_on_screen(request)
    return None if key is None else notebook_of_key(key)


def key_on_screen(request: HttpRequest) -> UUID | None:
    """None before the first lesson, and for a forged one."""
    try:
        return UUID(request.get_signed_cookie(COOKIE, default="") or "")
    except (BadSignature, ValueError):
        return None


def notebook_to_write(request: HttpRequest) -> Notebook | None:
    """A new one where there is none. None: for a browser that has opened no lesson or keeps no
    cookies (a search engine's, or another site's form), and when too many were begun."""
    found = notebook_of(request)
    if found is None and (request.user.is_authenticated or key_on_screen(request)):
        return begin_notebook(request)
    return found


def begin_notebook(request: HttpRequest) -> Notebook | None:
    """None: too many were begun from this address."""
    if not allows(request, "notebook"):
        return None
    if request.user.is_authenticated:
        made, _is_new = Notebook.objects.get_or_create(user_id=request.user.pk)
    else:
        key = key_on_screen(request) or uuid4()
        made, _is_new = Notebook.objects.get_or_create(key=key)
        setattr(request, CHANGED, key)
    setattr(request, FOUND, made)
    return made


def open_on_screen(request: HttpRequest, notebook: Notebook | None) -> None:
    """From here on this one is open here; None: the screen forgets the one it had."""
    setattr(request, FOUND, notebook)
    setattr(request, CHANGED, notebook and notebook.key)


def set_aside(request: HttpRequest) -> None:
    """Whoever signs in with this request leaves the screen's notebook to others."""
    setattr(request, ASIDE, True)


def bring_to_account(request: HttpRequest, *, user: Any) -> None:
    """Whoever signs in takes the screen's notebook into the account; it is no longer open for who
    sits here next. Another account's stays."""
    if hasattr(request, FOUND):
        delattr(request, FOUND)
    if hasattr(request, ASIDE):
        return
    notebook = notebook_on_screen(request)
    if notebook is not None and keep_in_account(notebook, user=user):
        setattr(request, CHANGED, None)


def begin_on_screen(request: HttpRequest) -> None:
    """A key for the notebook that the screen will have once something is done on it."""
    if key_on_screen(request) is None:
        setattr(request, CHANGED, uuid4())


def note_lesson(request: HttpRequest, lesson: Any) -> None:
    """Where the learner stopped, for their other screens."""
    notebook = notebook_of(request)
    if notebook is None:
        begin_on_screen(request)
    elif note_opened(notebook, lesson=lesson):
        setattr(request, CHANGED, notebook.key)  # the cookie begins its 400 days anew


def allows(request: HttpRequest, action: str, *, only_look: bool = False) -> bool:
    """Count one more of these; `only_look`: whether another one would be allowed."""
    return bool(
        ratelimit.consume(
            request, app="courses", action=action, config=LIMITS, limit_get=True, dry_run=only_look
        )
    )


class NotebookMiddleware:
    """Sends the cookie on, where the request opened another notebook or closed one. No cookie
    comes to who is signed in."""

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
