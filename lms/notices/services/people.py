"""What people say back: read, called, wanted or not; and what goes when they are forgotten."""

import re
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.choices import Purpose
from lms.accounts.models import User
from lms.accounts.services import note_agreement
from lms.accounts.sms import SmsReply, SmsReport
from lms.notices.choices import SENT_OUT, DeliveryState, DigestBy, HowSaid, Way, Why
from lms.notices.consent import answers_of
from lms.notices.models import Delivery, DigestChoice, Wish
from lms.notices.sending import price_of
from lms.notices.services.posting import have_called
from lms.people.models import Learner

#: What people write who want no more messages: as the messages say, and as they write it.
NO_MORE = {"TD", "T", "N", "退订", "退", "拒收", "不收", "不要", "不要发了", "取消"}
#: A report may overtake the answer to the handing over, or come in its stead.
IN_BETWEEN = (DeliveryState.WAITING, DeliveryState.SENDING)
#: Which words an answer by short message was given to.
BY_REPLY = "reply"


class CallRefused(Exception):
    """A call that cannot be ticked; the text says why."""


def mark_read(user: User, *, pk: int | None = None) -> int:
    """One of the user's own, or all (None); returns how many were unread."""
    mine = Delivery.objects.unread().filter(person=user)
    if pk is not None:
        mine = mine.filter(pk=pk)
    return mine.update(read_at=timezone.now())


def choose_digest(user: User, by: DigestBy) -> None:
    DigestChoice.objects.update_or_create(person=user, defaults={"by": by})


def note_call(call: Delivery, *, by: User) -> None:
    """Somebody was told by telephone, or at the door. Raises CallRefused when a colleague was
    first, or when it is not wanted any more."""
    waiting = Delivery.objects.to_call().filter(pk=call.pk)
    if not waiting.update(state=DeliveryState.ARRIVED, settled_by=by, settled_at=timezone.now()):
        raise CallRefused(_("这一位已经有人打过了，或者不用打了。"))


def undo_call(call: Delivery) -> None:
    """It was the wrong line."""
    Delivery.objects.filter(pk=call.pk, way=Way.CALL, state=DeliveryState.ARRIVED).update(
        state=DeliveryState.WAITING, settled_by=None, settled_at=None
    )


@transaction.atomic
def note_wish(learner: Learner, *, given: bool, how: HowSaid, recorded_by: User | None) -> None:
    """Write down whether a learner wants short messages about classes; the same again is one."""
    if answers_of([learner]).get(learner.pk) is not given:
        Wish.objects.create(
            learner=learner,
            given=given,
            how=how,
            recorded_by=recorded_by,
            said_at=timezone.now(),
        )


@transaction.atomic
def take_reply(reply: SmsReply) -> bool:
    """Whoever answers that they want no more gets no more: all learners, and the account, of that
    number. Whether it was such an answer."""
    words = re.sub(r"[\s。.!！,，]", "", reply.words).upper()
    if words not in NO_MORE:
        return False
    national = reply.number.removeprefix("+86")
    learners = Learner.objects.standing().filter(
        Q(telephone__in=(national, reply.number)) | Q(user__telephone=reply.number)
    )
    for learner in learners.select_related("user"):
        note_wish(learner, given=False, how=HowSaid.REPLY, recorded_by=None)
    for user in User.objects.filter(telephone=reply.number):
        note_agreement(user, Purpose.NEWS, given=False, version=BY_REPLY)
    return True


@transaction.atomic
def take_report(report: SmsReport) -> None:
    """What became of a message that was handed over, whether or not we had heard that it was
    taken. What we do not know is nobody's here; the same again changes nothing."""
    name = report.uid.partition("-")[0]
    found = Delivery.objects.filter(way=Way.SMS).filter(
        Q(state__in=(DeliveryState.SENT, DeliveryState.UNSURE))
        | Q(unsure_since__isnull=False, state__in=IN_BETWEEN)
    )
    delivery = found.filter(uid=name).select_related("notice").first() if _is_uid(name) else None
    if delivery is None or delivery.handed_over_as != report.uid:
        return
    state = DeliveryState.ARRIVED if report.arrived else DeliveryState.FAILED
    changed = found.filter(pk=delivery.pk).update(
        state=state,
        why="" if report.arrived else Why.BAD_NUMBER,
        token=None,
        unsure_since=None,
        cost_fen=delivery.cost_fen or price_of(delivery.notice),
        sent_at=delivery.sent_at or timezone.now(),
    )
    if changed and not report.arrived:
        have_called(delivery, Why.BAD_NUMBER)
    elif changed:
        calls = Delivery.objects.to_call().filter(notice=delivery.notice_id)
        calls.filter(learner=delivery.learner_id, learner__isnull=False).update(
            state=DeliveryState.WITHDRAWN
        )


def _is_uid(name: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{32}", name) is not None


def forget_learner(learner: Learner) -> None:
    """An erased learner: what waits is not sent, what cost something stays and is nobody's."""
    rows = (learner.pk, *learner.merged_here.values_list("pk", flat=True))
    theirs = Delivery.objects.filter(learner__in=rows)
    theirs.filter(way__in=(Way.PAGE, Way.CALL)).delete()
    theirs.filter(way__in=SENT_OUT, state=DeliveryState.WAITING).delete()
    theirs.update(learner=None, person=None)
    Wish.objects.filter(learner__in=rows).delete()


def forget_before(moment: datetime) -> int:
    """For the nightly job: of notices made before then, to whom they went; when one left and what
    it cost stays. Returns how many rows."""
    old = Delivery.objects.filter(notice__made_at__lt=moment).exclude(state=DeliveryState.SENDING)
    gone, _kinds = old.filter(way__in=(Way.PAGE, Way.CALL)).delete()
    named = old.exclude(person=None, learner=None)
    return gone + named.update(person=None, learner=None, settled_by=None)
