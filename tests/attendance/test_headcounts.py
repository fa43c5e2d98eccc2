"""A headcount is put right after closing: with a reason, and beside what it was."""

import pytest

from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import HeadcountCorrection
from lms.attendance.services.closing import close_session
from lms.attendance.services.page import mark_on_page
from tests.staff_pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(begun, cast):
    present = {learner.number: AttendanceStatus.PRESENT for learner in cast.learners}
    mark_on_page(begun, statuses=present, recorded_by=cast.teacher)
    close_session(begun, closed_by=cast.teacher, headcount=40)
    return begun


@pytest.fixture
def correct(as_, begun):
    def correct(headcount, reason, who="teacher"):
        sent = {"correction-headcount": headcount, "correction-reason": reason}
        url = f"/classes/sessions/{begun.pk}/headcount/correct/"
        return as_(who).post(url, sent, follow=True)

    return correct


def test_what_it_was_and_why_it_changed_stay_beside_it(correct, closed, cast):
    correct("45", "后排漏数了")
    page = correct("44", "数重了一个", "street_officer")
    closed.refresh_from_db()
    assert closed.headcount == 44
    assert list(HeadcountCorrection.objects.values_list("was", "headcount", "recorded_by")) == [
        (45, 44, cast.street_officer.pk),
        (40, 45, cast.teacher.pk),
    ]
    assert "把人数从45改成44：数重了一个" in words(page)
    assert "把人数从40改成45：后排漏数了" in words(page)


@pytest.mark.parametrize(
    ("headcount", "reason", "complaint"),
    [("45", " ", "field__error"), ("40", "数过了", "人数没有变"), ("-1", "数过了", "field__error")],
)
def test_a_correction_without_sense_changes_nothing(correct, closed, headcount, reason, complaint):
    page = correct(headcount, reason)
    assert page.status_code == 422
    assert complaint in page.content.decode()
    assert not HeadcountCorrection.objects.exists()


def test_before_closing_there_is_nothing_to_correct(correct, begun):
    assert "请直接记人数" in words(correct("45", "数过了"))
    assert not HeadcountCorrection.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "volunteer", "auditor", "other_teacher"])
def test_who_may_not_correct_it(correct, closed, who):
    assert correct("45", "数过了", who).status_code == 404
    assert not HeadcountCorrection.objects.exists()
