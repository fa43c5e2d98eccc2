"""A month that is over, lectures in it, and returns of the cast's units."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from lms.classes.choices import ClassKind, SessionState
from lms.classes.models import ClassGroup, ClassSession
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from lms.returns.choices import SignedBy
from lms.returns.models import Return
from lms.returns.services.beginning import begin_month
from lms.returns.services.deciding import approve_returns
from lms.returns.services.signing import submit_return
from lms.returns.snapshots import Words
from lms.statistics.choices import PeriodKind
from lms.statistics.periods import Period
from lms.statistics.services.rollup import settle_sessions

CITY, DISTRICT, OTHER_DISTRICT = "4401", "440103", "440104"
STREET, OTHER_STREET = "440103001", "440103002"
VILLAGE, SECOND, THIRD = "440103001001", "440103001002", "440103002001"
BOTTOM = (VILLAGE, SECOND, THIRD, OTHER_DISTRICT)
UP = (STREET, OTHER_STREET, DISTRICT, CITY)
A_WHILE = timedelta(minutes=5)
PASSWORD = "一路到沙面三号"


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def address(code, month, act=""):
    return f"/returns/{code}/{month.slug}/{act}"


@pytest.fixture
def month():
    return Period.of(PeriodKind.MONTH, timezone.localdate()).previous


@pytest.fixture
def office(cast, units, django_user_model):
    """Officers of a village, of the street, the district and the city, and a second one there."""

    def officer(name, code):
        user = django_user_model.objects.create_user(name, password=PASSWORD, last_name=name)
        RoleAssignment.objects.create(
            person=user, role=Role.OFFICER, unit=units[code], from_date="2020-01-01"
        )
        return user

    RoleAssignment.objects.filter(from_date__year=2026).update(from_date="2020-01-01")
    return SimpleNamespace(
        village=officer("村管理员", VILLAGE),
        street=cast.street_officer,
        district=officer("区管理员", DISTRICT),
        city=cast.city_officer,
        second=officer("市里第二位", CITY),
    )


@pytest.fixture
def lecture(cast, units, month):
    """Holds a lecture at the unit on that day of the month."""

    def lecture(code, heads, *, day=10, unit=None):
        unit = unit or units[code]
        group = ClassGroup.objects.create(
            unit=unit,
            title="讲座",
            kind=ClassKind.LECTURE,
            starts_on=month.starts_on,
            ends_on=month.ends_on,
        )
        start = timezone.make_aware(datetime.combine(month.starts_on.replace(day=day), time(9)))
        session = ClassSession.objects.create(
            class_group=group,
            planned_at=start,
            starts_at=start,
            ends_at=start + timedelta(hours=1),
            state=SessionState.CLOSED,
            closed_at=start + timedelta(hours=1),
            closed_by=cast.teacher,
            headcount=heads,
        )
        settle_sessions([session.pk])
        return session

    return lecture


@pytest.fixture
def held(lecture):
    """Something was held at every unit at the bottom."""
    return {code: lecture(code, 20 + place) for place, code in enumerate(BOTTOM)}


@pytest.fixture
def begun_returns(office, held, month):
    begin_month(month)


@pytest.fixture
def at(begun_returns, month):
    """The return of the unit as it stands now."""

    def at(code):
        rows = Return.objects.select_related("unit", "above__unit", "snapshot")
        return rows.get(unit__code=code, month=month.starts_on)

    return at


@pytest.fixture
def sign(at, office):
    def sign(code, by=None, *, explanation="", remarks="", turn=None):
        one = at(code)
        return submit_return(
            one,
            turn=one.turn if turn is None else turn,
            by=by or office.city,
            signed_with=SignedBy.CODE,
            words=Words(explanation, remarks, "签名"),
        )

    return sign


@pytest.fixture
def approve(at, office):
    def approve(*codes, by=None, opened=A_WHILE):
        rows = [at(code) for code in codes]
        return approve_returns(
            rows[0].above,
            turns={one.pk: one.turn for one in rows},
            by=by or office.second,
            opened_at=timezone.now() - opened,
        )

    return approve


@pytest.fixture
def up_to_the_city(sign, approve):
    """All sign, each level is approved, and the city has signed."""

    def up():
        for code in BOTTOM:
            sign(code)
        approve(VILLAGE, SECOND)
        approve(THIRD)
        for code in (STREET, OTHER_STREET):
            sign(code)
        approve(STREET, OTHER_STREET)
        sign(DISTRICT)
        approve(DISTRICT, OTHER_DISTRICT)
        sign(CITY)

    return up
