"""What allauth.mfa asks of us: its words, and how its secrets lie in the database."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User


def fernet() -> MultiFernet:
    """By SECRET_KEY, and SECRET_KEY_FALLBACKS for what was written before it changed."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [sha256(b"lms.accounts.second_factor " + force_bytes(key)).digest() for key in secrets]
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("数字不对，或者已经过期，请看着手机再写一次。"),
        "cannot_generate_recovery_codes": _("请先设置动态口令。"),
    }

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        """A copy of the database alone lets nobody in."""
        return fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fernet().decrypt(encrypted_text.encode()).decode()
