"""Letting a television in with a phone, who watches on it, and throwing it out again.

The screen's two cookies are signed and out of scripts' reach: `pairing`, its token for ten minutes,
and `television`, the key of the household's television that it has become.
"""

import random
from typing import Any, ClassVar

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.progress.screen import set_aside
from lms.accounts.views.account import signed_in
from lms.limits import allows, refuse
from lms.people.choices import DelegateScope
from lms.people.models import Delegate, DelegateQuerySet
from lms.tv import services
from lms.tv.household import TELEVISION_COOKIE, television_of
from lms.tv.middleware import ON_TELEVISION
from lms.tv.models import Pairing, Television, TelevisionPerson
from lms.tv.models.televisions import PAIRING_LASTS, TelevisionPersonQuerySet

#: Where a phone signs in that is not: most have no password.
BY_TELEPHONE = "account_request_login_code"
PAIRING_COOKIE = "pairing"
TELEVISION_COOKIE_SECONDS = 400 * 24 * 3600  # as long as browsers keep any
#: How many numbers the phone offers; only one of them stands on the television.
MATCHES_OFFERED = 3


def keep(response: HttpResponse, name: str, value: str, *, seconds: int) -> None:
    response.set_signed_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


# --- On the television ------------------------------------------------------------------------


@require_safe
@never_cache
def who(request: HttpRequest) -> HttpResponse:
    """Who is watching? Each person of the household has a picture."""
    television = television_of(request)
    people = [] if television is None else television.people.let_in().select_related("user")
    return render(request, "tv/who.html", {"people": people})


