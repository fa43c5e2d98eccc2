"""Whoever signs in with a printed password chooses another before anything else."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.people.models import Slip

UNTIL = "printed_password_until"  # in the session: until when the password typed here is good
#: What is open before another password is chosen: that page, leaving, and how pages look.
OPEN = {"first_password", "account_logout", "display", "healthz"}


def note_printed_password(
    *, request: HttpRequest, user: User, method: str, **announced: Any
) -> None:
    """Receiver of what allauth announces: somebody gave the account's password, or a code."""
    slip = Slip.objects.filter(user=user).first() if method == "password" else None
    if slip is not None:
        request.session[UNTIL] = slip.expires_at.isoformat()


def forget_printed_password(*, request: HttpRequest, user: User, **announced: Any) -> None:
    """Receiver: the password was changed."""
    Slip.objects.filter(user=user).delete()
    request.session.pop(UNTIL, None)


class FirstPasswordMiddleware:
    """Costs a look into the session of those who have one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        until = request.session.get(UNTIL)
        if until is None or not request.user.is_authenticated:
            return None
        at = request.resolver_match
        if at is not None and at.view_name in OPEN:
            return None
        if datetime.fromisoformat(until) <= timezone.now():
            logout(request)
            messages.error(request, _("登录条过期了。请找给您登录条的管理员，再打印一张。"))
            return redirect("account_login")
        if "/api/" in request.path:
            return JsonResponse({"detail": _("请先换成自己的密码。")}, status=403)
        return redirect(reverse("first_password"))
