"""What the tests of classes' pages share: reading a page, and what a form sends."""

import re
from datetime import timedelta

from django.utils import timezone

from lms.classes.models import ClassSession

VILLAGE = "440103001001"


def words(response):
    """What the page says, without its tags and blanks."""
    html = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html)


def session_of(group, **ahead):
    """A session of an hour that begins so far from now. Of its class is who was enrolled before:
    just after midnight an hour ago was yesterday, when nobody of today was in it."""
    start = timezone.now().replace(microsecond=0) + timedelta(**ahead)
    if timedelta(**ahead) > timedelta(days=-1):
        group.enrolments.filter(joined_at__gt=start).update(joined_at=start)
    return ClassSession.objects.create(
        class_group=group, planned_at=start, starts_at=start, ends_at=start + timedelta(hours=1)
    )


def class_form(**changes):
    return {
        "title": "翠洲手机班",
        "kind": "village",
        "starts_on": "2026-09-01",
        "ends_on": "2026-10-31",
        "times-TOTAL_FORMS": "7",
        "times-INITIAL_FORMS": "0",
        **changes,
    }


def marks(session):
    return dict(session.attendance_records.values_list("learner__name", "status"))


def pretend_today(monkeypatch, day):
    """Let it be that day; a moment that is asked about stays what it is."""
    real = timezone.localdate
    monkeypatch.setattr(
        timezone, "localdate", lambda *moment, **zone: real(*moment, **zone) if moment else day
    )
