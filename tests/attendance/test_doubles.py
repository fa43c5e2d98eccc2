"""One person who stands in the register twice is made one, and two again."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus, EventOutcome
from lms.attendance.models import AttendanceEvent
from lms.attendance.queries import roll_lines, unmarked_learners, who_said_what
from lms.attendance.services.closing import close_session
from lms.attendance.services.events import Incoming, WalkIn, record_events
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import Door, EnrolmentState
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol, enrol_many, leave_class
from lms.helpline.services import ask_for_help
from lms.people.choices import Consent, DelegateScope
from lms.people.models import UNDONE_WITHIN, Learner, LearnerMerge
from lms.people.services.errors import PersonRefused
from lms.people.services.learners import (
    appoint_delegate,
    erase_learner,
    register_learner,
    update_learner,
)
from lms.people.services.merging import PARTICULARS, forget_notes, merge_learners, undo_merge
from lms.statistics.services.distinct_learners import count_learners
from lms.statistics.services.recount import recount
from tests.staff_pages import VILLAGE, session_of

pytestmark = pytest.mark.django_db

DEVICE = uuid.UUID(int=9)
MONTHS = timedelta(days=60)
ABSENT, LATE, PRESENT = AttendanceStatus.ABSENT, AttendanceStatus.LATE, AttendanceStatus.PRESENT


@pytest.fixture
def kept(cast):
    return cast.learners[0]


@pytest.fixture
def gone(units):
    return register_learner(name="陈阿坡", unit=units[VILLAGE], telephone="020-81000000")


@pytest.fixture
def session(cast, kept, gone):
    """Two hours ago; both have been in its class for two months."""
    for learner in (kept, gone):
        place = enrol(learner, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
        Enrolment.objects.filter(pk=place.pk).update(joined_at=timezone.now() - MONTHS)
    return session_of(cast.class_group, hours=-2)


@pytest.fixture
def merge(cast):
    def merge(kept, gone, *of_gone):
        return merge_learners(
            kept=kept,
            gone=gone,
            of_gone=of_gone,
            reason="登记了两次",
            merged_by=cast.street_officer,
        )

    return merge


@pytest.fixture
def undo(cast):
    def undo(merge):
        undo_merge(merge, reason="是两个人", undone_by=cast.street_officer)

    return undo


def mark(session, by, **statuses):
    """`statuses` by learner's number behind an n."""
    sent = {number[1:]: status for number, status in statuses.items()}
    return mark_on_page(session, statuses=sent, recorded_by=by)


def n(learner):
    return f"n{learner.number}"


def records(session):
    rows = session.attendance_records.values_list("learner", "status", "differs")
    return {learner: (status, differs) for learner, status, differs in rows}


def expect_right_figures():
    count_learners()
    result = recount()
    assert result.drift == 0, result.details


def test_places_marks_delegates_calls_and_account_follow_and_come_back(
    cast, kept, gone, session, merge, undo, django_user_model
):
    daughter = django_user_model.objects.create_user("daughter")
    gone.user = django_user_model.objects.create_user("herself")
    gone.save()
    delegate = appoint_delegate(
        learner=gone,
        person=daughter,
        relation="女儿",
        scope=DelegateScope.ALL,
        consent=Consent.SIGNED,
        recorded_by=cast.teacher,
        until_date=timezone.localdate() + timedelta(days=30),
    )
    call = ask_for_help(unit=gone.unit, number=gone.number)
    enrol(gone, cast.other_class, door=Door.DELEGATE, recorded_by=cast.teacher, delegate=delegate)
    mark(session, cast.teacher, **{n(gone): PRESENT})
    rows = {
        model: sorted(model.objects.values_list())
        for model in (Learner, Enrolment, type(delegate), type(call), AttendanceEvent)
    }

    merge_row = merge(kept, gone, "telephone")

    kept.refresh_from_db()
    gone.refresh_from_db()
    delegate.refresh_from_db()
    call.refresh_from_db()
    assert (kept.telephone, kept.name, kept.birth_year) == ("020-81000000", "陈阿婆", 1950)
    assert (kept.user.username, gone.user, gone.merged_into) == ("herself", None, kept)
    assert (delegate.learner, call.learner) == (kept, kept)
    assert set(kept.enrolments.values_list("class_group__title", flat=True)) == {
        "翠洲手机班", "和平手机班",
    }  # fmt: skip
    assert not gone.enrolments.exists()
    assert records(session) == {kept.pk: ("present", False)}
    assert rows[AttendanceEvent] == sorted(AttendanceEvent.objects.values_list())
    expect_right_figures()

    undo(merge_row)

    for model, before in rows.items():
        assert sorted(model.objects.values_list()) == before
    assert records(session) == {gone.pk: ("present", False)}
    expect_right_figures()


