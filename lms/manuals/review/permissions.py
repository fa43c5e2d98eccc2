"""Who may see and decide what in the admin."""

from django.utils.translation import gettext as _
from wagtail.permission_policies import ModelPermissionPolicy

from lms.accounts.models import User
from lms.manuals.models import ManualVersion, Organisation
from lms.manuals.models.reviews import reviews_manuals


def why_not_review(user: User, version: ManualVersion) -> str:
    """Why the user may not answer the question that the version waits for; empty: he may.

    Nobody reviews a manual that they handed in or that their own organisation wrote, and nobody
    answers both questions about one that two people must approve; that holds for a superuser too.
    """
    if reason := why_not_decide(user, version):
        return reason
    if version.manual.product.needs_two_reviewers and version.reviews.filter(reviewer=user):
        return _("医疗和健康产品要两个人审。前一步是您审的，这一步请另一个人审。")
    return ""


def why_not_decide(user: User, version: ManualVersion) -> str:
    """Why the user may decide nothing about the manual; empty: he may."""
    if (
        not reviews_manuals(user)
        or version.submitted_by_id == user.pk
        or version.manual.organisation.members.filter(user=user).exists()
    ):
        return _("自己写的或者自己单位的说明书，要请别人审。")
    return ""


def may_decide(user: User, organisation: Organisation) -> bool:
    """Nobody decides about the organisation that they work for; that holds for a superuser too."""
    return bool(
        user.is_active
        and user.has_perm("manuals.decide_organisation")
        and not organisation.members.filter(user=user).exists()
    )


class OrganisationPermissionPolicy(ModelPermissionPolicy):
    """Whoever decides about organisations may view them. Nobody adds, edits or deletes one."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action == "view" and user.has_perm("manuals.decide_organisation")


class ProductPermissionPolicy(ModelPermissionPolicy):
    """Whoever reviews manuals or decides about organisations may view all products."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action == "view" and (
            reviews_manuals(user) or user.has_perm("manuals.decide_organisation")
        )


class ManualPermissionPolicy(ModelPermissionPolicy):
    """Reviewers view manuals and open the review page ("change"); nothing else is done here."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action in {"view", "change"} and reviews_manuals(user)
