"""Who signs in by telephone, and what was sent."""

import pytest
from django.core.cache import cache

from tests.lms.short_messages import MINE, box


@pytest.fixture
def sent(settings):
    """What the gateway was given."""
    settings.SMS_GATEWAY = "tests.lms.short_messages.BoxSms"
    cache.clear()
    box.sent.clear()
    box.is_broken = False
    return box.sent


@pytest.fixture
def grandmother(django_user_model):
    return django_user_model.objects.create_user(
        "laochen", last_name="陈", first_name="阿婆", telephone=MINE
    )
