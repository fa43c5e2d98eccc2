"""我遇到了: three presses, by a finger or a remote control, without a name and without blame."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.going_back import page_before
from lms.alerts.choices import FraudKind, FraudWay
from lms.alerts.models import Alert
from lms.alerts.models.met import OWN_WORDS_MOST
from lms.alerts.services import tell_met
from lms.helpline.my_village import MyVillage
from lms.limits import allows
from lms.units.models import Unit


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def met(request: HttpRequest) -> HttpResponse:
    """Which kind, then how it came, then, if one likes, in own words: each is a page. `alert`: the
    one below which the button was."""
    said = request.POST if request.method == "POST" else request.GET
    before = page_before(request)
    kind, way = said.get("kind", ""), said.get("way", "")
    under = said.get("alert", "")
    context: dict[str, Any] = {
        "before": before,
        "kind": FraudKind(kind) if kind in FraudKind.values else None,
        "way": FraudWay(way) if way in FraudWay.values else None,
        "under": under if under.isascii() and under.isdigit() else "",
        "kinds": FraudKind.choices,
        "ways": FraudWay.choices,
        "most": OWN_WORDS_MOST,
    }
    context["so_far"] = urlencode(
        [(name, context[key]) for name, key in SO_FAR if context[key]] + [("next", before)]
    )
    context["up"] = _up(context)
    if request.method == "POST" and context["kind"] and context["way"]:
        if allows(request, "met"):
            _tell(request, context, words=said.get("words", "").strip()[:OWN_WORDS_MOST])
            return redirect(f"{reverse('alerts:thanks')}?{urlencode({'next': before})}")
        context["problem"] = _("这里今天告诉我们的次数太多了。请直接打96110。")
    status = 422 if "problem" in context else 200
    return render(request, "alerts/met.html", context, status=status)


#: What goes along from page to page.
SO_FAR = (("kind", "kind"), ("way", "way"), ("alert", "under"))


def _up(context: dict[str, Any]) -> str:
    """One press back: to the question before."""
    if not context["kind"]:
        return str(context["before"])
    earlier = {"kind": context["kind"]} if context["way"] else {}
    rest = {"alert": context["under"], "next": context["before"]}
    return f"?{urlencode(earlier | rest)}"


def _tell(request: HttpRequest, context: dict[str, Any], *, words: str) -> None:
    """The village that the screen stands in; else the unit of the alert, as of whoever scanned a
    poster there; else the city."""
    keys = [context["under"]] if context["under"] else []
    under = Alert.objects.select_related("unit").filter(pk__in=keys).first()
    tell_met(
        unit=MyVillage(request).unit or (under.unit if under else _topmost_unit()),
        kind=context["kind"],
        way=context["way"],
        words=words,
        alert=under,
    )


def _topmost_unit() -> Unit:
    unit: Unit | None = Unit.objects.open().order_by("depth", "path").first()
    if unit is None:
        raise Http404
    return unit


@require_safe
@never_cache
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "alerts/thanks.html", {"before": page_before(request)})
