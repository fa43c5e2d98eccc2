"""The first page of the workbench, the products, and the organisation's pictures."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.manuals.editor.forms.products import ProductForm
from lms.manuals.editor.permissions import MemberRequest, for_members
from lms.manuals.editor.picture_files import PictureRefused
from lms.manuals.editor.queries import product_lines
from lms.manuals.editor.services.pictures import keep_picture
from lms.manuals.editor.services.products import (
    ProductRefused,
    add_product,
    change_product,
    remove_product,
    was_handed_in,
)
from lms.manuals.editor.services.versions import VersionRefused, start_manual
from lms.manuals.models import ManualPicture, Product
from media.views import serve_stored

FIELDS = (
    "brand", "model", "name", "kind", "catalogue_year", "catalogue_class", "catalogue_number",
)  # fmt: skip


@require_safe
@for_members
def home(request: MemberRequest) -> HttpResponse:
    lines = product_lines(request.organisation)
    context = {
        "organisation": request.organisation,
        "lines": lines,
        "returned": [m for line in lines for m in line.manuals if m.was_returned],
        "half_way": [m for line in lines for m in line.manuals if m.half_way],
        "just_live": [m for line in lines for m in line.manuals if m.is_just_live],
    }
    return render(request, "manuals/editor/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def new_product(request: MemberRequest) -> HttpResponse:
    """Add a product."""
    return _product_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def edit_product(request: MemberRequest, pk: int) -> HttpResponse:
    return _product_page(request, _product_of(request, pk))


@require_POST
@for_members
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    product = _product_of(request, pk)
    try:
        remove_product(product)
    except ProductRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("删掉了%(product)s。") % {"product": product})
    return redirect("workbench:home")


@require_POST
@for_members
def start(request: MemberRequest, pk: int) -> HttpResponse:
    product = _product_of(request, pk)
    title = _("%(product)s怎么用") % {"product": f"{product.brand}{product.name}"}
    try:
        manual = start_manual(product=product, by=request.user, title=title[:60])
    except VersionRefused as reason:
        messages.error(request, str(reason))
        return redirect("workbench:home")
    return redirect("workbench:write", manual.pk)


@require_safe
@for_members
def picture(request: MemberRequest, key: UUID) -> HttpResponseBase:
    kept = get_object_or_404(ManualPicture.objects.of(request.organisation), key=key)
    return serve_stored(request, str(kept.file))


def _product_of(request: MemberRequest, pk: int) -> Product:
    return get_object_or_404(Product.objects.of(request.organisation), pk=pk)


def _product_page(request: MemberRequest, product: Product | None) -> HttpResponse:
    initial = {name: getattr(product, name) for name in FIELDS} if product else {}
    form = ProductForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, product, form)
        except PictureRefused as reason:
            form.add_error("photo", str(reason))
        except (ProductRefused, ValidationError) as reason:
            form.add_error(None, _words(reason))
        else:
            return redirect("workbench:home")
    context = {
        "form": form,
        "product": product,
        "is_fixed": product is not None and was_handed_in(product),
        "may_remove": product is not None and not product.manuals.exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "manuals/editor/product.html", context, status=status)


def _keep(request: MemberRequest, product: Product | None, form: ProductForm) -> None:
    """Raises what the services raise."""
    fields: dict[str, Any] = {name: form.cleaned_data[name] for name in FIELDS}
    fields["picture"] = product.picture if product else None
    if photo := form.cleaned_data["photo"]:
        fields["picture"] = keep_picture(
            organisation=request.organisation,
            file=photo,
            original_name=photo.name or "",
            by=request.user,
        )
    if product is None:
        add_product(organisation=request.organisation, **fields)
        messages.success(request, _("加好了。现在可以给它写说明书。"))
    else:
        change_product(product, **fields)
        messages.success(request, _("改好了。"))


def _words(reason: Exception) -> str:
    return " ".join(reason.messages) if isinstance(reason, ValidationError) else str(reason)
