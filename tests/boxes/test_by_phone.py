"""A roll on a box's page stands in the city, once, whichever way it went home."""

import pytest
from django.urls import reverse

from lms.attendance.models import AttendanceEvent
from lms.boxes.choices import Carrier
from lms.boxes.services.journal import letter_of, waiting_batches, write_batches
from lms.boxes.services.registering import this_box
from lms.boxes.services.taking import take_batch
from tests.staff_pages import marks, words

pytestmark = pytest.mark.django_db


def test_a_teacher_marks_on_the_page_and_it_comes_by_line_and_by_stick(
    client, village, box, in_village
):
    client.force_login(village.teacher)
    page = reverse("attendance:session", args=[village.session.pk])
    with in_village():
        assert "保存" in words(client.get(page))
        first, second = village.learners[:2]
        for learner, status in ((first, "present"), (second, "late")):
            sent = {f"mark-{learner.number}": status}
            done = client.post(reverse("attendance:mark", args=[village.session.pk]), sent)
            assert done["Location"] == page
            write_batches()
        letters = [letter_of(batch, this_box()) for batch in waiting_batches()]
    assert marks(village.session) == {}
    for letter, carrier in zip(letters * 2, [Carrier.LINE, Carrier.STICK] * 2, strict=True):
        take_batch(letter, carrier=carrier)
    assert marks(village.session) == {"陈阿婆": "present", "黄伯": "late"}
    assert AttendanceEvent.objects.count() == 2
