"""Learners are merged and parted while rolls are taken, others merge them too, and figures are
counted: all at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent, AttendanceRecord
from lms.attendance.services.page import mark_on_page, walk_in_on_page
from lms.classes.choices import Door, EnrolmentState
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol, leave_class
from lms.people.models import Learner, LearnerMerge
from lms.people.services.errors import PersonRefused
from lms.people.services.merging import merge_learners, undo_merge
from lms.statistics.services.distinct_learners import count_learners
from lms.statistics.services.recount import recount
from lms.statistics.services.rollup import settle_sessions
from tests.staff_pages import session_of
from tests.statistics.test_figures_together import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TIMES = 6


@pytest.fixture
def pair(cast):
    kept, gone, _third = cast.learners
    for learner in (kept, gone):
        enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    Enrolment.objects.update(joined_at=timezone.now() - timedelta(days=90))
    return kept, gone


def merge_once(cast, kept, gone):
    """What became of it: None, or the reason in words."""
    try:
        merge_learners(kept=kept, gone=gone, reason="两次", merged_by=cast.street_officer)
    except PersonRefused as reason:
        return str(reason)
    return None


def test_of_two_officers_who_merge_the_same_two_one_is_told_so(cast, pair):
    kept, gone = pair
    answers = []
    at_once(
        lambda: answers.append(merge_once(cast, kept, gone)),
        lambda: answers.append(merge_once(cast, gone, kept)),
    )
    [refused] = [answer for answer in answers if answer]
    assert "已经并到" in refused
    assert LearnerMerge.objects.standing().count() == 1
    assert Learner.objects.filter(merged_into__isnull=False).count() == 1


def test_no_mark_and_no_place_is_lost_while_they_become_one_and_two_again(cast, pair):
    kept, gone = pair
    sessions = [session_of(cast.class_group, hours=-2, days=-number) for number in range(TIMES)]
    elsewhere = session_of(cast.other_class, hours=-2)
    settle_sessions([each.pk for each in (*sessions, elsewhere)])

    def take_rolls():
        for session in sessions:
            for learner in (kept, gone):
                statuses = {learner.number: AttendanceStatus.PRESENT}
                [answer] = mark_on_page(session, statuses=statuses, recorded_by=cast.teacher)
                assert answer.outcome == "stored"

    def come_and_go():
        for _time in range(TIMES):
            walk_in_on_page(elsewhere, recorded_by=cast.city_officer, number=gone.number)
            for place in Enrolment.objects.filter(class_group=cast.other_class, left_at=None):
                leave_class(place)

    def merge_and_part():
        for _time in range(TIMES):
            merge_once(cast, Learner.objects.get(pk=kept.pk), Learner.objects.get(pk=gone.pk))
            for merge in LearnerMerge.objects.standing():
                undo_merge(merge, reason="两个人", undone_by=cast.street_officer)

    def count():
        for _time in range(TIMES):
            count_learners()
            recount()

    at_once(take_rolls, come_and_go, merge_and_part, count)
    marked = AttendanceEvent.objects.filter(session__class_group=cast.class_group)
    assert marked.count() == 2 * TIMES
    records = AttendanceRecord.objects.filter(session__class_group=cast.class_group)
    assert set(records.values_list("session", "learner")) == set(
        marked.values_list("session", "learner")
    )
    kept.refresh_from_db()
    merge_once(cast, kept, Learner.objects.get(pk=gone.pk))
    strays = Enrolment.objects.exclude(state=EnrolmentState.LEFT)
    assert not strays.filter(learner__merged_into__isnull=False).exists()
    assert set(records.values_list("learner", flat=True)) == {kept.pk}
    count_learners()
    result = recount()
    assert result.drift == 0, result.details
