"""How django-allauth signs people in here: who may, how often, and in whose words."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不对，请再输一次。"),
        "too_many_login_attempts": format_lazy(
            _("输错的次数太多了，请过{minutes}分钟再试。"),
            minutes=settings.SIGN_IN_LOCK_MINUTES,
        ),
        "enter_current_password": _("现在的密码不对，请再输一次。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made by the officer of one's unit."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What wrong passwords are counted by: the name typed *and* the address, together.

        allauth's own key is the name alone, so that a stranger anywhere could keep a teacher out;
        and the host asked for, so that each of our host names would give as many tries again.
        An IPv6 address counts as its /64. The name is folded as allauth folds it when it looks for
        the account, and need not exist: a lock-out tells nothing about who has an account.
        """
        name = credentials.get("username", "").lower()
        return f"{get_ip(request)} {name}"
