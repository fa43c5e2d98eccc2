"""What a deployer must hear of short messages."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string

from lms.accounts.sms import ConsoleSms


@checks.register
def the_gateway_is_there(**asked: Any) -> list[checks.CheckMessage]:
    if not settings.SMS_GATEWAY:
        return []
    try:
        gateway = import_string(settings.SMS_GATEWAY)
    except ImportError as reason:
        return [checks.Error(f"SMS_GATEWAY: {reason}", id="accounts.E001")]
    if not (hasattr(gateway, "send") and hasattr(gateway, "pushed")):
        words = f"SMS_GATEWAY: {settings.SMS_GATEWAY} is no gateway (see lms/accounts/sms.py)"
        return [checks.Error(words, id="accounts.E002")]
    missing = gateway().missing() if hasattr(gateway, "missing") else []
    words = f"SMS_GATEWAY: {settings.SMS_GATEWAY} needs %s"
    return [checks.Error(words % name, id="accounts.E003") for name in missing]


@checks.register(deploy=True)
def no_code_is_written_to_the_log(**asked: Any) -> list[checks.CheckMessage]:
    if f"{ConsoleSms.__module__}.{ConsoleSms.__qualname__}" != settings.SMS_GATEWAY:
        return []
    words = "SMS_GATEWAY writes the codes to the log, and whoever reads it can sign in as anybody"
    return [checks.Warning(words, id="accounts.W001")]
