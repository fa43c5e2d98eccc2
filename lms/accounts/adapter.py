"""How django-allauth signs people in here: who may, how often, and in whose words."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lms.accounts.allauth_insides import CountsFailures
from lms.accounts.models import User
from lms.accounts.services import set_telephone
from lms.accounts.sms import send_code
from lms.limits import client_address


class AccountAdapter(CountsFailures):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不对，请再输一次。"),
        "too_many_login_attempts": format_lazy(
            _("输错的次数太多了，请过{minutes}分钟再试。"),
            minutes=settings.SIGN_IN_LOCK_MINUTES,
        ),
        "enter_current_password": _("现在的密码不对，请再输一次。"),
        "incorrect_password": _("密码不对，请再输一次。"),
        "rate_limited": _("试的次数太多了，请过一会儿再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts with a password are made by the officer of one's unit, others by
        confirming a telephone number (`signing_in`)."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Whoever is signed in and signs in as another leaves first: allauth shows its further
        steps, as the second factor's, only to who is not signed in."""
        refused: HttpResponse | None = super().pre_login(request, user, **more)
        if refused is None and request.user.is_authenticated and request.user != user:
            logout(request)
        return refused

    def send_verification_code_sms(
        self, user: AbstractBaseUser | None, phone: str, code: str, **more: Any
    ) -> None:
        """Raises SmsNotSent, also when the site has no gateway."""
        minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
        send_code(number=phone, code=code, minutes=minutes)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """A number that stands in an account was confirmed."""
        return (user.telephone, True) if user.telephone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        """One that was not confirmed is not kept."""
        if verified:
            set_telephone(user, number=phone)

    def set_phone_verified(self, user: User, phone: str) -> None:
        if user.telephone != phone:
            set_telephone(user, number=phone)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(telephone=phone).first()

    def is_safe_url(self, url: str) -> bool:
        """Of what `next` names: only addresses of this site, as pages write them. Anything else
        Django would look for among the names of views."""
        return url.startswith("/") and bool(super().is_safe_url(url))

    def failures_key(self, request: HttpRequest, username: str) -> str:
        """What wrong passwords are counted by: the name typed *and* the address, together.

        allauth's own key is the name alone, so that a stranger anywhere could keep a teacher out;
        and the host asked for, so that each of our host names would give as many tries again.
        An IPv6 address counts as its /64. The name is folded as allauth folds it when it looks for
        the account, and need not exist: a lock-out tells nothing about who has an account.
        """
        return f"{client_address(request)} {username.lower()}"
