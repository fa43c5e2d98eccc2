"""The learners of one's units and classes, found again; and how one of them came over time."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.attendance.models import AttendanceRecord
from lms.classes.models import ClassSession
from lms.people.choices import Looked
from lms.people.models import Learner, LearnerQuerySet
from lms.people.queries import administered_units
from lms.people.services.looks import note_look
from lms.units.models import Unit, path_below

LEARNERS_A_PAGE = 40
LEARNERS_IN_A_FILE = 5000  # a second's work; of more, one asks for a smaller unit
SESSIONS_A_PAGE = 40


@dataclass(frozen=True)
class LearnersChosen:
    """Whom an address asks for, by name, and in what words."""

    learners: LearnerQuerySet
    query: str
    unit: Unit | None  # None: of wherever the user may look

    @property
    def words(self) -> str:
        """What an address says behind its ? to ask for them again; blank for all of them."""
        asked = {"unit": self.unit.code if self.unit else "", "q": self.query}
        return urlencode({key: word for key, word in asked.items() if word})


def chosen(request: SignedInRequest, *, to_read: bool = False) -> LearnersChosen:
    """`?q=` is a part of a name, its pinyin initials, or the beginning of a number; `?unit=` the
    code of a unit, of which and of all below it; Http404 where there is no such unit. Of those that
    the user keeps, or else of those whom an auditor may read too."""
    everybody = Learner.objects.standing()
    user = request.user
    learners = everybody.listed_for(user) if to_read else everybody.changeable_by(user)
    query = request.GET.get("q", "").strip()[:40]
    unit = None
    if code := request.GET.get("unit", ""):
        unit = get_object_or_404(Unit, code=code[:20])
        learners = learners.filter(path_below(unit, prefix="unit__"))
    learners = found(learners, query).select_related("unit").order_by("sort_key", "pk")
    return LearnersChosen(learners, query, unit)


@require_safe
@for_staff
def directory(request: SignedInRequest) -> HttpResponse:
    """Those that `chosen` tells; as a file and as cards there are the same, for who keeps them."""
    asked = chosen(request, to_read=True)
    page = Paginator(asked.learners, LEARNERS_A_PAGE).get_page(request.GET.get("p"))
    about = " ".join(filter(None, [asked.unit and asked.unit.name, asked.query and _("查找")]))
    note_look(request.user, Looked.DIRECTORY, rows=len(page), unit=asked.unit, about=about)
    kept = Learner.objects.changeable_by(request.user)
    context = {
        "page": page,
        "kept": set(kept.filter(pk__in=[each.pk for each in page]).values_list("pk", flat=True)),
        "query": asked.query,
        "unit": asked.unit,
        "asked": asked.words,
        "may_merge": request.user.is_superuser or administered_units(request.user).exists(),
        "as_file": page.paginator.count <= LEARNERS_IN_A_FILE,
    }
    return render(request, "attendance/directory.html", context)


def found(learners: LearnerQuerySet, query: str) -> LearnerQuerySet:
    """Those whom the words mean; everybody where there are none."""
    words = "".join(query.split())
    if not words:
        return learners
    if words.isascii() and words.isdigit():
        old = Learner.objects.filter(number__startswith=words, merged_into__isnull=False)
        return learners.filter(Q(number__startswith=words) | Q(pk__in=old.values("merged_into")))
    return learners.filter(
        Q(name__icontains=query) | Q(name__icontains=words) | Q(initials__startswith=words.lower())
    )


@require_safe
@for_staff
def attendance(request: SignedInRequest, number: str) -> HttpResponse:
    """All that was marked of one learner in classes that the user sees, the latest first."""
    listed = Learner.objects.listed_for(request.user).select_related("unit")
    learner = get_object_or_404(listed.called(number))
    if learner.erased_at is None:
        note_look(request.user, Looked.ATTENDANCE, rows=1, learner=learner)
    records = AttendanceRecord.objects.filter(
        learner=learner,
        session__in=ClassSession.objects.visible_to(request.user),
    ).select_related("session__class_group", "session__added_by")
    page = Paginator(records.order_by("-session__starts_at", "-session"), SESSIONS_A_PAGE).get_page(
        request.GET.get("p")
    )
    kept = Learner.objects.changeable_by(request.user).filter(pk=learner.pk).exists()
    context = {"learner": learner, "page": page, "kept": kept}
    return render(request, "attendance/of_learner.html", context)
