"""What is refused to whoever may not, by whatever way it is tried."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent
from lms.attendance.services.page import mark_on_page
from lms.classes.models import ClassGroup
from lms.people.models import Learner

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["auditor", "volunteer", "other_teacher", "stranger"])
def test_who_may_not_mark_leaves_no_event_whatever_is_sent(as_, begun, who):
    as_(who).post(reverse("attendance:mark", args=[begun.pk]), {"rest": "present"})
    assert not AttendanceEvent.objects.exists()


def test_an_auditor_marks_nobody_by_the_phones_way_in_either(as_, begun, cast):
    answers = mark_on_page(
        begun,
        statuses={cast.learners[0].number: AttendanceStatus.PRESENT},
        recorded_by=cast.auditor,
    )
    assert [answer.outcome for answer in answers] == ["no_session"]
    url = f"/roll/api/sessions/{begun.pk}/close"
    assert as_("auditor").post(url, "{}", content_type="application/json").status_code == 404


def test_a_page_for_an_auditor_offers_nothing_that_would_be_refused(as_, begun):
    client = as_("auditor")
    for name, pk in (("classes:class", begun.class_group_id), ("attendance:session", begun.pk)):
        page = client.get(reverse(name, args=[pk])).content.decode()
        forms = re.findall(r"<form[^>]*", page)
        assert all(reverse("classes:reset_calendar") in form for form in forms)  # one's own key


def test_nobody_signed_in_sees_a_class_that_nobody_teaches(cast):
    cast.class_group.teachers.clear()
    for see in (ClassGroup.objects.visible_to, ClassGroup.objects.changeable_by):
        assert not see(AnonymousUser()).exists()
    assert not Learner.objects.visible_to(AnonymousUser()).exists()
