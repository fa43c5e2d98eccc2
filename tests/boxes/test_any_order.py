"""Events in any order, twice, half by line and half by stick: each stands in the city once."""

import random
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent, AttendanceRecord
from lms.attendance.services.events import Incoming, WalkIn, event_id, record_events
from lms.attendance.services.page import mark_on_page
from lms.boxes.choices import Carrier, HeldState
from lms.boxes.models import BornBatch, HeldLine, TakenBatch
from lms.boxes.services.journal import letter_of, write_batches
from lms.boxes.services.registering import this_box
from lms.boxes.services.taking import take_batch, taken_ranges
from lms.classes.choices import Door
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol_many
from lms.people.models import Learner
from lms.people.services.learners import Newcomer, register_learners
from lms.statistics.models import SessionCounters
from tests.staff_pages import session_of

pytestmark = pytest.mark.django_db

PHONES = [uuid.UUID(int=number, version=4) for number in (1, 2, 3)]
STATUSES = [status.value for status in AttendanceStatus]


def school(village, *, sessions, learners):
    """More sessions and more people in the class of the village."""
    group = village.session.class_group
    people = register_learners(
        [Newcomer(f"学员{place}", group.unit_id, 1950) for place in range(learners)]
    )
    enrol_many(people, group, door=Door.IN_PERSON, recorded_by=village.teacher)
    Enrolment.objects.update(joined_at=timezone.now() - timedelta(days=90))
    days = [session_of(group, days=-1 - place) for place in range(sessions)]
    return people, days


def live_on_the_box(village, people, days, *, events, chance, monkeypatch):
    """What happens there in some weeks: by three telephones and the page, walk-ins among them, and
    the journal is written now and then."""
    counted = dict.fromkeys(PHONES, 0)
    made = 0
    while made < events:
        phone = chance.choice(PHONES)
        batch: list[Incoming | WalkIn] = []
        for _time in range(chance.randint(1, 60)):
            counted[phone] += 1
            session = chance.choice(days)
            at = session.starts_at + timedelta(minutes=chance.randint(0, 600))
            if chance.random() < 0.01:
                batch.append(WalkIn(counted[phone], session.pk, at, name=f"来客{phone.int}{made}"))
            else:
                batch.append(
                    Incoming(
                        counted[phone],
                        session.pk,
                        chance.choice(people).number,
                        AttendanceStatus(chance.choice(STATUSES)),
                        at,
                    )
                )
            made += 1
        record_events(batch, device=phone, device_now=None, recorded_by=village.teacher)
        if chance.random() < 0.3:
            session = chance.choice(days)
            statuses = {
                each.number: AttendanceStatus(chance.choice(STATUSES))
                for each in chance.sample(people, 3)
            }
            mark_on_page(session, statuses=statuses, recorded_by=village.teacher)
        if chance.random() < 0.5:
            write_batches()
    write_batches()


def standing():
    """Every mark as it holds, by names that both sides know; and the sums of each session."""
    records = AttendanceRecord.objects.values_list(
        "session__uid", "learner__number", "status", "differs"
    )
    sums = [
        {name: value for name, value in row.items() if name != "unit_id"}
        for row in SessionCounters.objects.values()
    ]
    return sorted(map(str, records)), sorted(map(str, sums))


@pytest.mark.parametrize(("seed", "events", "lines"), [
    (20261130, 100, 8),
    pytest.param(20261201, 600, 16, marks=pytest.mark.thorough("more of the same")),
    pytest.param(7, 1500, 40, marks=pytest.mark.thorough("more of the same in another order")),
])  # fmt: skip
def test_events_in_any_order_twice_by_line_and_by_stick_stand_once(
    village, box, in_village, monkeypatch, seed, events, lines
):
    chance = random.Random(seed)
    monkeypatch.setattr("lms.boxes.services.journal.LINES_A_BATCH", lines)
    people, days = school(village, sessions=events // 50, learners=events // 24)
    with in_village():
        live_on_the_box(
            village, people, days, events=events, chance=chance, monkeypatch=monkeypatch
        )
        there, count = standing(), AttendanceEvent.objects.count()
        home = this_box()
        carried = [letter_of(batch, home) for batch in BornBatch.objects.all()]
        phones = {
            event_id(phone, sequence)
            for phone, sequence in AttendanceEvent.objects.filter(device__in=PHONES).values_list(
                "device", "sequence"
            )
        }
    assert not AttendanceEvent.objects.exists()
    letters = carried * 2
    chance.shuffle(letters)
    for place, letter in enumerate(letters):
        take_batch(letter, carrier=Carrier.LINE if place % 2 else Carrier.STICK)
    assert AttendanceEvent.objects.count() == count
    assert phones <= set(AttendanceEvent.objects.values_list("pk", flat=True))
    assert standing() == there
    assert not HeldLine.objects.exclude(state=HeldState.GIVEN_UP).exists()
    assert TakenBatch.objects.count() == len(carried)
    assert [each[:2] for each in taken_ranges(box)] == [(1, len(carried))]
    assert Learner.objects.filter(name__startswith="来客").exists()
