"""The code on the class screen: another every half minute, so that a photograph of it is soon of
no use to who is not in the room.
"""

import base64
import hmac
from datetime import datetime
from hashlib import sha256

from django.conf import settings

from lms.classes.models import ClassSession

WINDOW_SECONDS = 30
#: The window before is good too: for who has scanned it and whose telephone is slow.
WINDOWS = 2
DIGITS = 6


def window_of(moment: datetime) -> int:
    return int(moment.timestamp()) // WINDOW_SECONDS


def seconds_left(moment: datetime) -> int:
    """Until the next code, 1 to WINDOW_SECONDS."""
    return WINDOW_SECONDS - int(moment.timestamp()) % WINDOW_SECONDS


def is_open(session: ClassSession, moment: datetime) -> bool:
    """Whether learners may say at that moment that they have come: until the session ends. A
    lecture calls no names."""
    return (
        session.is_planned
        and not session.class_group.is_lecture
        and session.roll_opens_at <= moment < session.ends_at
    )


def token_of(session: ClassSession, window: int) -> str:
    """What the picture holds, in an address: the session, and 80 bits that nobody guesses."""
    mac = base64.b32encode(_digest(session.pk, window)[:10]).decode().lower()
    return f"{session.pk}-{mac}"


def digits_of(session: ClassSession, window: int) -> str:
    """Six digits for who has no camera; they only count together with a learner's number."""
    return f"{int.from_bytes(_digest(session.pk, window)[10:18]) % 10**DIGITS:0{DIGITS}}"


def session_of_token(token: str, moment: datetime) -> ClassSession | None:
    """None when it is not one of ours, or is over."""
    number, _dash, _mac = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    session = ClassSession.objects.filter(pk=int(number)).select_related("class_group").first()
    if session is None:
        return None
    now = window_of(moment)
    good = [token_of(session, window) for window in range(now, now - WINDOWS, -1)]
    return session if any(hmac.compare_digest(token, each) for each in good) else None


def are_digits_of(session: ClassSession, digits: str, moment: datetime) -> bool:
    now = window_of(moment)
    good = [digits_of(session, window) for window in range(now, now - WINDOWS, -1)]
    return any(hmac.compare_digest(digits.encode(), each.encode()) for each in good)


def _digest(session: int, window: int) -> bytes:
    key = f"lms.attendance.class_codes:{settings.SECRET_KEY}".encode()
    return hmac.digest(key, f"{session}:{window}".encode(), sha256)
