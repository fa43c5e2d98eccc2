"""Whatever happens to rolls, classes and units, in whatever order: the figures are what a count of
the marks gives, and the recount finds no drift."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from lms.attendance.choices import COUNTS_AS_PRESENT, AttendanceStatus
from lms.attendance.models import AttendanceRecord
from lms.attendance.services.closing import RollRefused, close_session
from lms.attendance.services.headcounts import correct_headcount, record_headcount
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import ClassKind, Door
from lms.classes.models import ClassGroup, ClassSession
from lms.classes.services import enrolments, sessions
from lms.classes.services.class_groups import MeetingTime, update_class
from lms.classes.services.errors import ClassRefused
from lms.people.models import Learner
from lms.statistics.choices import PeriodKind, Tree
from lms.statistics.models import COUNTERS, DailyRollup, DistinctLearnerCount
from lms.statistics.periods import Period, periods_around
from lms.statistics.queries import Figures, figures_of, figures_of_children
from lms.statistics.services.distinct_learners import count_learners
from lms.statistics.services.recount import recount
from lms.statistics.services.rollup import settle_sessions
from lms.units.models import Unit
from lms.units.services import tree
from lms.units.services.undo import undo_last_change

pytestmark = pytest.mark.django_db

REFUSALS = (ClassRefused, RollRefused, tree.UnitChangeRefused)
NOTHING = (0,) * len(COUNTERS)
FIRST_MOVE = date(2026, 2, 10)
SESSIONS = 6
LEARNERS = 3
#: Under what each may be put by a move.
MOVES = [
    ("440103001", "440104"),
    ("440103001", "440103"),
    ("440103001001", "440103002"),
    ("440103001001", "440103001"),
    ("440103002001", "440103001"),
    ("440103002", "440104"),
]

#: Everybody is marked everywhere.
FULL = [("mark all", number, AttendanceStatus.PRESENT) for number in range(SESSIONS)]

session, learner = st.integers(0, SESSIONS - 1), st.integers(0, LEARNERS - 1)
steps = st.one_of(
    st.tuples(st.just("mark"), session, learner, st.sampled_from(AttendanceStatus)),
    st.tuples(st.just("mark all"), session, st.sampled_from(AttendanceStatus)),
    st.tuples(st.just("close"), session, st.one_of(st.none(), st.integers(0, 50))),
    st.tuples(st.just("cancel"), session),
    st.tuples(st.just("move session"), session, st.integers(-200, 200)),
    st.tuples(st.just("count heads"), session, st.integers(0, 50)),
    st.tuples(st.just("correct heads"), session, st.integers(0, 50)),
    st.tuples(st.just("change class"), st.integers(0, 1), st.sampled_from(ClassKind)),
    st.tuples(st.just("move unit"), st.sampled_from(MOVES)),
    st.tuples(st.just("take move back"), st.sampled_from([code for code, _parent in MOVES])),
    st.tuples(st.just("count learners")),
)


@pytest.fixture
def school(cast, units, django_user_model):
    """Two classes of different streets, each with three sessions, and three learners in both.
    The first of a month at half past seven is another month in Greenwich."""
    for number in range(SESSIONS):
        start = timezone.make_aware(datetime.combine(date(2026, 3 + number, 1), time(7, 30)))
        ClassSession.objects.create(
            class_group=(cast.class_group, cast.other_class)[number % 2],
            planned_at=start,
            starts_at=start,
            ends_at=start + timedelta(hours=1),
        )
    for group in (cast.class_group, cast.other_class):
        for each in cast.learners:
            enrolments.enrol(each, group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    settle_sessions(ClassSession.objects.values_list("pk", flat=True))
    return School(django_user_model.objects.create_superuser("root"))


class School:
    """Does what the steps say, and remembers how the tree stood from which day on."""

    def __init__(self, officer):
        self.officer = officer
        self.sessions = list(
            ClassSession.objects.order_by("planned_at").values_list("pk", flat=True)
        )
        self.groups = list(ClassGroup.objects.order_by("pk").values_list("pk", flat=True))
        self.numbers = list(Learner.objects.order_by("pk").values_list("number", flat=True))
        self.first_tree = self.tree()
        self.moves = []

    def tree(self):
        by_path = {unit.path: unit.pk for unit in Unit.objects.all()}
        return {key: by_path.get(path[: -Unit.steplen]) for path, key in by_path.items()}

    def tree_on(self, day):
        moved = {unit: parent for on, unit, parent in self.moves if on <= day}  # later ones win
        return self.first_tree | moved

    def do(self, what, *rest):
        try:
            with transaction.atomic():
                getattr(self, what.replace(" ", "_"))(*rest)
        except REFUSALS:
            pass

    def session(self, number):
        return ClassSession.objects.get(pk=self.sessions[number])

    def mark(self, number, learner, status):
        statuses = {self.numbers[learner]: status}
        mark_on_page(self.session(number), statuses=statuses, recorded_by=self.officer, reason="错")

    def mark_all(self, number, status):
        statuses = dict.fromkeys(self.numbers, status)
        mark_on_page(self.session(number), statuses=statuses, recorded_by=self.officer, reason="错")

    def close(self, number, headcount):
        close_session(self.session(number), closed_by=self.officer, headcount=headcount)

    def cancel(self, number):
        sessions.cancel_session(self.session(number), reason="台风")

    def move_session(self, number, days):
        session = self.session(number)
        later = session.starts_at + timedelta(days=days)
        sessions.move_session(session, starts_at=later, reason="停电")

    def count_heads(self, number, heads):
        record_headcount(self.session(number), headcount=heads)

    def correct_heads(self, number, heads):
        correct_headcount(
            self.session(number), headcount=heads, reason="数错", recorded_by=self.officer
        )

    def change_class(self, number, kind):
        group = ClassGroup.objects.get(pk=self.groups[number])
        today = timezone.localdate()
        weekday = 1 + list(ClassKind).index(kind)
        update_class(
            group,
            title=group.title,
            kind=kind,
            starts_on=today,
            ends_on=today + timedelta(days=21),
            weekly_times=[MeetingTime(weekday, time(9), time(10))],
            teachers=list(group.teachers.all()),
            classroom=None,
            place="",
            capacity=None,
        )

    def move_unit(self, move):
        code, parent = move
        on = max([on for on, *_rest in self.moves], default=FIRST_MOVE) + timedelta(days=31)
        unit, parent = Unit.objects.get(code=code), Unit.objects.get(code=parent)
        tree.move_unit(unit, parent=parent, on=on)
        self.moves.append((on, unit.pk, parent.pk))

    def take_move_back(self, code):
        unit = Unit.objects.get(code=code)
        undone = undo_last_change(unit)
        self.moves = [move for move in self.moves if move[:2] != (undone.on, unit.pk)]

    def count_learners(self):
        count_learners()


def upwards(tree, unit):
    while unit is not None:
        yield unit
        unit = tree[unit]


def sums_of(session):
    """In the order of COUNTERS, from the marks one by one."""
    if session.state == "cancelled":
        return (1, 0, 1, 0, 0, 0, 0)
    marks = [mark.status for mark in AttendanceRecord.objects.filter(session=session)]
    return (
        1,
        int(session.state == "closed"),
        0,
        sum(status in COUNTS_AS_PRESENT for status in marks),
        marks.count(AttendanceStatus.EXCUSED),
        marks.count(AttendanceStatus.ABSENT),
        session.headcount or 0,
    )


def who_came(session):
    marks = AttendanceRecord.objects.filter(session=session, status__in=COUNTS_AS_PRESENT)
    return set() if session.state == "cancelled" else {mark.learner_id for mark in marks}


def add(one, other):
    return tuple(map(sum, zip(one, other, strict=True)))


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making it shorter takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=4, max_size=14))
@example([*FULL, ("count learners",), ("move unit", MOVES[0])])  # leaves what was counted
@example([*FULL, *(("move unit", MOVES[n]) for n in (0, 4, 1, 2, 5))])  # moves within moves
@example([*FULL, *(("move unit", MOVES[n]) for n in (0, 4)), ("take move back", MOVES[0][0])])
def test_figures_are_what_a_count_of_the_marks_gives(school, taken):
    with transaction.atomic():
        school.moves.clear()
        for step in taken:
            school.do(*step)
        count_learners()
        expect_exact(school)
        expect_the_past(school)
        assert recount().drift == 0
        transaction.set_rollback(True)


def expect_exact(school):
    """Every sum, and every count of learners, of every unit and period."""
    sums: dict = defaultdict(lambda: NOTHING)
    came: dict = defaultdict(set)
    for session in ClassSession.objects.select_related("class_group"):
        day = timezone.localdate(session.starts_at)
        for unit in upwards(school.tree(), session.class_group.unit_id):
            place = unit, day, session.class_group.kind, ""
            sums[place] = add(sums[place], sums_of(session))
            for period in periods_around(day):
                came[unit, period] |= who_came(session)
    stored = DailyRollup.objects.values_list("unit", "day", "kind", "subject", *COUNTERS)
    assert {row[:4]: row[4:] for row in stored if any(row[4:])} == dict(sums)
    counts = DistinctLearnerCount.objects.values_list(
        "unit", "period_kind", "starts_on", "learners"
    )
    assert {
        (unit, Period(PeriodKind(kind), starts_on)): learners
        for unit, kind, starts_on, learners in counts
        if learners
    } == {key: len(learners) for key, learners in came.items() if learners}


def expect_the_past(school):
    """Every unit's figures in the tree as it stood when a month ended: one with sessions in it,
    early in the changes."""
    sessions = list(ClassSession.objects.select_related("class_group"))
    days = sorted(timezone.localdate(session.starts_at) for session in sessions)
    for period in [Period.of(PeriodKind.MONTH, days[1])]:
        tree = school.tree_on(period.ends_on)
        sums: dict = defaultdict(lambda: NOTHING)
        came: dict = defaultdict(set)
        for session in sessions:
            if Period.of(PeriodKind.MONTH, timezone.localdate(session.starts_at)) == period:
                for unit in upwards(tree, session.class_group.unit_id):
                    sums[unit] = add(sums[unit], sums_of(session))
                    came[unit] |= who_came(session)
        for unit in Unit.objects.all():
            figures = figures_of(unit, period, tree=Tree.THEN)
            assert told(figures) == (*sums[unit.pk], len(came[unit.pk]))
        for unit in Unit.objects.filter(depth__lt=4):
            children = figures_of_children(unit, period, tree=Tree.THEN)
            assert {child.pk for child, _name, _figures in children} == {
                key for key, above in tree.items() if above == unit.pk
            }
            for child, _name, figures in children:
                assert told(figures) == (*sums[child.pk], len(came[child.pk]))


def told(figures: Figures):
    return (*(getattr(figures, counter) for counter in COUNTERS), figures.learners)
