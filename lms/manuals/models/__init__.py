from lms.manuals.models.content import ManualWarning, Step, Tally, Task, Trouble
from lms.manuals.models.manuals import Manual, ManualVersion
from lms.manuals.models.organisations import Membership, Organisation, OrganisationDecision
from lms.manuals.models.products import ManualPicture, ManualVideo, Product
from lms.manuals.models.review import Review, ReviewTask
from lms.manuals.models.words import PlainWord

__all__ = [
    "Manual",
    "ManualPicture",
    "ManualVersion",
    "ManualVideo",
    "ManualWarning",
    "Membership",
    "Organisation",
    "OrganisationDecision",
    "PlainWord",
    "Product",
    "Review",
    "ReviewTask",
    "Step",
    "Tally",
    "Task",
    "Trouble",
]
