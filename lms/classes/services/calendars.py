"""The keys of calendars that somebody subscribes to."""

from django.db import transaction
from django.db.models import F

from lms.accounts.models import User
from lms.classes.models import CalendarKey


@transaction.atomic
def renew_calendar_key(person: User) -> None:
    """Make all calendar addresses of that person void; the next one shown is another."""
    CalendarKey.objects.get_or_create(person=person)
    CalendarKey.objects.filter(person=person).update(turn=F("turn") + 1)
