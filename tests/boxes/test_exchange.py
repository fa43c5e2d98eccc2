"""What is born on a box arrives in the city: all of it, once, whatever the order and the way."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from courses.choices import Tallied
from courses.models import LessonPage
from courses.progress.marking import mark_read
from courses.progress.models import LearnerRecord, LessonMark, LessonTally
from courses.progress.tallies import add
from lms.alerts.choices import FraudKind, FraudWay
from lms.alerts.models import MetFraud
from lms.alerts.services import tell_met
from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent
from lms.attendance.services.closing import close_session
from lms.attendance.services.events import Incoming, WalkIn, event_id, record_events
from lms.attendance.services.page import mark_on_page
from lms.boxes.choices import Carrier, HeldState
from lms.boxes.lines import storable
from lms.boxes.models import BornBatch, HeldLine, TakenBatch, VillageBox
from lms.boxes.refusals import BoxRefused
from lms.boxes.services.applying import take_answer
from lms.boxes.services.journal import letter_of, waiting_batches, write_batches
from lms.boxes.services.registering import this_box
from lms.boxes.services.snapshots import answer_letter, snapshot_text
from lms.boxes.services.taking import take_batch, taken_ranges
from lms.classes.models import ClassSession, Enrolment
from lms.helpline.choices import HelpState
from lms.helpline.models import HelpRequest
from lms.helpline.services import ask_for_help, close_help
from lms.people.models import Learner
from tests.staff_pages import marks

pytestmark = pytest.mark.django_db

PHONE = uuid.UUID("11111111-2222-4333-8444-555555555555")


def letters():
    home = this_box()
    return [letter_of(batch, home) for batch in waiting_batches()]


def marked(village, statuses, device=PHONE, first=1):
    now = timezone.now()
    return record_events(
        [
            Incoming(first + place, village.session.pk, learner.number, status, now)
            for place, (learner, status) in enumerate(zip(village.learners, statuses, strict=False))
        ],
        device=device,
        device_now=now,
        recorded_by=village.teacher,
    )


def test_a_roll_of_the_box_stands_in_the_city(village, box, in_village):
    with in_village():
        marked(village, ("present", "late", "absent"))
        assert write_batches() == 3
        carried = letters()
    assert marks(village.session) == {}
    for letter in carried:
        take_batch(letter, carrier=Carrier.STICK)
    assert marks(village.session) == {"陈阿婆": "present", "黄伯": "late", "李婶": "absent"}
    assert {event.pk for event in AttendanceEvent.objects.all()} == {
        event_id(PHONE, sequence) for sequence in (1, 2, 3)
    }
    assert not HeldLine.objects.exists()


def test_the_same_batch_again_changes_nothing(village, box, in_village):
    with in_village():
        marked(village, ("present",))
        write_batches()
        [letter] = letters()
    assert take_batch(letter, carrier=Carrier.STICK).is_new
    assert not take_batch(letter, carrier=Carrier.LINE).is_new
    assert AttendanceEvent.objects.count() == TakenBatch.objects.count() == 1


def test_nothing_is_told_twice_and_what_the_city_knew_is_not_told_at_all(village, on_box):
    with on_box():
        assert write_batches() == 0
        marked(village, ("present",))
        assert write_batches() == 1
        assert write_batches() == 0


def test_who_walked_in_waits_for_the_stick_that_says_who_it_is(village, box, in_village):
    """The mark comes first, then the place in the class, then the name."""
    with in_village():
        now = timezone.now()
        record_events(
            [WalkIn(1, village.session.pk, now, name="周伯")],
            device=PHONE,
            device_now=now,
            recorded_by=village.teacher,
        )
        newcomer = Learner.objects.get(name="周伯")
        home, one_by_one = this_box(), []
        write_batches()
        head, *lines = BornBatch.objects.get().text.split("\n")
        assert [json.loads(line)["kind"] for line in lines] == ["learner", "enrolment", "event"]
        for number, line in enumerate(reversed(lines), 1):
            text = "\n".join((json.dumps({**json.loads(head), "previous": ""}), line))
            batch = BornBatch(number=2 * number, text=text, lines=1)
            one_by_one.append(letter_of(batch, home))
    for letter in one_by_one[:-1]:
        take_batch(letter, carrier=Carrier.STICK)
    assert set(HeldLine.objects.values_list("state", flat=True)) == {HeldState.WAITING}
    assert not Learner.objects.filter(name="周伯").exists()
    take_batch(one_by_one[-1], carrier=Carrier.STICK)
    assert not HeldLine.objects.exists()
    assert Learner.objects.get(name="周伯").number == newcomer.number  # the card goes on working
    assert marks(village.session) == {"周伯": "present"}


def test_a_number_that_somebody_else_has_becomes_another_and_the_box_hears_it(
    village, box, units, in_village
):
    with in_village():
        newcomer = Learner.objects.create(
            number="123456782", name="周伯", unit=units[village.session.class_group.unit.code]
        )
        write_batches()
        [letter] = letters()
    other = Learner.objects.create(number="123456782", name="别人", unit=box.unit)
    take_batch(letter, carrier=Carrier.STICK)
    here = Learner.objects.get(name="周伯")
    assert here.number != newcomer.number
    told = {each["key"]: each for each in json.loads(snapshot_text(box)[1])["learners"]}
    assert told[here.pk]["there"] == newcomer.number
    assert told[other.pk]["there"] == ""


def test_marks_of_the_boxs_own_page_do_not_hide_behind_those_of_the_citys(village, box, in_village):
    """Both servers name the device of a page after the user's key, which is the same by chance."""
    one, two, _three = village.learners
    with in_village():
        mark_on_page(
            village.session,
            statuses={one.number: AttendanceStatus.PRESENT},
            recorded_by=village.teacher,
        )
        write_batches()
        carried = letters()
    mark_on_page(
        village.session,
        statuses={two.number: AttendanceStatus.LATE},
        recorded_by=village.teacher,
    )
    for letter in carried:
        take_batch(letter, carrier=Carrier.LINE)
    assert marks(village.session) == {"陈阿婆": "present", "黄伯": "late"}


