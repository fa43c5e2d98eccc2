"""Who lets televisions in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lms.people.choices import Consent, DelegateScope
from lms.people.services.learners import appoint_delegate, register_learner
from lms.units.models import Unit


@pytest.fixture
def grandmother(django_user_model):
    return django_user_model.objects.create_user("laochen", last_name="陈", first_name="阿婆")


@pytest.fixture
def phone(grandmother):
    client = Client()
    client.force_login(grandmother)
    return client


@pytest.fixture
def television():
    return Client()


@pytest.fixture
def delegate(grandmother, django_user_model):
    village = Unit.add_root(code="440103001001", name="翠洲社区", level="village")
    learner = register_learner(name="黄伯", unit=village)
    return appoint_delegate(
        learner=learner,
        person=grandmother,
        relation="女儿",
        scope=DelegateScope.SIGN_IN,
        consent=Consent.SIGNED,
        recorded_by=django_user_model.objects.create_user("clerk"),
        until_date=timezone.localdate() + timedelta(days=30),
    )
