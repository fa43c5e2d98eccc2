"""A box speaks with its city by the network: batch after batch, then what there is for it. A cut
costs the batch that was under way, which goes again."""

import json
import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from lms.boxes.letters import MOST_BYTES
from lms.boxes.models import Home
from lms.boxes.refusals import BoxRefused
from lms.boxes.services.applying import take_answer, take_snapshot
from lms.boxes.services.journal import ask_letter, letter_of, waiting_batches, write_batches
from lms.boxes.services.registering import note_trouble, take_welcome, this_box
from lms.outgoing import Answer, NoAnswer, NotReached, post

logger = logging.getLogger(__name__)

HELLO, LETTERS, SNAPSHOT = "/boxes/line/hello/", "/boxes/line/letters/", "/boxes/line/snapshot/"
#: Of an answer: the letter was taken; it was not, as it is; the box is not known, or revoked.
OK, NOTHING, REFUSED, GONE = 200, 204, 409, 410


class LineCut(Exception):
    """The city cannot be reached now, or does not speak as it should; the text says which."""


@dataclass(frozen=True)
class HandedOver:
    """What came of it."""

    lines: int = 0  # newly written into the journal
    batches: int = 0  # handed over
    has_news: bool = False  # of the city's


def speak_with_city(*, pack_edition: int | None = None) -> HandedOver:
    """Write the journal, and hand over what the city has not got. Raises LineCut and BoxRefused,
    which are noted for the page of the box."""
    home = this_box()
    lines = write_batches() if home.is_registered else 0
    if not home.city_address or not (home.is_registered or home.hello):
        return HandedOver(lines)
    try:
        if home.hello:
            home = _register(home)
            lines += write_batches()
        batches = _hand_over(home)
        _send(home, LETTERS, ask_letter(home, pack_edition=pack_edition))
        has_news = _ask_for_news(home, pack_edition)
    except (LineCut, BoxRefused) as why:
        note_trouble(home, str(why))
        raise
    note_trouble(home, "")
    return HandedOver(lines, batches, has_news)


def _register(home: Home) -> Home:
    body = json.dumps(home.hello).encode()
    answer = _post(home, HELLO, body)
    try:
        said: Any = json.loads(answer.body)
    except ValueError:
        raise LineCut(_("市里的地址上没有银龄学堂。请看看地址写对没有。")) from None
    if answer.status != OK:
        raise BoxRefused(_words(answer))
    return take_welcome(said)


def _hand_over(home: Home) -> int:
    """One after the other. What the city does not take as it is keeps the others from nothing."""
    refused, count = "", 0
    for number in list(waiting_batches().values_list("number", flat=True)):
        batch = waiting_batches().filter(number=number).first()
        if batch is None:
            continue  # acknowledged with another
        try:
            _send(home, LETTERS, letter_of(batch, home))
        except BoxRefused as why:
            if this_box().is_refused:
                raise
            refused = str(why)
        else:
            count += 1
    if refused:
        raise BoxRefused(refused)
    return count


def _send(home: Home, address: str, letter: bytes) -> None:
    """And note what the city says that it has."""
    answer = _post(home, address, letter)
    if answer.status == GONE:
        Home.objects.filter(pk=home.pk).update(is_refused=True)
    if answer.status != OK:
        raise BoxRefused(_words(answer))
    take_answer(answer.body)


def _ask_for_news(home: Home, pack_edition: int | None) -> bool:
    answer = _post(home, SNAPSHOT, ask_letter(home, pack_edition=pack_edition))
    if answer.status == NOTHING:
        return False
    if answer.status != OK:
        raise BoxRefused(_words(answer))
    return take_snapshot(answer.body)


def _post(home: Home, address: str, body: bytes) -> Answer:
    try:
        answer = post(
            home.city_address + address,
            body,
            content_type="application/json",
            most_bytes=MOST_BYTES,
        )
    except NotReached:
        raise LineCut(_("连不上市里。网络通了会自己再试。")) from None
    except NoAnswer:
        raise LineCut(_("话说到一半断了。会自己再试，不会重复。")) from None
    if answer.status not in (OK, NOTHING, REFUSED, GONE):
        raise LineCut(_("市里现在答不上来（%(status)d）。会自己再试。") % {"status": answer.status})
    return answer


def _words(answer: Answer) -> str:
    try:
        return str(json.loads(answer.body)["words"])
    except (ValueError, KeyError, TypeError):
        return str(_("市里没有收，也没有说为什么。"))


def is_box() -> bool:
    return bool(settings.BOX)