def test_both_in_one_class_have_one_stay_from_the_first_day_on(cast, kept, gone, session, merge):
    long_ago = timezone.now() - 2 * MONTHS
    gone.enrolments.update(joined_at=long_ago)
    merge(kept, gone)
    [stay] = cast.class_group.enrolments.filter(learner__in=[kept, gone])
    assert (stay.learner, stay.joined_at, stay.state) == (kept, long_ago, EnrolmentState.ENROLLED)
    assert [line.learner for line in roll_lines(session)] == [kept]


def test_stays_with_a_gap_between_them_remain_two(cast, kept, gone, session, merge, undo):
    now = timezone.now()
    kept.enrolments.update(state=EnrolmentState.LEFT, left_at=now - timedelta(days=40))
    gone.enrolments.update(joined_at=now - timedelta(days=10))
    before = sorted(Enrolment.objects.values_list())
    row = merge(kept, gone)
    assert kept.enrolments.count() == 2
    undo(row)
    assert sorted(Enrolment.objects.values_list()) == before


def test_who_waits_moves_up_into_the_place_that_becomes_free(
    cast, kept, gone, session, merge, undo
):
    cast.class_group.capacity = 2
    cast.class_group.save()
    third = enrol(cast.learners[1], cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    assert third.state == EnrolmentState.WAITING
    row = merge(kept, gone)
    third.refresh_from_db()
    assert third.state == EnrolmentState.ENROLLED
    undo(row)
    third.refresh_from_db()
    assert third.state == EnrolmentState.ENROLLED  # nobody is sent away again
    assert gone.enrolments.get().state == EnrolmentState.ENROLLED


def test_who_waits_twice_waits_once_and_where_the_first_did(cast, kept, gone, merge, undo):
    cast.class_group.capacity = 1
    cast.class_group.save()
    for learner in (cast.learners[1], gone, cast.learners[2], kept):
        enrol(learner, cast.class_group, door=Door.TELEPHONE, recorded_by=cast.teacher)
    before = sorted(Enrolment.objects.values_list())
    row = merge(kept, gone)
    queue = cast.class_group.enrolments.filter(state=EnrolmentState.WAITING)
    assert [place.learner for place in queue] == [kept, cast.learners[2]]
    undo(row)
    assert sorted(Enrolment.objects.values_list()) == before


def test_a_place_that_was_given_up_since_is_given_up_by_both(
    cast, kept, gone, session, merge, undo
):
    row = merge(kept, gone)
    leave_class(kept.enrolments.get())
    undo(row)
    states = Enrolment.objects.values_list("learner", "state")
    assert dict(states) == {kept.pk: "left", gone.pk: "left"}


def test_of_two_marks_having_come_holds_and_the_difference_is_shown(
    cast, kept, gone, session, merge, undo
):
    mark(session, cast.teacher, **{n(gone): PRESENT})
    mark(session, cast.teacher, **{n(kept): ABSENT})
    row = merge(kept, gone)
    assert records(session) == {kept.pk: ("present", True)}
    [said] = who_said_what(session.attendance_records.all()).values()
    assert [event.status for event in said] == ["present", "absent"]
    expect_right_figures()
    undo(row)
    assert records(session) == {kept.pk: ("absent", False), gone.pk: ("present", False)}
    expect_right_figures()


@pytest.mark.parametrize("named", [0, 10])
def test_who_marks_after_the_merge_settles_it(named, cast, kept, gone, session, merge, monkeypatch):
    """Also where everybody's events of the session are asked for, as of a whole class."""
    monkeypatch.setattr("lms.attendance.services.deriving.NAMED", named)
    mark(session, cast.teacher, **{n(gone): PRESENT, n(kept): ABSENT})
    merge(kept, gone)
    mark(session, cast.teacher, **{n(kept): ABSENT})
    assert records(session) == {kept.pk: ("absent", False)}


def test_another_teachers_mark_after_the_merge_holds_and_both_are_shown(
    cast, kept, gone, session, merge
):
    mark(session, cast.teacher, **{n(gone): PRESENT, n(kept): ABSENT})
    merge(kept, gone)
    mark(session, cast.street_officer, **{n(kept): LATE})
    assert records(session) == {kept.pk: ("late", True)}


def phone(session, cast, *marks, at):
    events = [
        Incoming(sequence, session.pk, number, status, at + timedelta(seconds=sequence))
        for sequence, (number, status) in enumerate(marks, 1)
    ]
    answers = record_events(
        events, device=DEVICE, device_now=timezone.now(), recorded_by=cast.teacher
    )
    return [answer.outcome for answer in answers]


def test_a_phone_that_still_holds_both_rows_is_understood(cast, kept, gone, session, merge):
    """It has no network: one row was seen, "the rest are absent" took the other."""
    merge(kept, gone)
    Learner.objects.filter(pk=gone.pk).update(merged_at=timezone.now() - timedelta(hours=1))
    sent = (gone.number, PRESENT), (kept.number, ABSENT)
    before = timezone.now() - timedelta(minutes=30)
    assert phone(session, cast, *sent, at=before) == [EventOutcome.STORED] * 2
    assert phone(session, cast, *sent, at=before) == [EventOutcome.KNOWN] * 2
    assert records(session) == {kept.pk: ("present", True)}
    assert AttendanceEvent.objects.count() == 2
    assert not unmarked_learners(session)
    expect_right_figures()


def test_after_undoing_marks_go_to_the_number_that_was_marked(
    cast, kept, gone, session, merge, undo
):
    row = merge(kept, gone)
    phone(session, cast, (gone.number, LATE), (kept.number, PRESENT), at=timezone.now())
    undo(row)
    assert records(session) == {kept.pk: ("present", False), gone.pk: ("late", False)}
    expect_right_figures()


def test_the_old_card_lets_in_the_one_who_stands_for_both(cast, kept, gone, merge, session):
    merge(kept, gone)
    Enrolment.objects.all().delete()
    walk_in = WalkIn(1, session.pk, timezone.now(), number=gone.number)
    for outcome in (EventOutcome.STORED, EventOutcome.KNOWN):
        [answer] = record_events(
            [walk_in], device=DEVICE, device_now=timezone.now(), recorded_by=cast.teacher
        )
        assert (answer.outcome, answer.learner) == (outcome, kept)
    assert kept.enrolments.get().door == Door.WALK_IN


def test_who_is_put_into_a_class_by_the_old_row_is_the_kept_one(cast, kept, gone, merge):
    merge(kept, gone)
    gone.refresh_from_db()
    put_in = enrol(gone, cast.class_group, door=Door.TELEPHONE, recorded_by=cast.teacher)
    [listed] = enrol_many([gone], cast.other_class, door=Door.SPREADSHEET, recorded_by=cast.teacher)
    assert (put_in.learner, listed.learner) == (kept, kept)


def test_a_closed_roll_and_its_figures_follow(cast, kept, gone, session, merge, undo):
    mark(session, cast.teacher, **{n(gone): PRESENT, n(kept): PRESENT})
    close_session(session, closed_by=cast.teacher)
    expect_right_figures()
    row = merge(kept, gone)
    assert session.counters.attendances == 1
    expect_right_figures()
    undo(row)
    session.counters.refresh_from_db()
    assert session.counters.attendances == 2
    expect_right_figures()


def test_three_rows_of_one_person_come_apart_in_the_reverse_order(
    cast, kept, gone, session, merge, undo, units
):
    third = register_learner(name="陈婆", unit=units[VILLAGE])
    mark(session, cast.teacher, **{n(gone): LATE})
    first = merge(kept, gone)
    kept.refresh_from_db()
    second = merge(third, kept)
    gone.refresh_from_db()
    assert gone.merged_into == third
    assert Learner.objects.called(gone.number).get() == third
    assert records(session) == {third.pk: ("late", False)}
    with pytest.raises(PersonRefused, match="后来又合并过"):
        undo(first)
    undo(second)
    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert records(session) == {kept.pk: ("late", False)}
    undo(first)
    assert records(session) == {gone.pk: ("late", False)}
    expect_right_figures()


def test_what_was_put_right_since_stays_when_it_is_undone(kept, gone, merge, undo):
    row = merge(kept, gone, *PARTICULARS)
    kept.refresh_from_db()
    assert (kept.name, kept.birth_year) == ("陈阿坡", None)
    update_learner(kept, name="陈阿坡", birth_year=1951, telephone=kept.telephone)
    undo(row)
    kept.refresh_from_db()
    assert (kept.name, kept.birth_year, kept.telephone) == ("陈阿婆", 1951, "")


def test_what_cannot_be_merged_is_refused_in_words(cast, kept, gone, merge, units):
    with pytest.raises(PersonRefused, match="为什么合并"):
        merge_learners(kept=kept, gone=gone, reason=" ", merged_by=cast.street_officer)
    with pytest.raises(PersonRefused, match="同一位"):
        merge(kept, kept)
    merge(kept, gone)
    for pair in ((gone, kept), (cast.learners[1], gone)):
        with pytest.raises(PersonRefused, match="已经并到"):
            merge(*pair)
    erase_learner(cast.learners[1], reason="本人要求", erased_by=cast.street_officer)
    with pytest.raises(PersonRefused, match="注销"):
        merge(kept, cast.learners[1])


def test_who_acts_for_the_other_is_not_the_same_person(cast, kept, gone, merge, django_user_model):
    kept.user = django_user_model.objects.create_user("husband")
    kept.save()
    appoint_delegate(
        learner=gone,
        person=kept.user,
        relation="老伴",
        scope=DelegateScope.ALL,
        consent=Consent.SIGNED,
        recorded_by=cast.teacher,
        until_date=timezone.localdate() + timedelta(days=30),
    )
    with pytest.raises(PersonRefused, match="两个人"):
        merge(gone, kept)


def test_a_merge_is_undone_once_within_thirty_days(kept, gone, merge, undo):
    row = merge(kept, gone)
    long_ago = timezone.now() - UNDONE_WITHIN
    LearnerMerge.objects.update(merged_at=long_ago)
    with pytest.raises(PersonRefused, match="30天"):
        undo(row)
    assert forget_notes(before=timezone.now() - UNDONE_WITHIN + timedelta(seconds=1)) == 1
    assert LearnerMerge.objects.get().notes == {}
    LearnerMerge.objects.all().delete()
    Learner.objects.update(merged_into=None, merged_at=None)
    again = merge(kept, gone)
    undo(again)
    with pytest.raises(PersonRefused, match="已经撤销"):
        undo(again)


def test_whoever_is_erased_is_erased_in_both_rows(cast, kept, gone, merge, undo):
    old = gone.number
    row = merge(kept, gone, "telephone")
    kept.refresh_from_db()
    erase_learner(kept, reason="本人要求", erased_by=cast.street_officer)
    gone.refresh_from_db()
    row.refresh_from_db()
    assert (gone.name, gone.telephone, row.notes) == ("已注销学员", "", {})
    assert not Learner.objects.called(old).exists()
    with pytest.raises(PersonRefused, match="注销"):
        undo(row)
