"""Exporting a manual of the workbench as a ZIP, and importing one."""

from io import BytesIO
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.manuals.editor.permissions import MemberRequest, for_members, manual_of
from lms.manuals.exchange.documents import PackageRefused
from lms.manuals.exchange.forms import PackageForm
from lms.manuals.exchange.omanual.making import omanual_of
from lms.manuals.exchange.omanual.reading import is_omanual, read_ifixit, read_omanual
from lms.manuals.exchange.packages import MOST_MIB, Package, package_of, read_package
from lms.manuals.exchange.services import import_manual


@require_safe
@for_members
def take_out(request: MemberRequest, pk: int, kind: str = "zip") -> HttpResponse:
    """Exports the newest version, whatever its state: our own ZIP, or an .omanual."""
    manual = manual_of(request, pk)
    newest = manual.versions.order_by("-number").values("pk")[:1]
    version = get_object_or_404(manual.versions.with_content(), pk__in=newest)
    name = f"manual-{manual.short_code}-{version.number}.{kind}"
    return HttpResponse(
        omanual_of(version) if kind == "omanual" else package_of(version),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def bring_in(request: MemberRequest) -> HttpResponse:
    """Imports a ZIP as a new draft; nothing is kept when any of it is refused."""
    form = PackageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["package"].read(MOST_MIB * 2**20 + 1)
            package = read_any(BytesIO(content))
            manual = import_manual(package, organisation=request.organisation, by=request.user)
        except PackageRefused as reason:
            form.add_error("package", str(reason))
        else:
            messages.success(request, _("带进来了，是一份草稿。看一遍再交审核。"))
            if package.left_out:
                said = _("有%(number)d张图片不在文件里，没有带进来。请自己加上。")
                messages.warning(request, said % {"number": package.left_out})
            return redirect("workbench:write", manual.pk)
    status = 422 if form.errors else 200
    return render(request, "manuals/exchange/bring_in.html", {"form": form}, status=status)


def read_any(file: BinaryIO) -> Package:
    """Of whichever kind it is, by what it holds. Raises PackageRefused."""
    if file.read(1) == b"{":
        file.seek(0)
        return read_ifixit(file)
    file.seek(0)
    try:
        with ZipFile(file) as archive:
            told_in_xml = is_omanual(archive)
    except BadZipFile:
        told_in_xml = False  # read_package says what is wrong
    file.seek(0)
    return read_omanual(file) if told_in_xml else read_package(file)
