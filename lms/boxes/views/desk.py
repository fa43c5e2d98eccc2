"""The city's boxes, for officers: each in the units that are theirs."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.boxes import codes
from lms.boxes.choices import HeldState
from lms.boxes.forms import BoxForm
from lms.boxes.models import HeldLine, VillageBox
from lms.boxes.models.at_city import CODE_HOLDS, keeps_boxes
from lms.boxes.queries import standing_of
from lms.boxes.refusals import BoxRefused
from lms.boxes.services.registering import give_code, make_box, revoke_box
from lms.boxes.services.taking import give_up, try_again
from lms.people.choices import Looked
from lms.people.services.looks import note_look


def _require_officer(request: SignedInRequest) -> None:
    """Raises Http404; on a box itself there are no boxes."""
    if settings.BOX or not keeps_boxes(request.user):
        raise Http404


def _box_of(request: SignedInRequest, pk: int) -> VillageBox:
    _require_officer(request)
    boxes = VillageBox.objects.administered_by(request.user).select_related("unit", "made_by")
    return get_object_or_404(boxes, pk=pk)


@require_safe
@for_staff
def boxes(request: SignedInRequest) -> HttpResponse:
    _require_officer(request)
    found = VillageBox.objects.administered_by(request.user).with_waiting().select_related("unit")
    return render(request, "boxes/boxes.html", {"boxes": found})


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new(request: SignedInRequest) -> HttpResponse:
    _require_officer(request)
    form = BoxForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        box, code = make_box(
            name=form.cleaned_data["name"],
            unit=form.cleaned_data["unit"],
            made_by=request.user,
        )
        return _show_code(request, box, code)
    status = 422 if form.errors else 200
    return render(request, "boxes/new.html", {"form": form}, status=status)


def _show_code(request: SignedInRequest, box: VillageBox, code: str) -> HttpResponse:
    """This once: what is kept of it does not lead back to it."""
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    context = {
        "box": box,
        "code": codes.in_groups(code),
        "address": address,
        "days": CODE_HOLDS.days,
        "qr": segno.make_qr(f"{address} {code}", error="m").svg_data_uri(scale=6, border=2),
    }
    return render(request, "boxes/code.html", context)


@require_safe
@for_staff
def one(request: SignedInRequest, pk: int) -> HttpResponse:
    standing = standing_of(_box_of(request, pk))
    shown = len(standing.refused) + len(standing.waiting)
    if shown:
        note_look(request.user, Looked.DIRECTORY, rows=shown, about=_("盒子上没有收下的"))
    return render(request, "boxes/box.html", {"standing": standing, "box": standing.box})


@require_POST
@for_staff
def another_code(request: SignedInRequest, pk: int) -> HttpResponse:
    box = _box_of(request, pk)
    try:
        return _show_code(request, box, give_code(box))
    except BoxRefused as why:
        messages.error(request, str(why))
    return redirect("boxes:one", box.pk)


@require_POST
@for_staff
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    box = _box_of(request, pk)
    try:
        revoke_box(box, revoked_by=request.user)
    except BoxRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(
            request,
            _("停用了：%(box)s 的信以后都不收。盒子丢了的，请叫那里的老师改密码。") % {"box": box},
        )
    return redirect("boxes:one", box.pk)


@require_POST
@for_staff
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was refused, once more."""
    box = _box_of(request, pk)
    count = try_again(box)
    if count:
        messages.success(request, _("又收下了%(count)d条。") % {"count": count})
    else:
        messages.error(request, _("还是收不下。请看每一条写的原因。"))
    return redirect("boxes:one", box.pk)


@require_POST
@for_staff
def drop_line(request: SignedInRequest, pk: int, line: int) -> HttpResponse:
    box = _box_of(request, pk)
    held = HeldLine.objects.filter(box=box).exclude(state=HeldState.GIVEN_UP)
    give_up(get_object_or_404(held, pk=line), by=request.user)
    messages.success(request, _("记下了：这一条不收。"))
    return redirect("boxes:one", box.pk)
