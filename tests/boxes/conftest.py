"""A city and one of its boxes in one database: what is done on the box is rolled back, and only its
letters stay, as if they had been carried over."""

import base64
import os
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import transaction

from lms.boxes import codes
from lms.boxes.born import _enrolments
from lms.boxes.models import BornBatch, FromCity, Home, Told, VillageBox
from lms.boxes.services.applying import take_snapshot
from lms.boxes.services.journal import note_told
from lms.boxes.services.registering import answer_hello, make_box, say_hello, take_welcome, this_box
from lms.boxes.services.snapshots import snapshot_letter
from lms.classes.choices import Door
from lms.classes.models import ClassGroup, Enrolment
from lms.classes.services.enrolments import enrol
from lms.people.models import Learner
from tests.staff_pages import VILLAGE, session_of

CITY_SEED, BOX_SEED = (base64.b64encode(os.urandom(32)).decode() for _time in range(2))


@pytest.fixture(autouse=True)
def keys_of_the_city(settings, monkeypatch):
    settings.BOXES_KEY = CITY_SEED
    # What a thief pays for each try, four times a registration, is nothing that a test looks at.
    monkeypatch.setattr(codes, "COST", {**codes.COST, "n": 2})


@pytest.fixture
def on_box(settings):
    """Here the program is the box."""

    @contextmanager
    def on_box():
        settings.BOXES_KEY, settings.BOX = BOX_SEED, True
        try:
            yield
        finally:
            settings.BOXES_KEY, settings.BOX = CITY_SEED, False

    return on_box


@pytest.fixture
def in_village(on_box):
    """As `on_box`, and nothing that is written there is seen in the city."""

    @contextmanager
    def in_village():
        with on_box(), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return in_village


def register(cast, units, on_box, name="翠洲的盒子", code=VILLAGE):
    box, digits = make_box(name=name, unit=units[code], made_by=cast.city_officer)
    with on_box():
        home = say_hello(code=digits, city_address="")
    welcome = answer_hello(home.hello)
    with on_box():
        take_welcome(welcome)
    return VillageBox.objects.get(pk=box.pk)


@pytest.fixture
def box(cast, units, on_box):
    """Registered, and at work."""
    return register(cast, units, on_box)


@pytest.fixture
def village(cast, box, running, on_box):
    """A class with its learners and a session that began an hour ago; the box knows all of it."""
    for learner in cast.learners:
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    session = session_of(cast.class_group, hours=-1)
    # One database: what the city calls so is the very row.
    rows = [
        *(("class", row.pk) for row in ClassGroup.objects.all()),
        *(("learner", row.pk) for row in Learner.objects.all()),
        *(("enrolment", row.pk) for row in Enrolment.objects.all()),
    ]
    FromCity.objects.bulk_create([FromCity(kind=kind, key=str(row), row=row) for kind, row in rows])
    with on_box():
        note_told(list(_enrolments(this_box())))
    letter = snapshot_letter(box)
    with on_box():
        assert take_snapshot(letter)
    return SimpleNamespace(session=session, learners=cast.learners, teacher=cast.teacher)


@pytest.fixture
def forget_box():
    """The rows of the box go, as if the program were another installation."""

    def forget_box():
        for model in (Home, BornBatch, Told, FromCity):
            model.objects.all().delete()

    return forget_box
