"""A company that sends, a clock that can be put forward, and a class that is to be told."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from lms import outgoing
from lms.accounts import aliyun_sms
from lms.attendance.services.rescheduling import cancel_session
from lms.classes.choices import Door
from lms.classes.models import ClassSession
from lms.classes.services.enrolments import enrol
from lms.notices.choices import HowSaid
from lms.notices.services.people import note_wish
from lms.people.services.learners import register_learner
from tests.notices.company import ID, SECRET, SIGN_NAME, TEMPLATES, Company

#: A Thursday; a moment by the clock on the wall.
DAY = "2026-12-03"


def wall(clock: str, day: str = DAY) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day} {clock}"))


@pytest.fixture
def clock(monkeypatch):
    """`clock("21:00")` puts it there; `clock.on(minutes=2)` forward."""
    state = SimpleNamespace(now=wall("10:00"))

    class Clock:
        def __call__(self, at: str, day: str = DAY) -> None:
            state.now = wall(at, day)

        def on(self, **span) -> None:
            state.now += timedelta(**span)

    monkeypatch.setattr(timezone, "now", lambda: state.now)
    return Clock()


@pytest.fixture
def company(settings, monkeypatch):
    company = Company()
    settings.SMS_GATEWAY = "lms.accounts.aliyun_sms.AliyunSms"
    settings.SMS_ENDPOINT = company.address
    settings.SMS_KEY_ID, settings.SMS_KEY_SECRET = ID, SECRET
    settings.SMS_SIGN_NAME, settings.SMS_TEMPLATES = SIGN_NAME, TEMPLATES
    settings.SMS_PRICE_FEN = 5
    settings.SMS_PUSH_SECRET = "between us"
    monkeypatch.setattr(outgoing, "SECONDS", 0.4)
    assert aliyun_sms.AliyunSms().missing() == []
    yield company
    company.close()


@pytest.fixture
def told(cast, running, clock):
    """The class, with five learners: one who said yes, one who said no, one who was not asked, one
    with no telephone, and one with the telephone of the first."""
    people = SimpleNamespace()
    for name, called, telephone, wish in (
        ("yes", "陈阿婆", "19900000001", True),
        ("no", "黄伯", "19900000002", False),
        ("unasked", "李婶", "19900000003", None),
        ("without", "麦婆婆", "", None),
        ("husband", "陈伯", "199 0000 0001", True),
    ):
        unit = cast.class_group.unit
        learner = register_learner(name=called, unit=unit, telephone=telephone)
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
        if wish is not None:
            how = HowSaid.IN_PERSON
            note_wish(learner, given=wish, how=how, recorded_by=cast.teacher)
        setattr(people, name, learner)
    people.group = cast.class_group
    return people


@pytest.fixture
def session(cast, told):
    """Of tomorrow, at half past nine."""
    starts_at = wall("09:30", "2026-12-04")
    return ClassSession.objects.create(
        class_group=cast.class_group,
        planned_at=starts_at,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
    )


@pytest.fixture
def cancelled(session, cast):
    cancel_session(session, reason="台风", recorded_by=cast.teacher)
    return session
