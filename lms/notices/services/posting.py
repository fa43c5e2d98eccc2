"""Sending what is due: claimed row by row under a lease, tried again with growing waits, and handed
over under one name as long as nobody knows whether it was taken."""

import logging
import time
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lms.notices.choices import DeliveryState, Rings, Way, Why
from lms.notices.models import Delivery
from lms.notices.queries import cost_of_month
from lms.notices.quiet import is_quiet, next_loud
from lms.notices.sending import SENDERS, Later, Never, Unsure

logger = logging.getLogger(__name__)

#: Longer than a handing over can take.
LEASE = timedelta(seconds=90)
#: After each answer that nothing was taken; after the last it is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
#: While no answer came: soon, since the company knows a name for some minutes only.
ASK_AGAIN = timedelta(minutes=2)
LOOKED_AT = 50


def send_due(*, seconds: float = 15.0) -> int:
    """Send what is due, for about so long; returns how many deliveries were handed over or given
    up. Any number of workers may do this at once."""
    return_abandoned()
    ends, count = time.monotonic() + seconds, 0
    spent = cost_of_month(timezone.now())  # once, since a city's month has many rows
    while time.monotonic() < ends and (delivery := claim_next(spent=spent)) is not None:
        spent += post_one(delivery)
        count += 1
    return count


def return_abandoned() -> int:
    """Let what a worker began and did not finish wait again, under the name that it had."""
    returned = Delivery.objects.abandoned(timezone.now()).update(
        state=DeliveryState.WAITING, token=None
    )
    if returned:
        logger.warning("%d deliveries were returned from workers that fell silent", returned)
    return returned


def claim_next(*, spent: int) -> Delivery | None:
    """The next one that may leave now, with our token; None: there is none. What is not to leave
    any more is put aside on the way. `spent`: 分 in this month."""
    now = timezone.now()
    due = Delivery.objects.due(now)
    if is_quiet(now):
        due = due.filter(notice__rings=Rings.ALWAYS)
    while some := list(due.select_related("notice__session")[:LOOKED_AT]):
        for delivery in some:  # each one leaves what is due, whoever has it then
            if why := _not_to_be_sent(delivery, now, spent):
                _put_aside(delivery, why)
            elif _claim(delivery, now):
                return _whole(delivery)
    return None


def _not_to_be_sent(delivery: Delivery, now: datetime, spent: int) -> Why | None:
    """None: it may leave."""
    notice = delivery.notice
    if notice.ends_at <= now:
        return Why.TOO_LATE
    if notice.session is not None and notice.session.revision != notice.revision:
        return Why.CHANGED
    if _is_forgotten(delivery, now):
        return Why.UNSURE
    ceiling = settings.SMS_MOST_YUAN * 100
    if delivery.way == Way.SMS and not notice.urgent and spent >= ceiling:
        return Why.CEILING
    return None


def _is_forgotten(delivery: Delivery, now: datetime) -> bool:
    """Whether it may have been taken, and who took it would not know it again."""
    if delivery.unsure_since is None:
        return False
    return now - delivery.unsure_since > SENDERS[Way(delivery.way)].remembers()


def _put_aside(delivery: Delivery, why: Why) -> None:
    withdrawn = (Why.TOO_LATE, Why.CHANGED)
    state = DeliveryState.WITHDRAWN if why in withdrawn else DeliveryState.FAILED
    state = DeliveryState.UNSURE if why == Why.UNSURE else state
    waiting = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
    with transaction.atomic():
        if waiting.update(state=state, why=why) and why not in withdrawn:
            have_called(delivery, why)


def _claim(delivery: Delivery, now: datetime) -> bool:
    delivery.token = uuid.uuid4()
    won = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(
        state=DeliveryState.SENDING,
        token=delivery.token,
        lease_until=now + LEASE,
        tries=F("tries") + 1,
        unsure_since=delivery.unsure_since or now,
    )
    return bool(won)


def _whole(delivery: Delivery) -> Delivery:
    rows = Delivery.objects.select_related("notice", "learner__user", "person", "group")
    token = delivery.token
    found = rows.get(pk=delivery.pk)
    found.token = token
    return found


def post_one(delivery: Delivery) -> int:
    """Hand over one that was claimed, and write down what came of it; returns what it cost, 分."""
    cost = 0
    try:
        cost = SENDERS[Way(delivery.way)].send(delivery)
    except Later as reason:
        _try_later(delivery, str(reason))
    except Never as reason:
        _give_up(delivery, DeliveryState.FAILED, reason.why)
    except Unsure as reason:
        logger.warning("Delivery %d: no answer (%s)", delivery.pk, reason)
        _finish(delivery, state=DeliveryState.WAITING, due_at=timezone.now() + ASK_AGAIN)
    except Exception:  # whatever it was, it may have been taken before
        logger.exception("Delivery %d could not be handed over", delivery.pk)
        _finish(delivery, state=DeliveryState.WAITING, due_at=timezone.now() + ASK_AGAIN)
    else:
        now = timezone.now()
        _finish(
            delivery,
            state=DeliveryState.SENT,
            cost_fen=cost,
            sent_at=now,
            unsure_since=None,
        )
    return cost


def _try_later(delivery: Delivery, reason: str) -> None:
    logger.warning("Delivery %d was not taken (%s), try %d", delivery.pk, reason, delivery.tries)
    if delivery.turn >= len(WAITS):
        _give_up(delivery, DeliveryState.FAILED, Why.FAILED)
        return
    due_at = timezone.now() + WAITS[delivery.turn]
    if delivery.notice.rings != Rings.ALWAYS:
        due_at = next_loud(due_at)
    _finish(
        delivery,
        state=DeliveryState.WAITING,
        turn=delivery.turn + 1,
        due_at=due_at,
        unsure_since=None,
    )


@transaction.atomic
def _give_up(delivery: Delivery, state: DeliveryState, why: Why) -> None:
    if _finish(delivery, state=state, why=why, unsure_since=None):
        have_called(delivery, why)


def _finish(delivery: Delivery, **changes: Any) -> bool:
    """False: another worker holds it by now, and nothing is changed."""
    held = Delivery.objects.filter(pk=delivery.pk, token=delivery.token)
    return bool(held.update(token=None, **changes))


def have_called(delivery: Delivery, why: Why) -> None:
    """Put the learners of a delivery that failed on the list of those to be called: its own, and
    who would have heard of it by the same number. What is over is not told any more."""
    notice = delivery.notice
    if delivery.way != Way.SMS or notice.ends_at <= timezone.now():
        return
    keys = [delivery.learner_id, *delivery.shared_by.values_list("learner", flat=True)]
    Delivery.objects.bulk_create(
        (
            Delivery(notice=notice, way=Way.CALL, learner_id=key, why=why)
            for key in keys
            if key is not None
        ),
        ignore_conflicts=True,
    )
