"""One cast for all rooms of the school: two streets of one district, and the people in them."""

from datetime import date
from types import SimpleNamespace

import pytest

from lms.classes.choices import Door
from lms.classes.models import ClassGroup
from lms.classes.services.enrolments import enrol
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from lms.people.services.learners import register_learner
from lms.units.models import Unit
from lms.units.services.importing import import_units
from lms.units.unit_file import UnitFile
from tests.staff_pages import session_of

UNITS = {
    "4401": "广州市",
    "440103": "荔湾区",
    "440104": "越秀区",
    "440103001": "沙面街道",
    "440103002": "岭南街道",
    "440103001001": "翠洲社区",
    "440103001002": "沙面社区",
    "440103002001": "和平社区",
}


@pytest.fixture
def units(db):
    """Units by code."""
    import_units(UnitFile(dict(UNITS)), on=date(2026, 1, 1))
    return {unit.code: unit for unit in Unit.objects.all()}


@pytest.fixture
def cast(units, django_user_model):
    """A city officer, a street officer, a teacher with a class, another's class, and a stranger."""

    def person(username, role=None, code=None):
        user = django_user_model.objects.create_user(username)
        if role:
            RoleAssignment.objects.create(
                person=user, role=role, unit=units[code], from_date=date(2026, 1, 1)
            )
        return user

    cast = SimpleNamespace(
        city_officer=person("city", Role.OFFICER, "4401"),
        street_officer=person("street", Role.OFFICER, "440103001"),
        teacher=person("teacher", Role.TEACHER, "440103001001"),
        other_teacher=person("other", Role.TEACHER, "440103002001"),
        volunteer=person("volunteer", Role.VOLUNTEER, "440103001001"),
        stranger=person("stranger"),
    )
    cast.class_group = make_class(units["440103001001"], "翠洲手机班", cast.teacher)
    cast.other_class = make_class(units["440103002001"], "和平手机班", cast.other_teacher)
    cast.learners = [
        register_learner(name=name, unit=units["440103001001"], birth_year=1950)
        for name in ("陈阿婆", "黄伯", "李婶")
    ]
    return cast


def make_class(unit, title, teacher, **fields):
    group = ClassGroup.objects.create(
        unit=unit,
        title=title,
        **{"starts_on": date(2026, 3, 1), "ends_on": date(2026, 7, 31), **fields},
    )
    group.teachers.add(teacher)
    return group


@pytest.fixture
def running(cast):
    """Their classes go on, whatever day it is."""
    type(cast.class_group).objects.update(ends_on=date(2999, 7, 31))


@pytest.fixture
def as_(client, cast, units, django_user_model):
    """The browser of one of the cast by name: of the whole of it, with who reads, who keeps another
    street and who may do everything; or of "anonymous"."""
    for name, role, code in (
        ("auditor", Role.AUDITOR, "440103"),
        ("other_street_officer", Role.OFFICER, "440103002"),
    ):
        user = django_user_model.objects.create_user(name)
        RoleAssignment.objects.create(
            person=user, role=role, unit=units[code], from_date=date(2026, 1, 1)
        )
        setattr(cast, name, user)
    cast.superuser = django_user_model.objects.create_superuser("root")

    def as_(who):
        client.logout()
        if who != "anonymous":
            client.force_login(getattr(cast, who))
        return client

    return as_


@pytest.fixture
def begun(cast):
    """A session of the class with its three learners that began an hour ago."""
    for learner in cast.learners:
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    return session_of(cast.class_group, hours=-1)
