"""What a learner takes home: the card with the learning number, and a certificate."""

import threading
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models.five_questions import BeforeAndAfter
from courses.paper import PaperNotReady, address_of, lay_out, qr_code

#: On a certificate; a longer name would not fit its line.
LONGEST_NAME = 12
#: One takes some two seconds; a class that wants them at once waits for some of the others.
WAIT_SECONDS = 15
_in_turn = threading.BoundedSemaphore(1)


def card(code: str) -> bytes:
    """A PDF with the number in large print, to be cut out; raises PaperNotReady."""
    address = address_of(reverse("my:enter"))
    context = {
        "groups": groups_of(code),
        "address": address.partition("://")[2],
        "qr_code": qr_code(f"{address}?number={code}"),
    }
    return _paper("courses/my/card.html", context)


def certificate(
    *,
    classroom: Any,
    name: str,
    lessons: int,
    finished_at: datetime,
    five: BeforeAndAfter | None,
) -> bytes:
    """A PDF; an empty name leaves a line for the pen, five None says nothing of the questions.
    Nothing of it is kept. Raises PaperNotReady."""
    context = {
        "classroom": classroom,
        "name": name,
        "lessons": lessons,
        "five": five,
        "day": timezone.localtime(finished_at),
    }
    return _paper("courses/my/certificate.html", context)


def _paper(template: str, context: dict[str, Any]) -> bytes:
    if not _in_turn.acquire(timeout=WAIT_SECONDS):
        raise PaperNotReady(_("大家都在打印，请过一会儿再点一次。"))
    try:
        return lay_out(render_to_string(template, context))
    finally:
        _in_turn.release()


def groups_of(code: str) -> list[str]:
    """By fours, as one reads a number out."""
    return [code[start : start + 4] for start in range(0, len(code), 4)]
