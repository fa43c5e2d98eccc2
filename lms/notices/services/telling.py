"""Telling people: a notice, and for each of them the ways by which it reaches them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lms.accounts.models import User
from lms.accounts.sms import sms_gateway
from lms.classes.models import ClassSession
from lms.notices.audiences import Audience
from lms.notices.choices import (
    CROSSES_QUIET,
    OF_CLASSES,
    DeliveryState,
    NoticeReason,
    Rings,
    Way,
    Why,
)
from lms.notices.consent import Reach, reach_of
from lms.notices.models import Delivery, Notice, WorkGroup
from lms.notices.quiet import next_loud
from lms.notices.texts import short
from lms.people.models import Learner
from lms.units.models import Unit

#: How long a notice lives that says nothing else.
LIFE = timedelta(days=14)
STAFF_MAX = LEARNER_MAX = 300  # characters


@transaction.atomic
def tell(
    *,
    reason: NoticeReason,
    audience: Audience,
    unit: Unit | None,
    staff_text: str = "",
    learner_text: str = "",
    values: Mapping[str, str] | None = None,
    address: str = "",
    urgent: bool = False,
    made_by: User | None = None,
    ends_at: datetime | None = None,
    reach_by: datetime | None = None,
    key: str = "",
    session: ClassSession | None = None,
    groups: Sequence[WorkGroup] = (),
    calls: bool = True,
) -> Notice:
    """Tell an audience something; nothing is sent here, a worker does that within half a minute.

    Staff find it on their page at once; it rings once a day (half past eight), and at once where
    it is `urgent`. Learners with an account find it there; what is of classes (to whom agreed to
    it) or an emergency (to everybody) goes to their telephones as well. With `calls` whoever
    cannot be reached so stands on the list of those to be called. Nothing rings in the quiet hours
    but an urgent NoticeReason.EMERGENCY.

    `unit`: whose matter it is and who pays; None: the site's own. Texts, of at most 300 characters,
    hold no name and no number. `values`: of the short message's template (`texts`). `address`: a
    path on this site. `ends_at` None: in two weeks; nothing of it goes out from then on.
    `reach_by`: whom it can reach only later than that is to be called (None: `ends_at`). `key`:
    names it, so that told again it is the same notice, which is returned as it stands. Raises
    ValueError without a text.
    """
    if not (staff_text or learner_text):
        raise ValueError("a notice says something")
    now = timezone.now()
    fields: dict[str, Any] = {
        "reason": reason,
        "rings": _rings(reason, urgent=urgent),
        "urgent": urgent,
        "unit": unit,
        "staff_text": staff_text[:STAFF_MAX],
        "learner_text": learner_text[:LEARNER_MAX],
        "values": dict(values or _values(reason, learner_text or staff_text)),
        "address": address,
        "session": session,
        "revision": session.revision if session is not None else None,
        "made_by": made_by,
        "made_at": now,
        "ends_at": ends_at or now + LIFE,
    }
    if key:
        notice, is_new = Notice.objects.get_or_create(key=key, defaults=fields)
        if not is_new:
            return notice
    else:
        notice = Notice.objects.create(**fields)
    if staff_text:
        people = [each for each in audience.staff() if made_by is None or each.pk != made_by.pk]
        Delivery.objects.bulk_create(_to_staff(notice, people))
    if learner_text:
        reach_by = reach_by or notice.ends_at
        _tell_learners(notice, list(audience.learners()), reach_by=reach_by, calls=calls)
    Delivery.objects.bulk_create(
        Delivery(notice=notice, way=Way.GROUP, group=group, due_at=_when(notice))
        for group in groups
    )
    return notice


def _rings(reason: NoticeReason, *, urgent: bool) -> Rings:
    if urgent and reason in CROSSES_QUIET:
        return Rings.ALWAYS
    return Rings.BY_DAY if urgent or reason in OF_CLASSES else Rings.DIGEST


def _values(reason: NoticeReason, text: str) -> dict[str, str]:
    return {"text": short(text)} if reason == NoticeReason.EMERGENCY else {}


def _when(notice: Notice) -> datetime:
    return notice.made_at if notice.rings == Rings.ALWAYS else next_loud(notice.made_at)


def _to_staff(notice: Notice, people: Iterable[User]) -> Iterable[Delivery]:
    """On their page; what is urgent by short message too, else by e-mail."""
    by_sms = sms_gateway() is not None
    for person in people:
        yield Delivery(notice=notice, way=Way.PAGE, person=person, state=DeliveryState.ARRIVED)
        if not notice.urgent:
            continue
        if by_sms and person.telephone:
            yield Delivery(notice=notice, way=Way.SMS, person=person, due_at=_when(notice))
        elif person.email and settings.EMAIL_HOST:
            yield Delivery(notice=notice, way=Way.EMAIL, person=person, due_at=_when(notice))


def _tell_learners(
    notice: Notice, learners: Sequence[Learner], *, reach_by: datetime, calls: bool
) -> None:
    """Of a household with one telephone it rings once."""
    pages = [
        Delivery(
            notice=notice,
            way=Way.PAGE,
            learner=each,
            person=each.user,
            state=DeliveryState.ARRIVED,
        )
        for each in learners
        if each.user is not None
    ]
    rings_at = _when(notice)
    by_number: dict[str, Delivery] = {}
    shared: list[tuple[Reach, Delivery]] = []
    to_call: list[Delivery] = []
    if notice.reason in (*OF_CLASSES, NoticeReason.EMERGENCY):
        for reach in reach_of(learners, notice.reason):
            why = reach.why or (Why.TOO_LATE if rings_at >= reach_by else "")
            if why:
                to_call.append(
                    Delivery(notice=notice, way=Way.CALL, learner=reach.learner, why=why)
                )
            elif reach.number in by_number:
                shared.append((reach, by_number[reach.number]))
            else:
                by_number[reach.number] = Delivery(
                    notice=notice, way=Way.SMS, learner=reach.learner, due_at=rings_at
                )
    Delivery.objects.bulk_create([*pages, *by_number.values(), *(to_call if calls else ())])
    Delivery.objects.bulk_create(
        Delivery(
            notice=notice,
            way=Way.SMS,
            learner=reach.learner,
            state=DeliveryState.SHARED,
            shared_with=first,
        )
        for reach, first in shared
    )