def test_the_end_of_a_roll_waits_for_its_marks(village, box, in_village):
    with in_village():
        marked(village, ("present", "present", "absent"))
        write_batches()
        close_session(village.session, closed_by=village.teacher)
        write_batches()
        first, second = letters()
    ClassSession.objects.filter(pk=village.session.pk).update(ends_at=timezone.now())
    take_batch(second, carrier=Carrier.STICK)
    village.session.refresh_from_db()
    assert not village.session.is_closed
    take_batch(first, carrier=Carrier.STICK)
    village.session.refresh_from_db()
    assert village.session.is_closed
    assert village.session.closed_by == village.teacher
    assert not HeldLine.objects.exists()


def test_a_mark_after_the_city_has_closed_the_roll_is_shown_to_an_officer(village, box, in_village):
    with in_village():
        marked(village, ("present",))
        write_batches()
        [letter] = letters()
    ClassSession.objects.filter(pk=village.session.pk).update(
        state="closed", closed_at=timezone.now() - timedelta(minutes=5), closed_by=village.teacher
    )
    take_batch(letter, carrier=Carrier.LINE)
    held = HeldLine.objects.get()
    assert held.state == HeldState.REFUSED
    assert "点名已经结束" in held.why
    assert marks(village.session) == {}


def test_what_is_learnt_on_both_sides_is_put_together(with_starter, box, in_village):
    lesson = LessonPage.objects.live().first()
    record = LearnerRecord.objects.create()
    LessonMark.objects.create(record=record, lesson=lesson, seen_parts=0b11)
    with in_village():
        LessonMark.objects.filter(record=record).update(seen_parts=0b1100)
        mark_read(record, lesson=lesson)
        born = LearnerRecord.objects.create()
        mark_read(born, lesson=lesson)
        write_batches()
        carried = letters()
    for letter in (*carried, *carried):
        take_batch(letter, carrier=Carrier.STICK)
    mark = LessonMark.objects.get(record=record)
    assert mark.seen_parts == 0b1111
    assert mark.read_at is not None
    assert LessonMark.objects.get(record__key=born.key).read_at is not None


def test_counts_are_added_once_however_they_overtake_each_other(with_starter, box, in_village):
    lesson = LessonPage.objects.live().first()
    add(Tallied.UNCLEAR, lesson=lesson.pk, place="第一步")
    with in_village():
        for _time in range(3):
            add(Tallied.UNCLEAR, lesson=lesson.pk, place="第二步")
        write_batches()
        add(Tallied.UNCLEAR, lesson=lesson.pk, place="第二步")
        write_batches()
        first, second = letters()
    take_batch(second, carrier=Carrier.STICK)
    take_batch(first, carrier=Carrier.LINE)
    counts = dict(LessonTally.objects.values_list("place", "times"))
    # What the city had counted itself is told back by nobody: the box has begun from the same row.
    assert counts["第二步"] == 4


def test_a_call_and_its_answer_arrive_in_either_order(village, box, in_village):
    with in_village():
        asked = ask_for_help(unit=box.unit, number="13800000000", name="陈阿婆")
        write_batches()
        close_help(asked, closed_by=village.teacher, note="上门教了")
        write_batches()
        first, second = letters()
    take_batch(second, carrier=Carrier.STICK)
    take_batch(first, carrier=Carrier.LINE)
    call = HelpRequest.objects.get()
    assert (call.state, call.closed_note) == (HelpState.CLOSED, "上门教了")


def test_what_somebody_met_is_told_once(village, box, in_village):
    with in_village():
        tell_met(unit=box.unit, kind=FraudKind.LINK, way=FraudWay.SMS, words="快递丢了")
        write_batches()
        [letter] = letters()
    take_batch(letter, carrier=Carrier.STICK)
    take_batch(letter, carrier=Carrier.LINE)
    assert MetFraud.objects.get().words == "快递丢了"


