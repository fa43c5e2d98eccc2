"""A village class to try the roll with: thirty invented people, their teacher, four weeks."""

from datetime import time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from lms.schools.choices import Door, Role, Weekday
from lms.schools.models import Appointment, ClassGroup, Unit, WeeklyTime
from lms.schools.services.classes import enrol, plan_sessions
from lms.schools.services.people import register_learner

VILLAGE = "440103001101"
TITLE = "手机入门班"
WEEKS = 4
FAMILY_NAMES = "陈林黄张李王吴刘蔡杨"
GIVEN_NAMES = ("秀英", "桂兰", "玉珍", "国强", "建华", "志明", "淑芬", "水生", "金妹", "福来")


@transaction.atomic
def make_demo_class(teacher: Any) -> ClassGroup | None:
    """Make the class and plan its sessions; None, and nothing changes, when it is there already
    or the village is not."""
    village = Unit.objects.filter(code=VILLAGE).first()
    if village is None or ClassGroup.objects.filter(unit=village, title=TITLE).exists():
        return None
    today = timezone.localdate()
    Appointment.objects.create(person=teacher, role=Role.TEACHER, unit=village, from_date=today)
    class_group = ClassGroup.objects.create(
        unit=village,
        title=TITLE,
        place="社区活动室，二楼",
        capacity=30,
        starts_on=today,
        ends_on=today + timedelta(weeks=WEEKS),
    )
    class_group.teachers.add(teacher)
    WeeklyTime.objects.bulk_create(
        WeeklyTime(
            class_group=class_group, weekday=weekday, starts_at=time(9, 30), ends_at=time(11)
        )
        for weekday in Weekday.values
    )
    for number in range(30):
        learner = register_learner(
            name=FAMILY_NAMES[number % 10] + GIVEN_NAMES[number * 7 // 10 % 10],
            unit=village,
            birth_year=1941 + number * 3 % 24,
        )
        enrol(learner, class_group, door=Door.DESK, recorded_by=teacher)
    plan_sessions(class_group)
    return class_group
