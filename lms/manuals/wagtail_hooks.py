from typing import Any

from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from lms.manuals.choices import DecisionName
from lms.manuals.readability.viewsets import PlainWordViewSet
from lms.manuals.review.services.days import LOG_ACTION
from lms.manuals.review.views.decisions import log_action_of
from lms.manuals.review.viewsets.manuals import ManualViewSet
from lms.manuals.review.viewsets.organisations import OrganisationViewSet
from lms.manuals.review.viewsets.products import ProductViewSet

register_snippet(ManualViewSet)


@hooks.register("register_admin_viewset")
def register_organisation_viewset() -> OrganisationViewSet:
    return OrganisationViewSet()


@hooks.register("register_admin_viewset")
def register_product_viewset() -> ProductViewSet:
    return ProductViewSet()


@hooks.register("register_admin_viewset")
def register_plain_words_viewset() -> PlainWordViewSet:
    return PlainWordViewSet()


@hooks.register("register_log_actions")
def register_decisions(actions: Any) -> None:
    for name in DecisionName:
        actions.register_action(log_action_of(name), name.label, name.label)
    words = gettext_lazy("改了哪天给老人看、看到哪天")
    actions.register_action(LOG_ACTION, words, words)
