from typing import Any

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from lms.manuals.review_viewset import ManualViewSet
from lms.manuals.viewsets import DECISIONS, OrganisationViewSet
from lms.manuals.words_viewset import PlainWordViewSet

register_snippet(ManualViewSet)


@hooks.register("register_admin_viewset")
def register_organisation_viewset() -> OrganisationViewSet:
    return OrganisationViewSet()


@hooks.register("register_admin_viewset")
def register_plain_words_viewset() -> PlainWordViewSet:
    return PlainWordViewSet()


@hooks.register("register_log_actions")
def register_decisions(actions: Any) -> None:
    for name, (_state, label, _verb) in DECISIONS.items():
        actions.register_action(f"manuals.{name}_organisation", label, label)
