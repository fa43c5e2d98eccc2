"""From a maker's own file to a draft: choosing it, waiting for it, what was found in it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.manuals.choices import OriginalState
from lms.manuals.editor.forms.products import ProductForm
from lms.manuals.editor.permissions import MemberRequest, for_members
from lms.manuals.editor.services.products import ProductRefused, add_product
from lms.manuals.editor.services.versions import VersionRefused
from lms.manuals.exchange.originals.forms import OriginalForm
from lms.manuals.exchange.originals.items import FileRefused
from lms.manuals.exchange.originals.services import (
    drafted,
    make_draft,
    start_reading,
    take_original,
)
from lms.manuals.exchange.originals.wording import doubt_in_words, refusal_in_words
from lms.manuals.models import Original, Product
from media.views import serve_file

#: What a file may tell of a product, and what its form asks.
TOLD = ("brand", "model", "name")
ASKED = (*TOLD, "kind")
#: After which the page of a file that is being read asks again.
LOOKS_AGAIN_SECONDS = 2


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def new_original(request: MemberRequest) -> HttpResponse:
    """Choose a file. It is read in the background, and the next page shows how far that is."""
    initial = {"product": request.GET.get("product", "")}
    form = OriginalForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        organisation=request.organisation,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            original = take_original(
                form.cleaned_data["document"],
                organisation=request.organisation,
                product=form.cleaned_data["product"],
                by=request.user,
            )
        except FileRefused as refused:
            form.add_error("document", refusal_in_words(refused.name, refused.said))
        else:
            start_reading(original)
            return redirect("workbench:original", original.key)
    status = 422 if form.errors else 200
    return render(request, "manuals/exchange/new_original.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def original_page(request: MemberRequest, key: UUID) -> HttpResponse:
    """How far the reading is; then what was found, and by POST the draft of it."""
    original = _original_of(request, key)
    if original.is_being_read and original.is_silent:
        start_reading(original)
        original.refresh_from_db()
    form = _product_form(request, original)
    if request.method == "POST" and original.state == OriginalState.READ:
        made = _make(request, original, form)
        if made is not None:
            return made
    draft = drafted(original)
    context = {
        "original": original,
        "draft": draft,
        "doubts": [(doubt, doubt_in_words(doubt)) for doubt in draft.doubts],
        "refusal": refusal_in_words(
            original.refusal.get("name", ""), original.refusal.get("said", {})
        ),
        "step_count": sum(1 for _step in draft.steps),
        "picture_count": sum(1 for step in draft.steps if step.picture),
        "form": form,
    }
    status = 422 if form and form.errors else 200
    answer = render(request, "manuals/exchange/original.html", context, status=status)
    if original.is_being_read:
        answer["Refresh"] = str(LOOKS_AGAIN_SECONDS)  # without a script too
    return answer


@require_safe
@for_members
def page_image(request: MemberRequest, key: UUID, number: int) -> HttpResponseBase:
    """A page as a picture. Raises Http404 for one that is not there."""
    original = _original_of(request, key)
    path = original.folder / f"page-{number:03}.jpg"
    if not path.is_file():
        raise Http404
    return serve_file(request, path)


def _original_of(request: MemberRequest, key: UUID) -> Original:
    originals = Original.objects.of(request.organisation).select_related("product", "manual")
    return get_object_or_404(originals, key=key)


def _product_form(request: MemberRequest, original: Original) -> ProductForm | None:
    """With what the file says of the product; None where it is known."""
    if original.product is not None or original.state != OriginalState.READ:
        return None
    draft = drafted(original)
    told = {name: getattr(draft, name) for name in TOLD}
    for brand in Product.objects.of(request.organisation).values_list("brand", flat=True):
        if not told["brand"] and told["name"].startswith(brand):  # 晴禾坡血压计
            told |= {"brand": brand, "name": told["name"].removeprefix(brand)}
    form = ProductForm(request.POST or None, initial=told)
    for name in set(form.fields) - {*ASKED}:
        del form.fields[name]
    return form


def _make(
    request: MemberRequest, original: Original, form: ProductForm | None
) -> HttpResponse | None:
    """The way to the draft; None where the form or the page says what is wrong."""
    try:
        product = original.product
        if product is None:
            if form is None or not form.is_valid():
                return None
            if own := _own(request, form):
                original.product = own
                original.save(update_fields=["product"])
                messages.info(
                    request, _("您已经加过这个产品。要给它再写一份新的，请点“做成草稿”。")
                )
                return redirect("workbench:original", original.key)
            asked = {name: form.cleaned_data[name] for name in ASKED}
            product = add_product(organisation=request.organisation, **asked)
        manual = make_draft(original, product=product, by=request.user)
    except (ProductRefused, VersionRefused) as reason:
        _tell(request, form, str(reason))
    except ValidationError as error:
        _tell(request, form, " ".join(error.messages))
    except FileRefused:  # somebody was faster
        return redirect("workbench:original", original.key)
    else:
        messages.success(
            request, _("写成草稿了。每一步旁边是原来的那一页，请一步一步核对，改成老人看得懂的话。")
        )
        return redirect("workbench:write", manual.pk)
    return None


def _own(request: MemberRequest, form: ProductForm) -> Product | None:
    return (
        Product.objects.of(request.organisation)
        .filter(brand__iexact=form.cleaned_data["brand"], model__iexact=form.cleaned_data["model"])
        .first()
    )


def _tell(request: MemberRequest, form: ProductForm | None, words: str) -> None:
    if form is None:
        messages.error(request, words)
    else:
        form.add_error(None, words)
