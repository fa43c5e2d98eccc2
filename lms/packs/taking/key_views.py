"""公钥: the city's own, to be given away, and those whose packs are taken in."""

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.access import SignedInRequest, for_staff
from lms.packs.models import TrustedKey
from lms.packs.refusals import PackError
from lms.packs.signing import (
    OWN,
    cease_to_trust,
    id_of,
    in_words,
    make_key,
    own_keys,
    trust_key,
    trusted_keys,
)
from lms.packs.taking.forms import KeyForm


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def keys(request: SignedInRequest) -> HttpResponse:
    """What there is; sent: one more is trusted."""
    _administrators(request)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = form.cleaned_data
        row = trust_key(words=told["key"], city=told["city"], by=request.user)
        messages.success(
            request,
            _("以后收%(city)s做的课程盘，编号%(id)s。") % {"city": row.city, "id": row.key_id},
        )
        return redirect("packs:keys")
    own, trouble = _own()
    context = {
        "form": form,
        "own": own,
        "trouble": trouble,
        "trusted": [(key_id, key.city) for key_id, key in trusted_keys().items() if key.city != OWN]
        if not trouble
        else [],
        "ended": TrustedKey.objects.filter(ended_at__isnull=False),
    }
    return render(request, "packs/keys.html", context, status=422 if form.errors else 200)


def _own() -> tuple[list[tuple[str, str, str]], str]:
    """Id, key and QR code of each, the newest first; and why they cannot be read."""
    try:
        public = [key.public_key() for key in own_keys()]
    except PackError as reason:
        return [], str(reason)
    words = [(id_of(key), in_words(key)) for key in public]
    return [
        (key_id, key, segno.make_qr(key, error="m").svg_data_uri(scale=6, border=2))
        for key_id, key in words
    ], ""


@require_POST
@for_staff
def own_key(request: SignedInRequest) -> HttpResponse:
    """The first; another one is made by the command, with its consequences in mind."""
    _administrators(request)
    try:
        make_key()
    except PackError as reason:
        messages.error(request, str(reason))
    return redirect("packs:keys")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def end_key(request: SignedInRequest, key_id: str) -> HttpResponse:
    """Asks once, and trusts it no more."""
    _administrators(request)
    known = trusted_keys().get(key_id)
    if known is None or known.city == OWN:
        raise Http404
    if request.method == "POST":
        cease_to_trust(key_id=key_id)
        messages.success(request, _("以后不收编号%(id)s签名的课程盘了。") % {"id": key_id})
        return redirect("packs:keys")
    return render(request, "packs/end_key.html", {"key_id": key_id, "city": known.city})


def _administrators(request: SignedInRequest) -> None:
    """Raises Http404 for everybody else: who is trusted is live at once on a box."""
    if not request.user.is_superuser:
        raise Http404
