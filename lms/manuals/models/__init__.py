from lms.manuals.models.answers import WordAnswer
from lms.manuals.models.drafts import DraftUndo
from lms.manuals.models.manuals import Manual, ManualVersion
from lms.manuals.models.organisations import (
    Invitation,
    Membership,
    Organisation,
    OrganisationDecision,
)
from lms.manuals.models.originals import Original
from lms.manuals.models.parts import (
    ManualStep,
    ManualTally,
    ManualTask,
    ManualTrouble,
    ManualWarning,
    Part,
    parts_in_order,
)
from lms.manuals.models.products import ManualPicture, ManualVideo, Product
from lms.manuals.models.reviews import Review, ReviewNote, ReviewTask
from lms.manuals.models.words import PlainWord

__all__ = [
    "DraftUndo",
    "Invitation",
    "Manual",
    "ManualPicture",
    "ManualStep",
    "ManualTally",
    "ManualTask",
    "ManualTrouble",
    "ManualVersion",
    "ManualVideo",
    "ManualWarning",
    "Membership",
    "Organisation",
    "OrganisationDecision",
    "Original",
    "Part",
    "PlainWord",
    "Product",
    "Review",
    "ReviewNote",
    "ReviewTask",
    "WordAnswer",
    "parts_in_order",
]
