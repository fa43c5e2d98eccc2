"""The box's own page, for whoever stands in front of it."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.access import SignedInRequest, for_staff
from lms.boxes.forms import CodeForm
from lms.boxes.line import LineCut, speak_with_city
from lms.boxes.local_network import address_here
from lms.boxes.models import Home
from lms.boxes.packs import pack_edition, pack_standing
from lms.boxes.refusals import BoxRefused
from lms.boxes.services.journal import waiting_batches
from lms.boxes.services.registering import say_hello, this_box
from lms.helpline.models import answers_help
from lms.limits import allows, refuse


def _require_box() -> None:
    if not settings.BOX:
        raise Http404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def box_page(request: HttpRequest) -> HttpResponse:
    """What it is, how it stands, and before it is registered the field for the code."""
    _require_box()
    home = this_box()
    sent = request.POST if request.method == "POST" else None
    form = CodeForm(sent, initial={"city_address": home.city_address})
    if request.method == "POST":
        if not allows(request, "box_hello"):
            return refuse(request)
        if form.is_valid() and _may_register(request, home):
            return _register(request, form)
    status = 422 if form.errors else 200
    return render(request, "boxes/here.html", _context(request, home, form), status=status)


def _may_register(request: HttpRequest, home: Home) -> bool:
    """Anybody who has a code, the first time and after the city has refused it; else who works
    here."""
    return not home.is_registered or home.is_refused or answers_help(request.user)


def _context(request: HttpRequest, home: Home, form: CodeForm) -> dict[str, object]:
    address = address_here(request)
    waiting = waiting_batches()
    return {
        "home": home,
        "form": form,
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=6, border=2),
        "waiting": sum(waiting.values_list("lines", flat=True)),
        "asks_for_code": not home.is_registered or home.is_refused,
        "works_here": answers_help(request.user),
        "pack": pack_standing(),
    }


def _register(request: HttpRequest, form: CodeForm) -> HttpResponse:
    say_hello(**form.cleaned_data)
    try:
        speak_with_city(pack_edition=pack_edition())
    except (LineCut, BoxRefused) as why:
        messages.error(request, str(why))
    else:
        if this_box().is_registered:
            messages.success(request, _("登记好了。"))
        else:
            messages.success(request, _("号码记下了。请用U盘把登记的信带到市里。"))
    return redirect("box_here")


@require_POST
@for_staff
def speak_now(request: SignedInRequest) -> HttpResponse:
    """Not wait for the clock."""
    _require_box()
    if not answers_help(request.user):
        raise Http404
    try:
        spoken = speak_with_city(pack_edition=pack_edition())
    except (LineCut, BoxRefused) as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("说过了：交了%(count)d批。") % {"count": spoken.batches})
    return redirect("box_here")
