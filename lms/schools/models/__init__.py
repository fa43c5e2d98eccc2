from lms.schools.models.classes import (
    ClassGroup,
    ClassSession,
    ClosingDay,
    Enrolment,
    HelperTime,
    WeeklyTime,
)
from lms.schools.models.help import HelpRequest
from lms.schools.models.people import Appointment, Learner, Proxy
from lms.schools.models.roll import Device, Mark, RollEvent
from lms.schools.models.units import Succession, Unit, UnitPast

__all__ = [
    "Appointment",
    "ClassGroup",
    "ClassSession",
    "ClosingDay",
    "Device",
    "Enrolment",
    "HelpRequest",
    "HelperTime",
    "Learner",
    "Mark",
    "Proxy",
    "RollEvent",
    "Succession",
    "Unit",
    "UnitPast",
    "WeeklyTime",
]
