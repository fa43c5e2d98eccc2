"""Short messages go out by a gateway, which each city has from its own telephone company.

`SMS_GATEWAY` names a class, made without arguments; empty: there is none, and nobody signs in by
telephone.
"""

import logging
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class SmsNotSent(Exception):
    """The gateway did not take the message, whatever the reason; its own log says more."""


class SmsGateway(Protocol):
    def send_code(self, *, number: str, code: str, minutes: int) -> None:
        """Send six digits to a number (E.164), which hold for so many minutes. The text is the
        gateway's own, since it must be registered there. A page waits for it, so it gives up after
        some ten seconds.

        Raises SmsNotSent.
        """


class ConsoleSms:
    """Writes the digits where the program writes, for trying it without a gateway. Never beside the
    number: who reads a log knows neither who signs in nor with which code."""

    def send_code(self, *, number: str, code: str, minutes: int) -> None:
        logger.warning("短信：验证码 %s，%d分钟内有效。", code, minutes)


def sms_gateway() -> SmsGateway | None:
    """The gateway of this site; None when it has none."""
    if not settings.SMS_GATEWAY:
        return None
    return cast(SmsGateway, import_string(settings.SMS_GATEWAY)())
