"""A school to try: a village with two classes of invented people, and four weeks behind them.

Everything is done by the services, as people would do it; only the hours at which it was noted are
put back afterwards, since all of it happens in one second.
"""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.choices import Subject
from courses.models import ClassroomPage
from lms.accounts.models import User
from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceEvent
from lms.attendance.services.closing import close_session
from lms.attendance.services.events import Incoming, WalkIn, record_events
from lms.classes.choices import ClassKind, Door, SessionState
from lms.classes.models import ClassGroup, ClassSession
from lms.classes.services.class_groups import MeetingTime, create_class
from lms.classes.services.enrolments import enrol, enrol_many
from lms.classes.services.sessions import cancel_session, move_session, plan_sessions, record_help
from lms.people.choices import Consent, DelegateScope, Role
from lms.people.models import Learner
from lms.people.services.learners import appoint_delegate, register_learner
from lms.people.services.roles import appoint
from lms.units.models import Unit

VILLAGE = "440103001101"
WEEKS = timedelta(weeks=4)
#: Who holds which role there: the accounts are those of make_demo_accounts, and the number is how
#: many digits of the village's code tell the unit.
STAFF = (
    ("teacher", Role.TEACHER, 12),
    ("teacher2", Role.TEACHER, 12),
    ("volunteer", Role.VOLUNTEER, 12),
    ("street", Role.OFFICER, 9),
    ("district", Role.OFFICER, 6),
    ("city", Role.OFFICER, 4),
    ("auditor", Role.AUDITOR, 6),
)
FAMILY_NAMES = "陈林黄张李王吴刘蔡杨"
GIVEN_NAMES = ("秀英", "桂兰", "玉珍", "国强", "建华", "志明", "淑芬", "水生", "金妹", "福来")
#: How a class turns out, of twenty.
TURNOUT = [AttendanceStatus.PRESENT] * 16 + [
    AttendanceStatus.LATE,
    AttendanceStatus.EXCUSED,
    AttendanceStatus.ABSENT,
    AttendanceStatus.ABSENT,
]
#: The devices of the invented teachers.
DEVICES = uuid.UUID("6a1f1d0e-93f4-4f0e-8f43-6a5f0d1f2b07")


@dataclass(frozen=True)
class DemoClass:
    """A class to make."""

    title: str
    subject: Subject
    weekdays: Sequence[int]
    starts_at: time
    ends_at: time
    place: str
    teachers: Sequence[str]  # the first keeps the roll
    first_learner: int  # in the row of invented names
    learners: int
    walks_in: str


DEMO_CLASSES = (
    DemoClass(
        title="手机入门班",
        subject=Subject.SMART_TECH,
        weekdays=(1, 2, 3, 4, 5),
        starts_at=time(9, 30),
        ends_at=time(11),
        place="社区活动室，二楼",
        teachers=("teacher", "teacher2"),
        first_learner=0,
        learners=30,
        walks_in="何顺意",
    ),
    DemoClass(
        title="防骗和生活班",
        subject=Subject.ANTI_FRAUD,
        weekdays=(2, 4, 6, 7),
        starts_at=time(14, 30),
        ends_at=time(16),
        place="榕树下活动中心",
        teachers=("teacher2",),
        first_learner=30,
        learners=32,  # two more than there is room for
        walks_in="麦爱莲",
    ),
)
CAPACITY = 30


@transaction.atomic
def make_demo_school() -> list[ClassGroup]:
    """Make the classes that are not there yet, appoint the staff and play four weeks. Empty, and
    nothing changes, without the village or one of the accounts."""
    village = Unit.objects.filter(code=VILLAGE).first()
    people = get_user_model().objects.in_bulk([name for name, *_ in STAFF], field_name="username")
    if village is None or len(people) < len(STAFF):
        return []
    for name, role, digits in STAFF:
        unit = Unit.objects.get(code=VILLAGE[:digits])
        if not people[name].role_assignments.filter(role=role, unit=unit).exists():
            appoint(
                person=people[name],
                role=role,
                unit=unit,
                from_date=timezone.localdate() - WEEKS,
                reason=_("演示"),
                by=None,
                made_account=True,
            )
    there = set(ClassGroup.objects.filter(unit=village).values_list("title", flat=True))
    made = [_make(plan, village, people) for plan in DEMO_CLASSES if plan.title not in there]
    for class_group, plan in zip(
        made, (p for p in DEMO_CLASSES if p.title not in there), strict=True
    ):
        _play(class_group, plan, people)
    return made


