"""What is printed: learners' cards, the sign-in sheet of a session, and the codes on them."""

from io import BytesIO
from typing import Any

import segno
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.attendance.queries import learners_in_class
from lms.attendance.views.learners import chosen
from lms.classes.choices import EnrolmentState
from lms.classes.views.access import class_seen, session_seen
from lms.people.choices import Looked
from lms.people.models import Learner
from lms.people.services.looks import note_look
from lms.units.models import Unit

CARDS_A_PAGE = 10
CARDS_AT_ONCE = 20 * CARDS_A_PAGE
BLANK_ROWS = 5  # for who comes without being enrolled


@require_safe
@for_staff
def cards(request: SignedInRequest, pk: int) -> HttpResponse:
    """Of a class; `?learner=<number>` prints one alone, for who has lost it."""
    class_group = class_seen(request.user, pk)
    learners = Learner.objects.filter(
        enrolments__class_group=class_group, enrolments__state=EnrolmentState.ENROLLED
    )
    if number := request.GET.get("learner"):
        learners = learners.called(number)
        if not learners:
            raise Http404
    in_order = learners.select_related("unit").order_by("sort_key", "pk")
    return _cards(
        request, in_order, {"class_group": class_group}, unit=class_group.unit, of=class_group.title
    )


@require_safe
@for_staff
def directory_cards(request: SignedInRequest) -> HttpResponse:
    """Of those that the directory shows with the same `?unit=` and `?q=`; Http404 of nobody."""
    asked = chosen(request)
    if not asked.learners.exists():
        raise Http404
    of = asked.unit.name if asked.unit else ""
    context = {"unit": asked.unit, "asked": asked.words}
    return _cards(request, asked.learners, context, unit=asked.unit, of=of)


def _cards(
    request: SignedInRequest,
    learners: QuerySet[Learner],
    context: dict[str, Any],
    *,
    unit: Unit | None,
    of: str,
) -> HttpResponse:
    """Ten to an A4 page, so many pages of paper at once as a browser still prints well."""
    page = Paginator(learners, CARDS_AT_ONCE).get_page(request.GET.get("p"))
    here = list(page)
    note_look(request.user, Looked.CARDS, rows=len(here), unit=unit, about=of, taken=True)
    sheets = [here[i : i + CARDS_A_PAGE] for i in range(0, len(here), CARDS_A_PAGE)]
    context |= {"page": page, "sheets": sheets, "count": len(here)}
    return render(request, "attendance/cards.html", context)


@require_safe
@for_staff
def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    session = session_seen(request.user, pk)
    learners = list(learners_in_class(session))
    note_look(
        request.user,
        Looked.SHEET,
        rows=len(learners),
        unit=session.class_group.unit,
        about=str(session),
        taken=True,
    )
    context = {
        "session": session,
        "class_group": session.class_group,
        "learners": learners,
        "teachers": session.class_group.teachers.all(),
        "blank_rows": range(BLANK_ROWS),
    }
    return render(request, "attendance/sheet.html", context)


@require_safe
@for_staff
def learner_qr(request: SignedInRequest, number: str) -> HttpResponse:
    """The number alone, as the teacher's phone reads it off a card."""
    if not Learner.objects.visible_to(request.user).called(number).exists():
        raise Http404
    return qr_code(number, title=_("学员号"))


@require_safe
@for_staff
def session_qr(request: SignedInRequest, pk: int) -> HttpResponse:
    """Opens the session on a teacher's phone, for keying the sheet in."""
    session = session_seen(request.user, pk)
    url = reverse("attendance:session", kwargs={"pk": session.pk})
    return qr_code(request.build_absolute_uri(url), title=_("打开这次课"))


def qr_code(words: str, *, title: str) -> HttpResponse:
    """As a picture of its own (SVG), since the pages allow nothing inline. Level Q still reads
    with a quarter of it worn off."""
    picture = BytesIO()
    segno.make_qr(words, error="q").save(
        picture, kind="svg", border=2, scale=10, title=title, xmldecl=True, omitsize=True
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
