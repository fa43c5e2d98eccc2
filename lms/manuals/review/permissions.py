"""Who may see and decide what in the admin."""

from wagtail.permission_policies import ModelPermissionPolicy

from lms.accounts.models import User
from lms.manuals.models import ManualVersion, Organisation
from lms.manuals.models.reviews import reviews_manuals


def may_review(user: User, version: ManualVersion) -> bool:
    """Nobody reviews a manual that they handed in or that their own organisation wrote; that
    holds for a superuser too."""
    return (
        reviews_manuals(user)
        and version.submitted_by_id != user.pk
        and not version.manual.organisation.members.filter(user=user).exists()
    )


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