def _make(plan: DemoClass, village: Unit, people: dict[str, User]) -> ClassGroup:
    today = timezone.localdate()
    class_group = create_class(
        unit=village,
        title=plan.title,
        kind=ClassKind.VILLAGE_CLASS,
        classroom=ClassroomPage.objects.filter(subject=plan.subject).first(),
        place=plan.place,
        capacity=CAPACITY,
        starts_on=today - WEEKS,
        ends_on=today + WEEKS,
        weekly_times=[
            MeetingTime(weekday, plan.starts_at, plan.ends_at) for weekday in plan.weekdays
        ],
        teachers=[people[name] for name in plan.teachers],
    )
    plan_sessions(class_group, since=today - WEEKS)
    learners = [
        register_learner(name=invented_name(number), unit=village, birth_year=born(number))
        for number in range(plan.first_learner, plan.first_learner + plan.learners)
    ]
    enrol_many(
        learners[:-1], class_group, door=Door.IN_PERSON, recorded_by=people[plan.teachers[0]]
    )
    _enrol_by_delegate(learners[-1], class_group, people)
    # They enrolled before the first session, not after the last.
    before = timezone.now() - WEEKS - timedelta(days=2)
    class_group.enrolments.update(enrolled_at=before)
    class_group.enrolments.filter(joined_at__isnull=False).update(joined_at=before)
    return class_group


def invented_name(number: int) -> str:
    """One of a hundred."""
    return FAMILY_NAMES[number % 10] + GIVEN_NAMES[number * 7 // 10 % 10]


def born(number: int) -> int:
    return 1941 + number * 3 % 24


def _enrol_by_delegate(learner: Learner, class_group: ClassGroup, people: dict[str, User]) -> None:
    delegate = appoint_delegate(
        learner=learner,
        person=people["volunteer"],
        relation="邻居",
        scope=DelegateScope.ENROL,
        consent=Consent.SIGNED,
        recorded_by=people["street"],
        until_date=timezone.localdate() + timedelta(days=180),
    )
    enrol(learner, class_group, door=Door.DELEGATE, recorded_by=people["street"], delegate=delegate)


def _play(class_group: ClassGroup, plan: DemoClass, people: dict[str, User]) -> None:
    """Four weeks: most rolls are closed; one session was cancelled, somebody walked in, and two
    teachers differ over the last one, whose roll is still open. Next week one is moved."""
    today = timezone.localdate()
    past, ahead = _sessions(class_group, before=today), _sessions(class_group, since=today)
    teacher = people[plan.teachers[0]]
    roll = _Roll(class_group)
    for number, session in enumerate(past):
        is_last = session == past[-1]
        if number == len(past) // 2:
            cancel_session(session, reason="台风停课")
            continue
        roll.take(session, teacher, walks_in=plan.walks_in if number == 3 else "")
        if is_last and len(plan.teachers) > 1:
            roll.differ(session, people[plan.teachers[1]])
            continue
        if number % 3 == 0:
            record_help(session, person=people["volunteer"], minutes=90, recorded_by=teacher)
        close_session(session, closed_by=teacher)
    if len(ahead) > 5:
        later = ahead[5].starts_at + timedelta(hours=1)
        move_session(ahead[5], starts_at=later, reason="活动室临时有会")
    _put_back(class_group)


def _sessions(
    class_group: ClassGroup, *, before: date | None = None, since: date | None = None
) -> list[ClassSession]:
    sessions = class_group.sessions.order_by("starts_at")
    if before is not None:
        sessions = sessions.filter(starts_at__date__lt=before)
    if since is not None:
        sessions = sessions.filter(starts_at__date__gt=since)
    return list(sessions)


class _Roll:
    """Takes rolls as the teachers' phones would, the same in every demo."""

    def __init__(self, class_group: ClassGroup) -> None:
        self.chance = random.Random(class_group.title)  # noqa: S311 - no secret hangs on it
        self.class_group = class_group
        self.sent: dict[int, int] = {}  # by the key of who sends: the last sequence number

    def take(self, session: ClassSession, teacher: User, *, walks_in: str = "") -> None:
        at = session.starts_at + timedelta(minutes=10)
        learners = Learner.objects.filter(
            enrolments__class_group=session.class_group_id, enrolments__state="enrolled"
        )
        events: list[Incoming | WalkIn] = [
            Incoming(self._next(teacher), session.pk, number, self.chance.choice(TURNOUT), at)
            for number in learners.order_by("pk").values_list("number", flat=True)
        ]
        if walks_in:
            events.append(WalkIn(self._next(teacher), session.pk, at, name=walks_in))
        self._send(events, teacher)

    def differ(self, session: ClassSession, colleague: User) -> None:
        """Somebody was late, or was not there at all."""
        at = session.starts_at + timedelta(minutes=40)
        for mark in session.attendance_records.filter(
            status=AttendanceStatus.PRESENT
        ).select_related("learner")[:2]:
            status = AttendanceStatus.ABSENT
            event = Incoming(self._next(colleague), session.pk, mark.learner.number, status, at)
            self._send([event], colleague)

    def _next(self, person: User) -> int:
        self.sent[person.pk] = self.sent.get(person.pk, 0) + 1
        return self.sent[person.pk]

    def _send(self, events: list[Incoming | WalkIn], person: User) -> None:
        record_events(
            events,
            device=uuid.uuid5(DEVICES, f"{self.class_group.pk} {person.pk}"),
            device_now=timezone.now(),
            recorded_by=person,
        )


def _put_back(class_group: ClassGroup) -> None:
    """Let marks have been received, and rolls closed, when it was done."""
    events = AttendanceEvent.objects.filter(session__class_group=class_group)
    events.update(received_at=F("marked_at"))
    class_group.sessions.filter(state=SessionState.CLOSED).update(closed_at=F("ends_at"))