@require_POST
def watch_as(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in by one's picture: the television itself was let in by one's phone."""
    television = television_of(request)
    people = TelevisionPerson.objects.let_in()
    people = people.filter(television=television, user__is_active=True)
    person = get_object_or_404(people.select_related("user", "television"), pk=pk)
    sign_in(request, person)
    return redirect("/")


def sign_in(request: HttpRequest, person: TelevisionPerson) -> None:
    """Django's own login, which gives the session another key. What was learnt on this screen
    without a name may be anybody's of the household, and stays with it."""
    set_aside(request)
    login(request, person.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[ON_TELEVISION] = person.pk
    services.see(person)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def pair(request: HttpRequest) -> HttpResponse:
    """POST begins; the page then shows a QR code and six digits until a phone has confirmed."""
    if request.method != "POST":
        return render(request, "tv/pair.html")
    if not allows(request, "television_pair"):
        return refuse(request)
    offer = services.offer_pairing()
    address = request.build_absolute_uri(f"{reverse('tv:confirm')}?code={offer.code}")
    context = {
        "offer": offer,
        "address": request.build_absolute_uri(reverse("tv:confirm")),
        "qr": segno.make(address, error="m").svg_data_uri(scale=8, border=2),
        "minutes": PAIRING_LASTS.seconds // 60,
    }
    response = render(request, "tv/pair.html", context)
    keep(response, PAIRING_COOKIE, offer.token, seconds=PAIRING_LASTS.seconds)
    return response


def own_pairing(request: HttpRequest) -> Pairing | None:
    token = request.get_signed_cookie(PAIRING_COOKIE, "")
    return services.pairing_of_token(token) if token else None


@require_safe
@never_cache
def pair_state(request: HttpRequest) -> JsonResponse:
    """What the screen's script asks every few seconds."""
    pairing = own_pairing(request)
    state = "over" if pairing is None else "confirmed" if pairing.confirmed_for_id else "waiting"
    return JsonResponse({"state": state})


@require_POST
@never_cache
def finish(request: HttpRequest) -> HttpResponse:
    """The screen goes in, once its phone has confirmed."""
    token = request.get_signed_cookie(PAIRING_COOKIE, "") or ""
    try:
        person = services.finish_pairing(token, television=television_of(request))
    except services.PairingRefused as reason:
        return render(request, "tv/pair.html", {"problem": str(reason)}, status=409)
    sign_in(request, person)
    response = redirect("/")
    response.delete_cookie(PAIRING_COOKIE)
    key = str(person.television.key)
    keep(response, TELEVISION_COOKIE, key, seconds=TELEVISION_COOKIE_SECONDS)
    return response


# --- On the phone -----------------------------------------------------------------------------


@login_required(login_url=BY_TELEPHONE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """First the six digits (the QR code brings them along), then the number on the television."""
    typed = request.POST.get("code") or request.GET.get("code", "")
    code = "".join(character for character in typed if character.isdecimal())
    if not code:
        return render(request, "tv/confirm.html")
    if not allows(request, "television_code", only_look=True):
        return refuse(request)
    pairing = services.pairing_of_code(code)
    if pairing is None:
        allows(request, "television_code")  # counts, whichever way the digits came
        problem = _("没有这个数字，或者已经过期。请看着电视再输一次。")
        return render(request, "tv/confirm.html", {"problem": problem}, status=422)
    match = request.POST.get("match", "")
    if not match.isdecimal():
        return render(request, "tv/confirm.html", _choice(request, code, pairing))
    try:
        let_in = services.confirm_pairing(
            pairing, match=int(match), confirmed_by=signed_in(request), delegate=_delegate(request)
        )
    except services.PairingRefused as reason:
        return render(request, "tv/confirm.html", {"problem": str(reason)}, status=409)
    return render(request, "tv/confirmed.html", {"let_in": let_in}, status=200 if let_in else 409)


def _choice(request: HttpRequest, code: str, pairing: Pairing) -> dict[str, Any]:
    """Three numbers in an order that tells nothing, the same each time the page is shown."""
    chance = random.Random(f"{pairing.pk} {settings.SECRET_KEY}")  # noqa: S311  # no secret by itself
    others = [number for number in range(10, 100) if number != pairing.match]
    offered = [pairing.match, *chance.sample(others, MATCHES_OFFERED - 1)]
    chance.shuffle(offered)
    return {"code": code, "offered": offered, "delegates": _delegates(request)}


def _delegates(request: HttpRequest) -> DelegateQuerySet:
    """For whom the person may confirm, beside himself."""
    scopes = (DelegateScope.SIGN_IN, DelegateScope.ALL)
    in_force = Delegate.objects.in_force().filter(person=request.user.pk, scope__in=scopes)
    return in_force.select_related("learner__user")


def _delegate(request: HttpRequest) -> Delegate | None:
    chosen = request.POST.get("delegate", "")
    return get_object_or_404(_delegates(request), pk=chosen) if chosen.isdecimal() else None


@require_safe
@login_required(login_url=BY_TELEPHONE)
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """The televisions on which one can watch without typing, and those that one let in for others:
    a learner without a number and password has nobody else to throw them out."""
    people = TelevisionPerson.objects.let_in().in_the_hands_of(request.user)
    people = people.select_related("television", "delegate__learner")
    return render(request, "tv/mine.html", {"people": people})


def people_of(request: HttpRequest) -> TelevisionPersonQuerySet:
    """Oneself, on each television; whom one let in for others is not among them."""
    return TelevisionPerson.objects.let_in().filter(user=request.user.pk)


class TelevisionNameForm(forms.ModelForm[Television]):
    class Meta:
        model = Television
        fields: ClassVar = ["name"]
        labels: ClassVar = {"name": gettext_lazy("电视叫什么")}
        error_messages: ClassVar = {
            "name": {"required": gettext_lazy("请写一个名字，例如：客厅的电视。")}
        }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required(login_url=BY_TELEPHONE)
@never_cache
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(people_of(request).select_related("television"), pk=pk)
    form = TelevisionNameForm(request.POST or None, instance=person.television)
    if request.method == "POST" and form.is_valid():
        services.rename(person.television, name=form.cleaned_data["name"])
        messages.success(request, _("名字改好了。"))
        return redirect("tv:mine")
    return render(request, "tv/rename.html", {"person": person, "form": form})


@require_POST
@login_required(login_url=BY_TELEPHONE)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    people = TelevisionPerson.objects.in_the_hands_of(request.user)
    person = get_object_or_404(people.select_related("television", "delegate__learner"), pk=pk)
    services.revoke(person)
    said = {"television": person.television.name}
    if person.user_id == request.user.pk or person.delegate is None:
        words = _("“%(television)s”已经退出，不再记着您。")
    else:
        words = _("“%(television)s”已经退出，不再记着%(name)s。")
        said["name"] = person.delegate.learner.name
    messages.success(request, words % said)
    return redirect("tv:mine")


# --- Either -----------------------------------------------------------------------------------


@require_safe
@never_cache
def on_phone(request: HttpRequest) -> HttpResponse:
    """Where a television leads when something of the account was asked of it."""
    return render(request, "tv/on_phone.html")
