"""Once a day staff hear of what they have not read."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import User
from lms.accounts.sms import sms_gateway
from lms.notices.audiences import hears_of_work
from lms.notices.choices import DigestBy, NoticeReason, Rings, Way
from lms.notices.models import Delivery, DigestChoice, Notice
from lms.notices.quiet import next_loud
from lms.notices.texts import words_of
from lms.people.models import units_by_role

#: Of a list in an e-mail.
TOLD_MAX = 10


def send_digests() -> int:
    """One message for each of the staff who has something unread, by the way that they chose; again
    on the same day is none. Returns how many were made."""
    unread = Delivery.objects.unread().filter(learner=None, person__is_active=True)
    rows = unread.values_list("person").annotate(count=Count("pk"), unit=Min("notice__unit"))
    counts = {person: (count, unit) for person, count, unit in rows.order_by()}
    choices = dict(DigestChoice.objects.filter(person__in=counts).values_list("person", "by"))
    made = 0
    for person in User.objects.filter(pk__in=counts).order_by("pk"):
        way = _way(person, choices.get(person.pk, DigestBy.EMAIL))
        if way is not None and hears_of_work(person):
            count, unit = counts[person.pk]
            made += _make(person, way, count=count, unit=unit)
    return made


def _way(person: User, by: str) -> Way | None:
    """None: that way is not there, or not wanted."""
    if by == DigestBy.EMAIL and person.email and settings.EMAIL_HOST:
        return Way.EMAIL
    if by == DigestBy.SMS and person.telephone and sms_gateway() is not None:
        return Way.SMS
    return None


def _make(person: User, way: Way, *, count: int, unit: int | None) -> bool:
    """At the costs of where the person works, else of whoever told something."""
    now, today = timezone.now(), timezone.localdate()
    held = [each for units in units_by_role(person).values() for each in units]
    values = {"count": str(count)}
    text = words_of(NoticeReason.DIGEST, values)
    if way == Way.EMAIL:
        text = _listed(person, text)
    notice, is_new = Notice.objects.get_or_create(
        key=f"digest:{person.pk}:{today}",
        defaults={
            "reason": NoticeReason.DIGEST,
            "rings": Rings.BY_DAY,
            "unit_id": held[0].pk if held else unit,
            "staff_text": text,
            "values": values,
            "address": reverse("my_notices:mine"),
            "made_at": now,
            "ends_at": now + timedelta(hours=12),
        },
    )
    if is_new:
        Delivery.objects.create(notice=notice, way=way, person=person, due_at=next_loud(now))
    return is_new


def _listed(person: User, text: str) -> str:
    unread = Delivery.objects.on_page_of(person).unread()[:TOLD_MAX]
    lines = [f"· {each.notice.staff_text}" for each in unread]
    return "\n".join([text, *lines])[:300]
