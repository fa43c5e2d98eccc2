"""Signing in by a code sent to a telephone: allauth's way, for numbers that nobody has as well."""

import re
import unicodedata
from typing import Self

from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStage, LoginStageController
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from lms.accounts.adapter import AccountAdapter
from lms.accounts.allauth_insides import CodeSignIn
from lms.accounts.services import account_of_telephone
from lms.limits import allows


class SignInByCode(CodeSignIn):
    """A code is sent to whatever number is given. Only when it came back is the number looked up,
    and its account made if there is none, so that nothing before tells who has an account."""

    @classmethod
    def begin(cls, request: HttpRequest, *, number: str) -> Self:
        """Send a code, which the session keeps. Raises SmsNotSent."""
        login = Login(phone=number)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=None, phone=number), initiated_by_user=True)
        process = cls(stage)
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, stage: LoginStage) -> Self | None:
        """The one that waits for its code; None when it is too old."""
        process: Self | None = cls(stage).abort_if_invalid()
        return process

    @classmethod
    def stage_of(cls, request: HttpRequest) -> LoginStage | None:
        """Where the session stands in signing in; None when no code was asked for."""
        return LoginStageController.enter(request, LoginByCodeStage.key)

    @property
    def number(self) -> str:
        return str(self.state["phone"])

    def send_by_phone(self, phone: str, skip_enumeration_mails: bool = False) -> None:
        adapter = AccountAdapter(self.request)
        self.state["code"] = adapter.generate_phone_verification_code(user=None, phone=phone)
        adapter.send_verification_code_sms(None, phone, self.code)

    def send_again(self) -> None:
        """Another code; the one before is void. Raises SmsNotSent."""
        self.send()
        self.record_resend()
        self.persist()

    def is_code(self, typed: str) -> bool:
        return is_same_code(typed, self.code)

    def finish(self, redirect_url: str | None) -> HttpResponse:
        self._user = account_of_telephone(self.number)
        response: HttpResponse = super().finish(redirect_url)
        return response


def is_same_code(typed: str, code: str) -> bool:
    """Whether the digits typed, wide ones too and however grouped, are those that were sent; a
    code that is empty was not."""
    digits = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", typed))
    return bool(code) and constant_time_compare(digits, code)


def may_try(request: HttpRequest, *, number: str) -> bool:
    """Count a code that was typed for that number; False: there were too many. The session counts
    them too, but of requests that come at once each would count as the first."""
    return allows(request, "type_code", key=number)


def may_send(request: HttpRequest, *, number: str) -> bool:
    """Count a message to that number, from that address; False: there were too many."""
    return allows(request, "send_code", key=number)
