"""What an area's screens say: warnings of frauds, emergencies, and what learners met."""

from lms.alerts.models.events import AlertEvent, AlertEventIsFinal
from lms.alerts.models.met import DrillIdea, MetFraud
from lms.alerts.models.read_outs import ReadOut
from lms.alerts.models.texts import (
    WRITES,
    Alert,
    AlertQuerySet,
    EmergencyNotice,
    EmergencyNoticeQuerySet,
    writes_alerts,
)

__all__ = [
    "WRITES",
    "Alert",
    "AlertEvent",
    "AlertEventIsFinal",
    "AlertQuerySet",
    "DrillIdea",
    "EmergencyNotice",
    "EmergencyNoticeQuerySet",
    "MetFraud",
    "ReadOut",
    "writes_alerts",
]
