"""What the city decides stands on the box, and what was born there first stays."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from lms.alerts.choices import FraudKind
from lms.alerts.models import Alert
from lms.alerts.services import confirm, withdraw, write_alert
from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent
from lms.attendance.services.page import mark_on_page
from lms.boxes.models import FromCity
from lms.boxes.services.applying import take_snapshot
from lms.boxes.services.journal import write_batches
from lms.boxes.services.snapshots import snapshot_letter, snapshot_text
from lms.classes.models import ClassGroup, ClassSession, Enrolment
from lms.classes.sums import withdraw_sessions
from lms.people.models import Learner, RoleAssignment
from lms.people.services.learners import erase_learner
from tests.staff_pages import marks

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_box(on_box):
    """A box that has nothing yet, as far as one database can be two: what the city calls so is
    looked for, and its rows are taken away first."""

    def empty_box():
        FromCity.objects.all().delete()
        AttendanceEvent.objects.all().delete()
        Enrolment.objects.all().delete()
        withdraw_sessions(ClassSession.objects.values_list("pk", flat=True))
        ClassSession.objects.all().delete()
        ClassGroup.objects.all().delete()
        Learner.objects.all().delete()
        RoleAssignment.objects.all().delete()

    return empty_box


def test_a_new_box_has_the_classes_the_people_and_their_passwords(
    village, box, in_village, empty_box, cast
):
    cast.teacher.set_password("翠洲的点名密码")
    cast.teacher.save()
    letter = snapshot_letter(box)
    number = village.learners[0].number
    with in_village():
        empty_box()
        cast.teacher.set_unusable_password()
        cast.teacher.save()
        assert take_snapshot(letter)
        assert Learner.objects.get(number=number).name == "陈阿婆"
        group = ClassGroup.objects.get(title="翠洲手机班")
        assert list(group.teachers.all()) == [cast.teacher]
        assert group.enrolments.count() == 3
        assert group.sessions.get().uid == village.session.uid
        assert authenticate(username="teacher", password="翠洲的点名密码")
        assert RoleAssignment.objects.current().filter(person=cast.teacher).exists()
        assert write_batches() == 0  # nothing of it is told back


def test_nobody_elses_class_nor_password_nor_telephone_goes_there(village, box, cast):
    Learner.objects.filter(pk=village.learners[0].pk).update(telephone="13800000000")
    cast.city_officer.set_password("市里的密码")
    cast.city_officer.save()
    text = snapshot_text(box)[1].decode()
    assert "和平手机班" not in text
    assert "13800000000" not in text
    assert cast.city_officer.password not in text


def test_the_edition_grows_only_when_something_has_changed(village, box):
    first = snapshot_text(box)[0]
    assert snapshot_text(box)[0] == first
    Learner.objects.filter(pk=village.learners[0].pk).update(name="陈婆婆")
    assert snapshot_text(box)[0] == first + 1


def test_marks_that_were_made_in_the_city_count_on_the_box_too(village, box, on_box, in_village):
    mark_on_page(
        village.session,
        statuses={village.learners[0].number: AttendanceStatus.LATE},
        recorded_by=village.teacher,
    )
    letter = snapshot_letter(box)
    with in_village():
        village.session.attendance_records.all().delete()
        AttendanceEvent.objects.all().delete()
        take_snapshot(letter)
        assert marks(village.session) == {"陈阿婆": "late"}
        assert write_batches() == 0


def test_a_roll_that_the_city_has_closed_is_closed_on_the_box(village, box, in_village):
    closed_at = timezone.now()
    rows = ClassSession.objects.filter(pk=village.session.pk)
    rows.update(state="closed", closed_at=closed_at, closed_by=village.teacher)
    letter = snapshot_letter(box)
    with in_village():
        rows.update(state="planned", closed_at=None, closed_by=None)
        take_snapshot(letter)
        assert rows.get().closed_at == closed_at
        assert write_batches() == 0


def test_a_roll_that_was_closed_on_the_box_is_not_opened_by_an_edition_from_before(
    village, box, in_village
):
    Learner.objects.filter(pk=village.learners[0].pk).update(name="陈婆婆")
    letter = snapshot_letter(box)
    rows = ClassSession.objects.filter(pk=village.session.pk)
    with in_village():
        rows.update(state="closed", closed_at=timezone.now(), closed_by=village.teacher)
        take_snapshot(letter)
        assert rows.get().is_closed
        assert write_batches() == 1


def test_who_is_erased_in_the_city_is_erased_on_the_box(village, box, in_village):
    learner = village.learners[0]
    row = Learner.objects.filter(pk=learner.pk)
    before = row.values().get()
    erase_learner(learner, reason="本人要求", erased_by=village.teacher)
    letter = snapshot_letter(box)
    with in_village():
        row.update(**before)
        take_snapshot(letter)
        assert row.get().name != before["name"]


def test_alerts_come_and_go(village, box, cast, in_village):
    now = timezone.now()
    alert = write_alert(
        unit=box.unit,
        kind=FraudKind.LINK,
        title="快递退款",
        says="点链接退款",
        todo="不点",
        calls="96110",
        starts_at=now,
        ends_at=now + timedelta(days=3),
        written_by=cast.street_officer,
    )
    assert json.loads(snapshot_text(box)[1])["alerts"] == []
    confirm(alert, confirmed_by=cast.city_officer)
    shown = snapshot_letter(box)
    withdraw(alert, by=cast.city_officer, note="说错了")
    gone = snapshot_letter(box)
    with in_village():
        FromCity.objects.create(kind="alert", key=str(alert.pk), row=alert.pk)
        take_snapshot(shown)
        assert Alert.objects.live().get().title == "快递退款"
        take_snapshot(gone)
        assert not Alert.objects.live().exists()
