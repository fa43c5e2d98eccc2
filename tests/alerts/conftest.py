"""The police liaison, and what is written; nothing of it stays in the process."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from lms.alerts import services
from lms.alerts.choices import EmergencyKind, FraudKind
from lms.alerts.live import forget
from lms.alerts.where import forget_places
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from tests.staff_pages import VILLAGE

NEIGHBOUR = "440103001002"
OTHER_STREET = "440103002001"
TITLE, EMERGENCY = "冒充客服说要退款", "台风今晚登陆"


@pytest.fixture(autouse=True)
def nothing_known_yet():
    forget()
    forget_places()
    yield
    forget()
    forget_places()


@pytest.fixture
def cast(cast, units, django_user_model):
    """With the police liaison of the village's street."""
    cast.liaison = django_user_model.objects.create_user("liaison")
    RoleAssignment.objects.create(
        person=cast.liaison,
        role=Role.LIAISON,
        unit=units["440103001"],
        from_date=date(2026, 1, 1),
    )
    return cast


@pytest.fixture
def write(cast, units):
    """Writes for a unit by its code; the liaison does, and an officer confirms."""

    def alert(code=VILLAGE, *, public=True, **changes):
        now = timezone.now()
        texts = {
            "kind": FraudKind.OFFICE,
            "title": TITLE,
            "says": "给您退钱，请下载软件。",
            "todo": "先挂电话，不下载。",
            "calls": "96110、110",
            "starts_at": now - timedelta(minutes=1),
            "ends_at": now + timedelta(days=14),
            "written_by": cast.liaison,
        }
        written = services.write_alert(unit=units[code], **(texts | changes))
        if public:
            services.confirm(written, confirmed_by=cast.city_officer)
            written.refresh_from_db()
        return written

    def emergency(code=VILLAGE, *, public=True, **changes):
        texts = {
            "kind": EmergencyKind.WEATHER,
            "title": EMERGENCY,
            "todo": "请不要出门，关好门窗。",
            "shelter": "翠洲小学体育馆",
            "telephone": "020-1111",
            "ends_at": timezone.now() + timedelta(hours=6),
            "written_by": cast.street_officer,
        }
        written = services.write_emergency(unit=units[code], **(texts | changes))
        if public and not written.alone_reason:
            services.confirm(written, confirmed_by=cast.city_officer)
            written.refresh_from_db()
        return written

    return SimpleNamespace(alert=alert, emergency=emergency)


@pytest.fixture
def screen_in(client, units):
    """A browser that chose that village, or none."""

    def screen_in(code):
        client.cookies.clear()
        if code:
            client.cookies["village"] = code
        return client

    return screen_in
