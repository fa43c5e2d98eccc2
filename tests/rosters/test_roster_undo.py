"""Taking a whole import back, and who stays nevertheless."""

import pytest

from lms.attendance.choices import AttendanceStatus
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import Door, EnrolmentState
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol, leave_class
from lms.people.models import Learner
from lms.rosters.choices import RosterState
from lms.rosters.models import RosterEntry, RosterImport
from tests.cast import make_class
from tests.rosters.roster_files import PEOPLE, in_class
from tests.staff_pages import VILLAGE, session_of, words

pytestmark = pytest.mark.django_db


def test_undoing_takes_all_of_it_back_and_says_who_did_and_when(
    send_roster, on_roster, undo_roster, cast
):
    send_roster([*PEOPLE, ("陈阿婆", 1950, "")])
    on_roster("import")
    page = undo_roster("street_officer")
    assert "从名册删去3人，退出班级4人" in words(page)
    assert set(Learner.objects.values_list("name", flat=True)) == {"陈阿婆", "黄伯", "李婶"}
    assert not Enrolment.objects.exists()
    assert not RosterEntry.objects.exists()
    roster = RosterImport.objects.get()
    assert (roster.state, roster.undone_by) == (RosterState.UNDONE, cast.street_officer)
    assert "street" in words(page)
    assert undo_roster().status_code == 404


def test_who_was_marked_enrolled_elsewhere_or_changed_since_stays_and_is_named(
    send_roster, on_roster, undo_roster, cast, units
):
    send_roster([*PEOPLE, ("罗姨", 1950, ""), ("邓伯", 1950, "")])
    on_roster("import")
    here = {learner.name: learner for learner in Learner.objects.all()}
    begun = session_of(cast.class_group, hours=-1)
    mark_on_page(
        begun, statuses={here["何秋月"].number: AttendanceStatus.PRESENT}, recorded_by=cast.teacher
    )
    other = make_class(units[VILLAGE], "书法班", cast.teacher)
    enrol(here["梁伯"], other, door=Door.IN_PERSON, recorded_by=cast.teacher)
    Learner.objects.filter(name="苏婆婆").update(birth_year=1946)
    leave_class(cast.class_group.enrolments.get(learner=here["罗姨"]))
    page = words(undo_roster())
    assert "有4人留下" in page
    for said in ("何秋月：点过名", "梁伯：别处有记录", "苏婆婆：资料改过", "罗姨：报名改过"):
        assert said in page
    assert not Learner.objects.filter(name="邓伯").exists()
    assert in_class(cast.class_group) == {"何秋月"}
    assert in_class(other) == {"梁伯"}


def test_who_came_back_by_a_list_has_left_again_once_it_is_undone(
    send_roster, on_roster, undo_roster, cast
):
    known = cast.learners[0]
    leave_class(enrol(known, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher))
    send_roster([(known.name, known.birth_year, "")])
    on_roster("import")
    assert in_class(cast.class_group) == {known.name}
    undo_roster()
    assert cast.class_group.enrolments.get().state == EnrolmentState.LEFT
    assert Learner.objects.filter(pk=known.pk).exists()


def test_whoever_waits_moves_up_into_the_places_that_undoing_frees(
    send_roster, on_roster, undo_roster, cast
):
    type(cast.class_group).objects.update(capacity=3)
    send_roster(PEOPLE)
    on_roster("import")
    cast.class_group.refresh_from_db()
    enrol(cast.learners[0], cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    assert "从排队转为在班：陈阿婆" in words(undo_roster())
    assert in_class(cast.class_group) == {"陈阿婆"}


def test_one_teacher_does_not_undo_what_another_imported(send_roster, on_roster, undo_roster, cast):
    cast.class_group.teachers.add(cast.other_teacher)
    cast.other_teacher.role_assignments.update(unit=cast.class_group.unit)
    send_roster(PEOPLE)
    on_roster("import")
    assert undo_roster("other_teacher").status_code == 404
    assert RosterImport.objects.get().state == RosterState.DONE
