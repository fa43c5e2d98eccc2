"""What was told: how it went, who is to be called, and the list of these on paper."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.attendance.queries import keeps_a_roll
from lms.notices.choices import DeliveryState, NoticeReason, Way
from lms.notices.models import Delivery, Notice
from lms.notices.queries import calls_by_village, how_it_went, to_be_called, untold_for
from lms.notices.services.people import CallRefused, note_call, undo_call
from lms.people.choices import Looked
from lms.people.models import administered_by
from lms.people.services.looks import note_look
from lms.units.models import Unit

NOTICES_A_PAGE = 20
UNTOLD_SHOWN = 20


def notice_followed(user: User, pk: int) -> Notice:
    notices = Notice.objects.followed_by(user).exclude(reason=NoticeReason.DIGEST)
    found = notices.filter(pk=pk).values("pk")  # a class may be reached by several ways
    rows = Notice.objects.select_related("unit", "session__class_group", "made_by")
    return get_object_or_404(rows, pk__in=found)


def follows_notices(user: User) -> bool:
    """Whether the user keeps a roll, though there be no class yet, or a unit."""
    return keeps_a_roll(user) or Unit.objects.filter(administered_by(user)).exists()


@require_safe
@for_staff
def followed(request: SignedInRequest) -> HttpResponse:
    """Whom to call, what nobody was told yet, and what was told."""
    if not follows_notices(request.user):
        raise Http404
    notices = Notice.objects.followed_by(request.user).exclude(
        reason__in=(NoticeReason.DIGEST, NoticeReason.TOMORROW)
    )
    told = Notice.objects.filter(pk__in=notices.values("pk")).select_related("unit", "made_by")
    context = {
        "calls": to_be_called(request.user),
        "untold": untold_for(request.user)[:UNTOLD_SHOWN],
        "page": Paginator(told, NOTICES_A_PAGE).get_page(request.GET.get("p")),
    }
    return render(request, "notices/followed.html", context)


@require_safe
@for_staff
def sent(request: SignedInRequest, pk: int) -> HttpResponse:
    notice = notice_followed(request.user, pk)
    villages = calls_by_village(notice)
    _note(request.user, notice, rows=sum(len(calls) for _unit, calls in villages))
    context = {
        "notice": notice,
        "went": how_it_went(notice),
        "villages": villages,
        "waiting": notice.deliveries.to_call().count(),
        "holds": notice.ends_at > timezone.now(),
    }
    return render(request, "notices/sent.html", context)


@require_safe
@for_staff
def paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """The list of those to be called, village by village, a box before each; printed by the
    browser."""
    notice = notice_followed(request.user, pk)
    villages = calls_by_village(notice)
    rows = sum(len(calls) for _unit, calls in villages)
    if not rows:
        raise Http404
    _note(request.user, notice, rows=rows, taken=True)
    return render(request, "notices/paper.html", {"notice": notice, "villages": villages})


def _note(user: User, notice: Notice, *, rows: int, taken: bool = False) -> None:
    about = str(notice.session or notice)
    note_look(user, Looked.CLASS, rows=rows, unit=notice.unit, about=about, taken=taken)


@require_POST
@for_staff
def call(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody was called; with `undo`, was not after all."""
    calls = Delivery.objects.filter(way=Way.CALL).exclude(state=DeliveryState.WITHDRAWN)
    found = get_object_or_404(calls, pk=pk)
    notice = notice_followed(request.user, found.notice_id)
    if "undo" in request.POST:
        undo_call(found)
    else:
        try:
            note_call(found, by=request.user)
        except CallRefused as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("记下了。"))
    return redirect(f"{reverse('notices:sent', args=[notice.pk])}#calls")
