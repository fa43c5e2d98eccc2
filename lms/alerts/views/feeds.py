"""RSS of what is live: of the whole city, and of one unit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from courses.sharing import whole_address
from lms.alerts.models import Alert
from lms.units.models import Unit, path_over

SECONDS = 60
ALERTS_IN_A_FEED = 50


class AllAlerts(Feed):
    """Of all units: for whoever looks after the city."""

    title: Any = gettext_lazy("防骗提醒")
    description = gettext_lazy("骗子怎么说，您怎么办，打哪个电话。")
    language = "zh-CN"
    item_guid_is_permalink = False

    def link(self) -> str:
        return whole_address(reverse("alerts:here"))

    def items(self, obj: Any = None) -> Iterable[Alert]:
        return list(Alert.objects.live().select_related("unit")[:ALERTS_IN_A_FEED])

    def item_title(self, item: Alert) -> str:
        return item.title

    def item_description(self, item: Alert) -> str:
        parts = (
            _("骗子怎么说：%(words)s") % {"words": item.says},
            _("您怎么办：%(words)s") % {"words": item.todo},
            _("打哪个电话：%(words)s") % {"words": item.calls},
            _("%(unit)s，到%(day)s") % {"unit": item.unit, "day": f"{item.last_moment:%Y-%m-%d}"},
        )
        return "\n".join(parts)

    def item_link(self, item: Alert) -> str:
        return whole_address(reverse("alerts:alert", args=[item.pk]))

    def item_guid(self, item: Alert) -> str:
        return f"alert-{item.pk}"

    def item_pubdate(self, item: Alert) -> datetime:
        return max(item.starts_at, item.confirmed_at or item.starts_at)


class AlertsOfUnit(AllAlerts):
    """What a screen in that unit shows: its own, and those of the units above it."""

    def get_object(self, request: HttpRequest, code: str) -> Unit:
        unit: Unit = get_object_or_404(Unit.objects.open(), code=code)
        return unit

    def title(self, obj: Unit) -> str:
        return _("防骗提醒：%(unit)s") % {"unit": obj.name}

    def items(self, obj: Any = None) -> Iterable[Alert]:
        here = Alert.objects.live().filter(path_over(obj, prefix="unit__"))
        return list(here.select_related("unit")[:ALERTS_IN_A_FEED])


all_alerts = require_safe(cache_control(max_age=SECONDS)(AllAlerts()))
alerts_of_unit = require_safe(cache_control(max_age=SECONDS)(AlertsOfUnit()))
