"""A version as elders will see it: on a television, on a phone, on paper."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from courses.paper import PaperNotReady
from lms.manuals.catalogue.pdfs import manual_card, manual_pdf
from lms.manuals.catalogue.views.previewing import preview_pages_of, preview_screen
from lms.manuals.editor.permissions import MemberRequest, for_members, manual_of
from lms.manuals.models import Manual, ManualPicture, ManualVersion

LOOKS = {
    "television": _("电视"),
    "phone": _("手机"),
    "paper": _("纸上"),
}
PDFS = {"card": manual_card, "manual": manual_pdf}
PDF_LABELS = {"card": _("一张卡，挂在机器旁边"), "manual": _("全部")}


@require_safe
@for_members
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """One page at a time, in the frame of a television or a phone; `?as` and `?page`."""
    manual = manual_of(request, pk)
    version = _shown(manual)
    look = request.GET.get("as", "")
    if look not in LOOKS:
        look = "television"
    pages = preview_pages_of(version)
    names = [each.name for each in pages]
    page = request.GET.get("page", "")
    number = names.index(page) if page in names else 0
    context = {
        "manual": manual,
        "product": manual.product,
        "version": version,
        "looks": LOOKS.items(),
        "look": look,
        "pages": pages,
        "shown_page": pages[number],
        "before": pages[number - 1] if number else None,
        "after": pages[number + 1] if number + 1 < len(pages) else None,
        "number": number + 1,
        "pdfs": PDF_LABELS.items(),
        "pdf": page if page in PDFS else "card",
    }
    return render(request, "manuals/editor/preview.html", context)


@require_safe
@for_members
def screen(request: MemberRequest, pk: int, screen: str) -> HttpResponse:
    """What the frame shows: the elders' own page with the draft's words; its links lead nowhere."""
    manual = manual_of(request, pk)
    version = _shown(manual)
    if screen in PDFS:
        return _pdf(version, screen)
    return preview_screen(request, version, screen, url_of=own_url)


def _shown(manual: Manual) -> ManualVersion:
    """The newest version, whatever its state."""
    version = manual.versions.with_content().order_by("-number").first()
    if version is None:
        raise Http404
    return version


def own_url(picture: ManualPicture) -> str:
    return reverse("workbench:picture", args=[picture.key])


def _pdf(version: ManualVersion, name: str) -> HttpResponse:
    try:
        content = PDFS[name](version)
    except PaperNotReady as reason:
        return HttpResponse(str(reason), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
