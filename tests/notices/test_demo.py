"""The notices that newcomers find."""

import pytest

from lms.attendance import demo
from lms.attendance.demo import STAFF, make_demo_school
from lms.notices import demo as demo_of_notices
from lms.notices.demo import make_demo_notices
from lms.notices.models import Delivery

pytestmark = pytest.mark.django_db


def test_a_class_was_told_and_somebody_is_to_be_called(monkeypatch, cast, django_user_model):
    for module in (demo, demo_of_notices):
        monkeypatch.setattr(module, "VILLAGE", cast.class_group.unit.code)
    for name, *_rest in STAFF:
        django_user_model.objects.get_or_create(username=name)
    assert make_demo_notices() == []  # the village is not there yet
    make_demo_school()
    assert len(make_demo_notices()) == 2
    assert make_demo_notices() == []
    assert Delivery.objects.to_call().count() > 5
    assert Delivery.objects.on_page_of(cast.teacher).count() == 1
