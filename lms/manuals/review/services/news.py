"""What those who work for a manufacturer hear of a review."""

from django.urls import reverse
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.manuals.choices import VersionState
from lms.manuals.models import ManualVersion, Review
from lms.notices.audiences import Audience
from lms.notices.choices import NoticeReason
from lms.notices.services import tell


def tell_makers(version: ManualVersion, review: Review) -> None:
    """Everybody who works for its organisation, on their page and in the morning's digest. The
    version stands as it does after the answer."""
    organisation = version.manual.organisation
    members = User.objects.filter(manufacturer__organisation=organisation)
    tell(
        reason=NoticeReason.REVIEW,
        audience=Audience(people=list(members)),
        unit=None,
        staff_text=_words(version) % {"title": version.title},
        address=reverse("workbench:manual", args=[version.manual_id]),
        key=f"review:{review.pk}",
    )


def _words(version: ManualVersion) -> str:
    match version.state:
        case VersionState.RETURNED:
            return _("“%(title)s”退回来了，请看审核的人怎么说。")
        case VersionState.SUBMITTED:
            return _("“%(title)s”审过了一步，还要再审一步。")
        case VersionState.PLANNED:
            return _("“%(title)s”审过了，到了日子就上线。")
        case _state:
            return _("“%(title)s”审过了，老人已经看得到。")
