"""A manual out of the workbench as a ZIP, and into it from one."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.plain_forms import PlainForm
from lms.manuals.exchange import PackageRefused, package_of, read_package
from lms.manuals.permissions import MemberRequest, for_members
from lms.manuals.services.importing import import_manual
from lms.manuals.views.desk import manual_of


class PackageForm(PlainForm):
    package = forms.FileField(
        label=gettext_lazy("压缩包"),
        help_text=gettext_lazy("以前从这里存下来的，或者按我们的格式做的ZIP。"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={"empty": gettext_lazy("文件是空的。请再选一次。")},
    )


@require_safe
@for_members
def take_out(request: MemberRequest, pk: int) -> HttpResponse:
    """The newest version, whatever its state: it is their own."""
    manual = manual_of(request, pk)
    newest = manual.versions.order_by("-number").values("pk")[:1]
    version = get_object_or_404(manual.versions.with_content(), pk__in=newest)
    name = f"manual-{manual.short_code}-{version.number}.zip"
    return HttpResponse(
        package_of(version),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def bring_in(request: MemberRequest) -> HttpResponse:
    """A new draft with what the ZIP says; nothing of it is kept when one thing is refused."""
    form = PackageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            package = read_package(form.cleaned_data["package"])
            manual = import_manual(package, organisation=request.organisation, by=request.user)
        except PackageRefused as reason:
            form.add_error("package", str(reason))
        else:
            messages.success(request, _("带进来了，是一份草稿。看一遍再交审核。"))
            return redirect("workbench:write", manual.pk)
    status = 422 if form.errors else 200
    return render(request, "manuals/workbench/bring_in.html", {"form": form}, status=status)
