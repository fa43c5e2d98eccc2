"""A city with as many marks as one likes, for the scripts beside this. Import it after
django.setup()."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from wagtail.models import Page

from courses.choices import Subject
from courses.models import ClassroomPage
from lms.classes.choices import ClassKind, Door, SessionState
from lms.classes.models import ClassGroup, ClassSession
from lms.classes.services.class_groups import create_class
from lms.classes.services.enrolments import enrol
from lms.people.choices import Role
from lms.people.models import Learner, RoleAssignment
from lms.units.choices import Level
from lms.units.models import Unit
from lms.units.services.importing import import_units
from lms.units.unit_file import read_unit_file

ROOT = Path(__file__).resolve().parent.parent
GUANGZHOU = ROOT / "lms/units/data/units-guangzhou.csv"
CITY = "4401"
WEEKS = 39  # of classes in the year, from January on
LEARNERS = 30  # in a class; the last of one class is the first of the next, in another village
VILLAGES_APART = 7  # where the next class is; no factor of 2,851 villages

#: Nineteen in 24 present, one each late, early and absent, two excused.
ADD_MARKS = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)
INSERT INTO attendance_attendancerecord (session_id, learner_id, event_id, status, differs)
SELECT s.id, %s + (s.class_group_id - %s) * %s + n, {uuid},
  CASE (s.id * 31 + n * 17) %% 24 WHEN 0 THEN 'absent' WHEN 1 THEN 'excused' WHEN 2 THEN 'excused'
    WHEN 3 THEN 'late' WHEN 4 THEN 'left_early' ELSE 'present' END, (1 = 0)
FROM classes_classsession AS s, numbers
WHERE s.class_group_id >= %s AND s.class_group_id < %s
"""


class City:
    """Guangzhou, with more classes from `grow` to `grow`, and one whose roll is to be taken."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.monday = date(self.today.year, 1, 5)
        self.monday -= timedelta(days=self.monday.weekday())
        file = read_unit_file(GUANGZHOU.read_bytes(), known_codes=frozenset())
        import_units(file, on=date(2020, 1, 1))
        self.unit = Unit.objects.get(code=CITY)
        self.villages = list(Unit.objects.filter(level=Level.VILLAGE))
        root = Page.objects.get(depth=1)
        self.classrooms = [
            root.add_child(
                instance=ClassroomPage(
                    title=subject, subject=subject, short_name="课堂", introduction="课堂"
                )
            )
            for subject in Subject
        ]
        self.officer = get_user_model().objects.create_user("officer")
        RoleAssignment.objects.create(
            person=self.officer, role=Role.OFFICER, unit=self.unit, from_date=self.monday
        )
        self.learners = self.classes = 0
        self.first_learner = self.first_class = 0
        self.make_measured_class()

    def make_measured_class(self) -> None:
        """The one whose roll is taken; before all others, whose keys must follow each other."""
        self.class_group = create_class(
            unit=self.villages[1000],
            title="手机班",
            kind=ClassKind.VILLAGE_CLASS,
            starts_on=self.today,
            ends_on=self.today,
            weekly_times=[],
        )
        # Numbers that the others, who are counted up from 0, never come to.
        self.names = [
            Learner.objects.create(
                number=f"{999_999_000 + number}", name="学员", unit=self.class_group.unit
            )
            for number in range(LEARNERS)
        ]
        for learner in self.names:
            enrol(learner, self.class_group, door=Door.IN_PERSON, recorded_by=self.officer)

    def grow(self, marks: int) -> None:
        """Until there are so many marks; no figures of them."""
        self.add_classes(round(marks / (WEEKS * LEARNERS)))
        analyze()

    def add_classes(self, classes: int) -> None:
        numbers = range(self.classes, classes)
        wanted = classes * (LEARNERS - 1) + 1
        made = Learner.objects.bulk_create(
            (
                Learner(
                    number=f"{number:09}",
                    name="学员",
                    unit=self.village_of(number // (LEARNERS - 1)),
                )
                for number in range(self.learners, wanted)
            ),
            batch_size=5_000,
        )
        groups = ClassGroup.objects.bulk_create(
            (
                ClassGroup(
                    unit=self.village_of(number),
                    title=f"第{number}班",
                    kind=list(ClassKind)[number % 5],
                    classroom=[*self.classrooms, None][number // 5 % 5],
                    starts_on=self.monday,
                    ends_on=self.today,
                )
                for number in numbers
            ),
            batch_size=5_000,
        )
        self.first_learner = self.first_learner or made[0].pk
        self.first_class = self.first_class or groups[0].pk
        assert made[-1].pk == self.first_learner + wanted - 1
        assert groups[-1].pk == self.first_class + classes - 1
        ClassSession.objects.bulk_create(
            (self.session(group, week) for week in range(WEEKS) for group in groups),
            batch_size=5_000,
        )
        self.add_marks(groups[0].pk, groups[-1].pk + 1)
        self.classes, self.learners = classes, wanted

    def village_of(self, number: int) -> Any:
        return self.villages[number * VILLAGES_APART % len(self.villages)]

    def session(self, group: Any, week: int) -> Any:
        day = self.monday + timedelta(weeks=week, days=group.pk % 6)
        start = moment(day, 9)
        end = start + timedelta(hours=1)
        return ClassSession(
            class_group=group,
            planned_at=start,
            starts_at=start,
            ends_at=end,
            state=SessionState.CLOSED,
            closed_at=end,
            closed_by=self.officer,
        )

    def add_marks(self, first: int, beyond: int) -> None:
        sql = ADD_MARKS.format(uuid=ours("gen_random_uuid()", "lower(hex(randomblob(16)))"))
        with connection.cursor() as cursor:
            # There are no events for them to point to.
            cursor.execute(
                ours("SET session_replication_role = replica", "PRAGMA foreign_keys = OFF")
            )
            for start in range(first, beyond, 500):
                end = min(start + 500, beyond)
                known = (LEARNERS, self.first_learner - 1, self.first_class, LEARNERS - 1)
                cursor.execute(sql, (*known, start, end))
            cursor.execute(
                ours("SET session_replication_role = origin", "PRAGMA foreign_keys = ON")
            )


def moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))  # noqa: DTZ001


def ours(on_postgresql: str, on_sqlite: str) -> str:
    return on_postgresql if connection.vendor == "postgresql" else on_sqlite


def analyze() -> None:
    """As autovacuum does within a minute of so many new rows."""
    with connection.cursor() as cursor:
        cursor.execute(ours("VACUUM ANALYZE", "ANALYZE"))
