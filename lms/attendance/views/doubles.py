"""One person who stands in the register twice: found, looked at, made one; and two again.

Officers only, and only for two learners over both of whose units the user is one.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.attendance.comparing import SHOWN, classes_shared, marks_that_differ, side_of
from lms.attendance.forms import MergeForm, UndoMergeForm
from lms.attendance.views.learners import found
from lms.classes.models import Enrolment
from lms.people.choices import Looked
from lms.people.models import Learner, LearnerMerge
from lms.people.queries import (
    administered_units,
    doubles_of,
    mergeable_learners,
    with_doubles,
)
from lms.people.services.errors import PersonRefused
from lms.people.services.looks import note_look
from lms.people.services.merging import merge_learners, tell_apart, undo_merge
from lms.units.models import Unit, path_below

DOUBLES_A_PAGE = 20
MERGES_A_PAGE = 40
OTHERS_SHOWN = 20


def require_officer(user: User) -> None:
    """Raises Http404 for everybody else."""
    if not (user.is_superuser or administered_units(user).exists()):
        raise Http404


def learner_mergeable(user: User, number: str) -> Learner:
    learners = mergeable_learners(user).called(number).select_related("unit", "user")
    return get_object_or_404(learners)


@require_safe
@for_staff
def doubles(request: SignedInRequest) -> HttpResponse:
    """Who probably stands there twice, by unit and name; `?unit=` is the code of a unit, of which
    and of all below it."""
    require_officer(request.user)
    learners, unit = mergeable_learners(request.user), None
    if code := request.GET.get("unit", ""):
        unit = get_object_or_404(Unit, code=code[:20])
        learners = learners.filter(path_below(unit, prefix="unit__"))
    probable = with_doubles(learners).select_related("unit")
    page = Paginator(probable.order_by("unit__path", "sort_key", "pk"), DOUBLES_A_PAGE).get_page(
        request.GET.get("p")
    )
    pairs = doubles_of(page)
    about = unit.name if unit else ""
    note_look(request.user, Looked.DOUBLES, rows=2 * len(pairs), unit=unit, about=about)
    context = {"page": page, "pairs": pairs, "unit": unit}
    return render(request, "attendance/doubles.html", context)


@require_safe
@for_staff
def choose_other(request: SignedInRequest, number: str) -> HttpResponse:
    """With whom a learner is one person: whoever looks like it, or whom `?q=` finds."""
    learner = learner_mergeable(request.user, number)
    query = request.GET.get("q", "").strip()[:40]
    note_look(request.user, Looked.LEARNER, rows=1, learner=learner)
    others = found(mergeable_learners(request.user).exclude(pk=learner.pk), query)
    pairs = doubles_of([learner], earlier_too=True)
    found_now = others.select_related("unit").order_by("sort_key", "pk")[:OTHERS_SHOWN]
    shown = list(found_now) if query else []
    note_look(request.user, Looked.DOUBLES, rows=len(pairs) + len(shown), unit=learner.unit)
    context = {"learner": learner, "pairs": pairs, "query": query, "found": shown}
    return render(request, "attendance/choose_other.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def merge(request: SignedInRequest, number: str, other: str) -> HttpResponse:
    """Both side by side, what would become of them, and the button that does it."""
    pair = [learner_mergeable(request.user, each) for each in (number, other)]
    for each in pair:
        note_look(request.user, Looked.LEARNER, rows=1, learner=each)
    if pair[0] == pair[1]:
        return redirect("people:learner", number=pair[0].number)
    sides = [side_of(learner) for learner in pair]
    proposed = max(
        sides,
        key=lambda side: (side.came, bool(side.learner.birth_year), -side.learner.pk),
    ).learner
    data = request.POST if request.method == "POST" else None
    form = MergeForm(data, pair=pair, kept=proposed)
    if form.is_bound and form.is_valid():
        try:
            done = merge_learners(**form.terms(), merged_by=request.user)
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("合并好了。30天以内可以撤销。"))
            return redirect("attendance:merge_done", pk=done.pk)
    differing = marks_that_differ(*pair)
    context = {
        "pair": pair,
        "sides": sides,
        "form": form,
        "differing": differing[:SHOWN],
        "differing_count": len(differing),
        "shared": classes_shared(*pair),
    }
    status = 422 if form.is_bound else 200
    return render(request, "attendance/merge.html", context, status=status)


@require_POST
@for_staff
def apart(request: SignedInRequest, number: str, other: str) -> HttpResponse:
    """They are two people: not to be offered again."""
    pair = [learner_mergeable(request.user, each) for each in (number, other)]
    if pair[0] != pair[1]:
        tell_apart(*pair, recorded_by=request.user)
        words = _("记下了：%(one)s和%(other)s是两个人，以后不再提。")
        messages.success(request, words % {"one": pair[0].name, "other": pair[1].name})
    return redirect("attendance:doubles")


@require_safe
@for_staff
def merges(request: SignedInRequest) -> HttpResponse:
    """Who was merged by whom and why, the latest first."""
    require_officer(request.user)
    rows = LearnerMerge.objects.visible_to(request.user)
    rows = rows.select_related("kept", "gone", "merged_by", "undone_by")
    page = Paginator(rows, MERGES_A_PAGE).get_page(request.GET.get("p"))
    note_look(request.user, Looked.DOUBLES, rows=2 * len(page), about=_("合并过的"))
    return render(request, "attendance/merges.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def merge_done(request: SignedInRequest, pk: int) -> HttpResponse:
    """One merge: what was done, and its undoing."""
    rows = LearnerMerge.objects.visible_to(request.user)
    row = get_object_or_404(
        rows.select_related("kept__unit", "gone", "merged_by", "undone_by"), pk=pk
    )
    note_look(request.user, Looked.LEARNER, rows=1, learner=row.kept)
    form = UndoMergeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            undo_merge(row, reason=form.cleaned_data["reason"], undone_by=request.user)
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("撤销了，又是两位学员。"))
            return redirect("attendance:merge_done", pk=pk)
    moved_up = row.notes.get("classes", {}).get("moved_up", [])
    context = {
        "row": row,
        "form": form,
        "moved_up": Enrolment.objects.filter(pk__in=moved_up).select_related(
            "learner", "class_group"
        ),
    }
    status = 422 if form.is_bound else 200
    return render(request, "attendance/merge_done.html", context, status=status)
