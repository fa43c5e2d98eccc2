"""What a learner takes home: the card with the learning number, and a certificate."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from courses.paper import address_of, lay_out, square

#: On a certificate; a longer name would not fit its line.
LONGEST_NAME = 12


def card(code: str) -> bytes:
    """A PDF with the number in large print, to be cut out; raises PaperNotReady."""
    address = address_of(reverse("my:enter"))
    context = {
        "groups": groups_of(code),
        "address": address.partition("://")[2],
        "square": square(f"{address}?number={code}"),
    }
    return lay_out(render_to_string("courses/my/card.html", context))


def certificate(*, classroom: Any, name: str, lessons: int, finished_at: datetime) -> bytes:
    """A PDF; an empty name leaves a line for the pen. Nothing of it is kept. Raises
    PaperNotReady."""
    context = {
        "classroom": classroom,
        "name": name,
        "lessons": lessons,
        "day": timezone.localtime(finished_at),
    }
    return lay_out(render_to_string("courses/my/certificate.html", context))


def groups_of(code: str) -> list[str]:
    """By fours, as one reads a number out."""
    return [code[start : start + 4] for start in range(0, len(code), 4)]