def test_what_cannot_be_taken_stops_nothing(village, box, in_village):
    with in_village():
        marked(village, ("present", "late"))
        write_batches()
        batch = BornBatch.objects.get()
        bad = (
            "{",
            "[]",
            '{"kind":"event"}',
            '{"kind":"x"}',
            '{"kind":"met","id":3}',
            r'{"id":"\u0000"}',
            r'{"number":"\ud83d"}',
        )
        batch.text = "\n".join((*batch.text.split("\n")[:1], *bad, *batch.text.split("\n")[1:]))
        letter = letter_of(batch, this_box())
    taken = take_batch(letter, carrier=Carrier.STICK)
    assert (taken.lines, taken.held) == (9, 7)
    assert len(marks(village.session)) == 2
    assert all(HeldLine.objects.values_list("why", flat=True))


def test_a_teacher_who_does_not_keep_the_class_marks_nobody_by_way_of_a_box(
    village, box, cast, in_village
):
    with in_village():
        marked(village, ("present",))
        AttendanceEvent.objects.update(recorded_by=cast.other_teacher)
        write_batches()
        [letter] = letters()
    take_batch(letter, carrier=Carrier.STICK)
    assert "不管这个班" in HeldLine.objects.get().why


def test_a_box_speaks_of_its_own_village_only(village, box, cast, units, in_village):
    with in_village():
        ask_for_help(unit=units["440103002001"], number="13800000000")
        write_batches()
        [letter] = letters()
    take_batch(letter, carrier=Carrier.STICK)
    assert "不归这台盒子管" in HeldLine.objects.get().why
    assert not HelpRequest.objects.exists()


# --- What the city acknowledges ----------------------------------------------------------------


def three_batches(village):
    for place in range(3):
        marked(village, ("present",), first=place + 1)
        write_batches()
    return letters()


def test_gaps_are_acknowledged_as_gaps(village, box, on_box, in_village):
    with in_village():
        one, _two, three = three_batches(village)
        rows = list(BornBatch.objects.all())
    take_batch(three, carrier=Carrier.STICK)
    take_batch(one, carrier=Carrier.LINE)
    assert [(first, last) for first, last, _digest in taken_ranges(box)] == [(1, 1), (3, 3)]
    answer = answer_letter(box)
    with on_box():
        BornBatch.objects.bulk_create(rows)
        assert take_answer(answer) == 2
        assert [batch.number for batch in waiting_batches()] == [2]
        assert take_answer(answer) == 0
        assert BornBatch.objects.get(number=1).text == ""


def test_a_box_that_lives_again_from_a_backup_loses_nothing_by_it(village, box, in_village):
    """Its numbers are taken, by other batches: neither side passes over that."""
    with in_village():
        one, two, _three = three_batches(village)
    take_batch(one, carrier=Carrier.LINE)
    take_batch(two, carrier=Carrier.LINE)
    with in_village():
        marked(village, ("late",), first=50)
        write_batches()
        [again] = letters()
        rows = list(BornBatch.objects.all())
    with pytest.raises(BoxRefused, match="重新登记"):
        take_batch(again, carrier=Carrier.LINE)
    answer = answer_letter(box)
    with in_village():
        BornBatch.objects.bulk_create(rows)
        assert take_answer(answer) == 0
        assert waiting_batches().count() == 1


def test_the_box_is_heard_of_when_its_letter_was_written(village, box, in_village):
    with in_village():
        marked(village, ("present",))
        write_batches()
        batch = BornBatch.objects.get()
        head, *lines = batch.text.split("\n")
        written_at = (timezone.now() - timedelta(days=12)).isoformat()
        head = json.dumps({**json.loads(head), "written_at": written_at})
        batch.text = "\n".join((head, *lines))
        letter = letter_of(batch, this_box())
    take_batch(letter, carrier=Carrier.STICK)
    box = VillageBox.objects.get()
    assert (box.days_silent, box.is_silent, box.last_heard_by) == (12, True, Carrier.STICK)


def test_a_place_in_a_class_that_was_given_up_on_the_box_is_given_up(village, box, in_village):
    with in_village():
        now = timezone.now()
        mine = Enrolment.objects.filter(learner=village.learners[0])
        mine.update(state="left", left_at=now)
        assert write_batches() == 1
        [letter] = letters()
    take_batch(letter, carrier=Carrier.STICK)
    assert Enrolment.objects.get(learner=village.learners[0]).state == "left"


def test_a_rare_character_is_no_reason_to_forget_a_line():
    said = {"name": "𠮷伯", "path": "C:\\u0000"}
    assert storable(said) is said
    assert storable({"name": "\0"}) != {"name": "\0"}
    assert storable({"name": "\ud83d"}) == '{"name": "\\ud83d"}'
