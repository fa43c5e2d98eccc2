"""Who works where, who learns, and who may act for whom."""

from lms.people.models.delegates import Delegate, DelegateQuerySet
from lms.people.models.learners import (
    ERASED_NAME,
    NUMBER_LENGTH,
    Learner,
    LearnerQuerySet,
    is_learner_number,
)
from lms.people.models.looks import LEAST_KEPT, Look, LookIsFinal, LookQuerySet
from lms.people.models.merges import (
    UNDONE_WITHIN,
    LearnerMerge,
    LearnerMergeQuerySet,
    ToldApart,
)
from lms.people.models.roles import (
    RoleAssignment,
    RoleAssignmentQuerySet,
    RoleEvent,
    RoleEventIsFinal,
    UnitsByRole,
    administered_by,
    appoints,
    holds_office,
    may_appoint,
    people_with_role_over,
    supervised_by,
    supervised_units,
    units_by_role,
)
from lms.people.models.slips import Slip

__all__ = [
    "ERASED_NAME",
    "LEAST_KEPT",
    "NUMBER_LENGTH",
    "UNDONE_WITHIN",
    "Delegate",
    "DelegateQuerySet",
    "Learner",
    "LearnerMerge",
    "LearnerMergeQuerySet",
    "LearnerQuerySet",
    "Look",
    "LookIsFinal",
    "LookQuerySet",
    "RoleAssignment",
    "RoleAssignmentQuerySet",
    "RoleEvent",
    "RoleEventIsFinal",
    "Slip",
    "ToldApart",
    "UnitsByRole",
    "administered_by",
    "appoints",
    "holds_office",
    "is_learner_number",
    "may_appoint",
    "people_with_role_over",
    "supervised_by",
    "supervised_units",
    "units_by_role",
]
