from lms.schools.models.calendars import CalendarDay, CalendarKey
from lms.schools.models.classes import (
    ClassGroup,
    ClassSession,
    ClosingDay,
    Enrolment,
    HelperTime,
    WeeklyTime,
)
from lms.schools.models.figures import (
    DirtyMonth,
    Recount,
    Seen,
    SessionFigures,
    UnitDay,
    UnitPeriod,
)
from lms.schools.models.help import HelpRequest
from lms.schools.models.people import Appointment, Learner, Proxy
from lms.schools.models.roll import Device, HeadcountCorrection, Mark, RollEvent
from lms.schools.models.rosters import RosterEntry, RosterImport
from lms.schools.models.units import Succession, Unit, UnitPast

__all__ = [
    "Appointment",
    "CalendarDay",
    "CalendarKey",
    "ClassGroup",
    "ClassSession",
    "ClosingDay",
    "Device",
    "DirtyMonth",
    "Enrolment",
    "HeadcountCorrection",
    "HelpRequest",
    "HelperTime",
    "Learner",
    "Mark",
    "Proxy",
    "Recount",
    "RollEvent",
    "RosterEntry",
    "RosterImport",
    "Seen",
    "SessionFigures",
    "Succession",
    "Unit",
    "UnitDay",
    "UnitPast",
    "UnitPeriod",
    "WeeklyTime",
]
