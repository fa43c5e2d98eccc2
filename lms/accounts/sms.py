"""Short messages go out by a gateway, which each city has from its own telephone company: codes to
sign in with, and what lms.notices tells learners and staff.

`SMS_GATEWAY` names a class, made without arguments; empty: there is none, nobody signs in by
telephone, and notices reach people by other ways. What is sent is a template's name and its values,
since in China the words of every message are registered with the company beforehand.
"""

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

#: The template of a code to sign in with; lms.notices has those of its own.
CODE = "code"


class SmsNotSent(Exception):
    """The gateway did not take the message, whatever the reason. The text bears no number."""


class SmsBusy(SmsNotSent):
    """Not taken now, and nothing was sent: too many at once, an outage, no money. Later it may."""


class SmsRefused(SmsNotSent):
    """Never will be, to this number."""


class SmsUnsure(SmsNotSent):
    """No answer came: nobody knows whether it was taken."""


@dataclass(frozen=True)
class ShortMessage:
    number: str  # E.164
    template: str  # our name of it
    values: Mapping[str, str]
    #: The same for the same message sent again: the gateway may know it again. At most 64 signs.
    uid: str


@dataclass(frozen=True)
class SmsReport:
    """What became of a message, told by the company afterwards."""

    uid: str
    arrived: bool
    #: The company's word for it; blank when it arrived.
    reason: str = ""


@dataclass(frozen=True)
class SmsReply:
    """What somebody answered to a message."""

    number: str  # E.164
    words: str


class SmsGateway(Protocol):
    #: For how long a message sent again under its uid is known and not sent twice; none: never.
    remembers: timedelta

    def send(self, message: ShortMessage) -> str:
        """Hand it over; the company's own number of it, or "". One that was handed over before
        under the same uid, within `remembers`, is no error and is not sent again. A page may wait
        for it, so it gives up after some ten seconds.

        Raises SmsBusy, SmsRefused or SmsUnsure.
        """

    def pushed(self, body: bytes) -> Sequence[SmsReport | SmsReply]:
        """What the company pushed to us. Raises ValueError for what cannot be read."""


class ConsoleSms:
    """Writes what is said where the program writes, for trying it without a gateway. Never beside
    the number: who reads a log knows neither who is told nor who signs in with which code."""

    remembers = timedelta(0)

    def send(self, message: ShortMessage) -> str:
        if message.template == CODE:
            said = "短信：验证码 %(code)s，%(minutes)s分钟内有效。"
            logger.warning(said, dict(message.values))
        else:
            said = "、".join(message.values.values())
            logger.warning("短信：%s（%s）", message.template, said)
        return ""

    def pushed(self, body: bytes) -> Sequence[SmsReport | SmsReply]:
        raise ValueError("nobody pushes anything here")


def sms_gateway() -> SmsGateway | None:
    """The gateway of this site; None when it has none."""
    if not settings.SMS_GATEWAY:
        return None
    return cast(SmsGateway, import_string(settings.SMS_GATEWAY)())


def send_code(*, number: str, code: str, minutes: int) -> None:
    """Send six digits to a number (E.164), which hold for so many minutes. Raises SmsNotSent, also
    when the site has no gateway."""
    gateway = sms_gateway()
    if gateway is None:
        raise SmsNotSent
    values = {"code": code, "minutes": str(minutes)}
    gateway.send(ShortMessage(number, CODE, values, uuid.uuid4().hex))
