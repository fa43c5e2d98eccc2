"""What we use of django-allauth that it calls internal, in one place, each with its reason.

`tests/lms/test_allauth_insides.py` fails when a new version moves one; nothing else of ours may
import from there (the counter of tries is in `lms.limits`).
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.phone_verification import ChangePhoneVerificationProcess
from django.http import HttpRequest

__all__ = ["ChangeTelephone", "CodeSignIn", "CountsFailures"]

# Its views do the same for an account that is known before the code is; ours may be made after it.
CodeSignIn = LoginCodeVerificationProcess
# Its view has one box and an e-mail's words; ours has keys to press.
ChangeTelephone = ChangePhoneVerificationProcess


class CountsFailures(DefaultAccountAdapter):
    """Wrong passwords are counted by a key of ours; there is no public way to say which."""

    def failures_key(self, request: HttpRequest, username: str) -> str:
        raise NotImplementedError

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return self.failures_key(request, credentials.get("username", ""))
