"""Many rows in one statement."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.attendance.models import Device
from lms.rows import BATCH, write_rows

NAMES = ("clock_offset", "id", "last_seen_at")
pytestmark = pytest.mark.django_db


def test_a_row_that_is_there_gets_the_values_and_the_others_are_new():
    here, new, now = uuid.uuid4(), uuid.uuid4(), timezone.now()
    write_rows(Device, NAMES, [(timedelta(hours=1), here, now)])
    later = now + timedelta(seconds=1)
    rows = [(timedelta(days=-1), here, later), (timedelta(0), new, later)]
    write_rows(Device, NAMES, rows, unique=("id",))
    assert set(Device.objects.values_list(*NAMES)) == set(rows)


def test_of_no_rows_there_is_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        write_rows(Device, NAMES, [])
    assert not Device.objects.exists()


def test_more_rows_than_a_statement_takes_are_all_written(django_assert_num_queries):
    now = timezone.now()
    with django_assert_num_queries(2):
        write_rows(Device, NAMES, [(timedelta(0), uuid.uuid4(), now) for _ in range(BATCH + 1)])
    assert Device.objects.count() == BATCH + 1
