from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lms.ledger.models import LedgerImport
from lms.ledger.services.rows import make_measure
from tests.ledger.tables import office_table


@pytest.fixture
def measure(cast, units):
    """In the ledger of the street 沙面; its teacher is to do it."""
    return make_measure(
        unit=units["440103001"],
        fields={
            "number": "31",
            "clause": "穗甲〔2026〕1号 第31条",
            "task": "四个进课堂",
            "lead": "沙面街道",
            "person": cast.teacher,
            "person_name": "何秋月",
            "due_on": timezone.localdate() + timedelta(days=30),
        },
        by=cast.street_officer,
    )


@pytest.fixture
def send_table(as_):
    """Sends a table to the ledger of a unit; gives back the page that answers."""

    def send(content=None, *, who="city_officer", unit="4401", name="台账.xlsx"):
        file = SimpleUploadedFile(name, content or office_table())
        sent = {"unit": unit, "file": file}
        return as_(who).post(reverse("ledger:send"), sent, follow=True)

    return send


@pytest.fixture
def on_table(client):
    """Presses a button on the page of the newest table."""

    def press(button):
        sent = LedgerImport.objects.latest("pk")
        return client.post(reverse("ledger:preview", args=[sent.pk]), {"do": button}, follow=True)

    return press
