"""Classes, their weekly pattern, the sessions that come of it, who is enrolled, and on which days
no class meets."""

from lms.classes.models.classes import ClassGroup, ClassGroupQuerySet, WeeklyTime
from lms.classes.models.days import CalendarDay, CalendarKey, ClosingDay
from lms.classes.models.enrolments import Enrolment, EnrolmentQuerySet
from lms.classes.models.sessions import (
    ROLL_OPENS_BEFORE,
    AddedAgain,
    ClassSession,
    ClassSessionQuerySet,
    HelperTime,
)

__all__ = [
    "ROLL_OPENS_BEFORE",
    "AddedAgain",
    "CalendarDay",
    "CalendarKey",
    "ClassGroup",
    "ClassGroupQuerySet",
    "ClassSession",
    "ClassSessionQuerySet",
    "ClosingDay",
    "Enrolment",
    "EnrolmentQuerySet",
    "HelperTime",
    "WeeklyTime",
]
