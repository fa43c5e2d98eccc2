"""告诉大家吗？ After a session was moved or cancelled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.accounts.access import SignedInRequest, for_staff
from lms.classes.models import ClassSession
from lms.classes.views.access import session_kept
from lms.notices.audiences import Audience
from lms.notices.consent import Reach, reach_of
from lms.notices.forms import TellForm
from lms.notices.models import WorkGroup
from lms.notices.queries import ceiling_is_reached, why_words
from lms.notices.quiet import next_loud
from lms.notices.services.classes import (
    NoticeRefused,
    SessionNews,
    news_of,
    require_fit,
    tell_class,
    told_of,
)
from lms.notices.texts import TAIL, as_message, in_words, pieces
from lms.people.choices import Looked
from lms.people.services.looks import note_look


@dataclass(frozen=True)
class Prospect:
    """Who would hear of it, and by which way."""

    by_sms: int  # learners
    messages: int  # short messages; of one telephone one
    with_page: int
    unreached: Sequence[tuple[Reach, str]]  # and why
    reasons: Sequence[tuple[str, int]]
    fen: int
    rings_at: str
    rings_now: bool


def prospect_of(session: ClassSession, news: SessionNews) -> Prospect:
    learners = list(Audience(class_group=session.class_group).learners())
    reaches = reach_of(learners, news.reason)
    numbers = {reach.number for reach in reaches if reach.number}
    unreached = [(reach, why_words(reach.why)) for reach in reaches if not reach.number]
    now = timezone.now()
    rings_at = next_loud(now)
    return Prospect(
        by_sms=sum(1 for reach in reaches if reach.number),
        messages=len(numbers),
        with_page=sum(1 for learner in learners if learner.user_id is not None),
        unreached=unreached,
        reasons=list(Counter(words for _reach, words in unreached).items()),
        fen=len(numbers) * settings.SMS_PRICE_FEN * pieces(as_message(news.reason, news.values)),
        rings_at=in_words(rings_at),
        rings_now=rings_at <= now,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def session(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET shows what would be said; `do=look` shows it with the sentence added; `do=send` tells."""
    held = session_kept(request.user, pk)
    if (told := told_of(held)) is not None:
        return redirect("notices:sent", pk=told.pk)
    news = news_of(held)
    if news is None:
        return redirect("attendance:session", pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = TellForm(sent, groups=_groups_of(held))
    if request.method == "POST" and form.is_valid():
        more = form.cleaned_data["more"]
        try:
            if request.POST.get("do") == "send":
                notice = tell_class(
                    held,
                    made_by=request.user,
                    more=more,
                    groups=form.cleaned_data["groups"],
                )
                messages.success(request, _("好了，正在告诉大家。"))
                return redirect("notices:sent", pk=notice.pk)
            learners = Audience(class_group=held.class_group).learners()
            require_fit(more, names=[learner.name for learner in learners])
        except NoticeRefused as reason:
            form.add_error("more", str(reason))
        else:
            news = news_of(held, more=more) or news
    return _shown(request, held, news, form)


def _groups_of(held: ClassSession) -> QuerySet[WorkGroup]:
    return WorkGroup.objects.filter(unit=held.class_group.unit)


def _shown(
    request: SignedInRequest, held: ClassSession, news: SessionNews, form: TellForm
) -> HttpResponse:
    prospect = prospect_of(held, news)
    unit = held.class_group.unit
    rows = len(prospect.unreached)
    note_look(request.user, Looked.CLASS, rows=rows, unit=unit, about=str(held.class_group))
    context = {
        "session": held,
        "class_group": held.class_group,
        "news": news,
        "tail": TAIL,
        "prospect": prospect,
        "form": form,
        "has_groups": form.fields["groups"].queryset.exists(),  # type: ignore[attr-defined]
        "ceiling": ceiling_is_reached(),
    }
    status = 422 if form.errors else 200
    return render(request, "notices/session.html", context, status=status)
