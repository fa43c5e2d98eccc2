"""收课程包: another city's lessons, looked through and taken in as drafts."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.plain_forms import PlainForm
from lms.packs.exchange.brought import Brought, bring, find, forget
from lms.packs.exchange.models import brings_lessons
from lms.packs.exchange.reading import look_into, read_courses
from lms.packs.exchange.taken import Outcome, Taken, TakenPage
from lms.packs.refusals import PackError

#: In this order they are shown.
SHOWN = (Outcome.NEW, Outcome.CHANGED, Outcome.KEPT, Outcome.LEFT_OUT)


class BringForm(PlainForm):
    package = forms.FileField(
        label=gettext_lazy("课程包（ZIP）"),
        help_text=gettext_lazy("整个课程盘的ZIP，或者只有“数据”文件夹的ZIP，都可以。"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={
            "required": gettext_lazy("请先选一个文件。"),
            "empty": gettext_lazy("文件是空的。请再选一次。"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def bring_in(request: SignedInRequest) -> HttpResponse:
    """What is uploaded is unpacked and looked at; nothing is taken in yet."""
    _required(request)
    form = BringForm(request.POST, request.FILES) if request.method == "POST" else BringForm()
    if form.is_valid():
        try:
            brought = bring(form.cleaned_data["package"], by=request.user)
        except PackError as reason:
            form.add_error("package", str(reason))
        else:
            return redirect("packs:brought", brought.token)
    return render(
        request, "packs/bring_in.html", {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD"])
@for_staff
def brought(request: SignedInRequest, token: UUID) -> HttpResponse:
    """What is new in it, what changed, what stays as it is here."""
    found = _found(request, token)
    try:
        told = look_into(found.folder)
    except PackError as reason:
        forget(found)
        messages.error(request, str(reason))
        return redirect("packs:bring_in")
    return render(request, "packs/brought.html", _context(request, found, told))


@require_POST
@for_staff
def take_in(request: SignedInRequest, token: UUID) -> HttpResponse:
    """The lessons that were ticked, as drafts."""
    found = _found(request, token)
    if _needs_administrator(request, found):
        raise Http404
    ticked = request.POST.getlist("lesson")
    try:
        told = look_into(found.folder)
        choices = {page.key for page in _choices(told)}
        if choices and not ticked:
            context = _context(request, found, told)
            context["problem"] = _("请至少勾一课。")
            return render(request, "packs/brought.html", context, status=422)
        only = None if choices <= set(ticked) else ticked
        taken = read_courses(found.folder, publish=False, by=request.user, only=only)
    except PackError as reason:
        messages.error(request, str(reason))
        return redirect("packs:bring_in")
    forget(found)
    return render(request, "packs/taken_in.html", {"groups": _groups(taken), "taken": taken})


def _context(request: SignedInRequest, found: Brought, told: Taken) -> dict[str, object]:
    choices = _choices(told)
    named = {page.key for page in choices}
    return {
        "brought": found,
        "choices": choices,
        "others": [
            (outcome, [page for page in pages if page.lesson not in named])
            for outcome, pages in _groups(told)
        ],
        "untouched": told.untouched,
        "needs_administrator": _needs_administrator(request, found),
    }


def _choices(told: Taken) -> list[TakenPage]:
    """Lessons of which something would come: they themselves, or their practice."""
    wanted = (Outcome.NEW, Outcome.CHANGED)
    coming = {page.lesson for page in told.pages if page.lesson and page.outcome in wanted}
    return [page for page in told.pages if page.key in coming and page.outcome != Outcome.KEPT]


def _groups(told: Taken) -> list[tuple[Outcome, list[TakenPage]]]:
    found = [(each, [page for page in told.pages if page.outcome == each]) for each in SHOWN]
    return [(outcome, pages) for outcome, pages in found if pages]


def _needs_administrator(request: SignedInRequest, found: Brought) -> bool:
    return found.is_strangers and not request.user.is_superuser


def _found(request: SignedInRequest, token: UUID) -> Brought:
    """Raises Http404 for what is not there, and what somebody else has uploaded."""
    _required(request)
    found = find(token, by=request.user)
    if found is None:
        raise Http404
    return found


def _required(request: SignedInRequest) -> None:
    """Raises Http404 for whoever may not write lessons here."""
    if not brings_lessons(request.user):
        raise Http404
