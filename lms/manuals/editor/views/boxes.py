"""What a manufacturer prints on the box: the manual's QR code, and the sentence under it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.paper import address_of
from lms.manuals.editor.box_codes import RESOLUTIONS, USUAL_MM, BoxCode
from lms.manuals.editor.forms.boxes import BoxCodeForm
from lms.manuals.editor.permissions import MemberRequest, for_members, manual_of
from lms.manuals.models import Manual


@require_safe
@for_members
def box_page(request: MemberRequest, pk: int) -> HttpResponse:
    """The code as it will be printed, its measures, and the files. `?mm` is the side's length."""
    manual = manual_of(request, pk)
    form = BoxCodeForm(request.GET if "mm" in request.GET else {"mm": USUAL_MM})
    side_mm = form.cleaned_data["mm"] if form.is_valid() else USUAL_MM
    code = BoxCode(address_of(manual.get_short_url()), side_mm)
    context = {
        "manual": manual,
        "form": form,
        "code": code,
        "resolutions": [(each, code.dots_an_inch(each)) for each in RESOLUTIONS],
        "sentence": sentence_under(manual),
    }
    return render(
        request, "manuals/editor/box.html", context, status=200 if form.is_valid() else 422
    )


@require_safe
@for_members
def box_svg(request: MemberRequest, pk: int, side_mm: int) -> HttpResponse:
    manual = manual_of(request, pk)
    code = _code_of(manual, side_mm)
    return _file(
        code.svg(words=sentence_under(manual)),
        "image/svg+xml",
        f"{manual.short_code}-{side_mm}mm.svg",
    )


@require_safe
@for_members
def box_png(request: MemberRequest, pk: int, side_mm: int, resolution: int) -> HttpResponse:
    manual = manual_of(request, pk)
    if resolution not in RESOLUTIONS:
        raise Http404
    code = _code_of(manual, side_mm)
    name = f"{manual.short_code}-{side_mm}mm-{resolution}dpi.png"
    return _file(code.png(resolution), "image/png", name)


def sentence_under(manual: Manual) -> str:
    """For whoever cannot scan; the field of /m/ takes the code."""
    site = address_of(reverse("manuals:by_code")).partition("://")[2]
    return _("用手机扫一扫，或者打开 %(site)s ，输入 %(code)s") % {
        "site": site,
        "code": manual.short_code,
    }


def _code_of(manual: Manual, side_mm: int) -> BoxCode:
    """Raises Http404 for a size that is not offered."""
    if not BoxCodeForm({"mm": side_mm}).is_valid():
        raise Http404
    return BoxCode(address_of(manual.get_short_url()), side_mm)


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Shown where a page has it as a picture, kept where a link leads to it."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
