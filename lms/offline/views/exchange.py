"""What a phone asks for when there is a network, and what it hands over then."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from courses.models import LessonPage
from lms.limits import allows
from lms.offline.book import book_of, mark_of_news
from lms.offline.choices import NotedOutcome
from lms.offline.forms import NotUnderstood, read_handed_over
from lms.offline.owners import UnknownOwner, owner_of, record_of_owner
from lms.offline.services import take_noted


@require_safe
@never_cache
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """A lesson as it is kept; 204 where the phone has this version already. It is for nobody, and
    so the same for everybody who has chosen the same look."""
    lesson = get_object_or_404(LessonPage.objects.live().public(), pk=pk)
    if not allows(request, "kept_book"):
        return wait_a_while()
    made = book_of(request, lesson)
    if request.GET.get("have") == made["version"]:
        return HttpResponse(status=204)
    return JsonResponse(made, json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
def news(request: HttpRequest) -> JsonResponse:
    """Whether to ask for the kept lessons anew, and under whom things are noted here."""
    return JsonResponse({"mark": mark_of_news(request), "owner": owner_of(request)})


# Without a token, as whatever lesson pages send (courses/my_learning/views.py): what is written is
# whose signed word is in the body, and no cookie's.
@csrf_exempt
@require_POST
@never_cache
def learnt(request: HttpRequest) -> HttpResponse:
    if not allows(request, "kept_learning"):
        return wait_a_while()
    try:
        sent = read_handed_over(request.body)
        record = record_of_owner(request, sent.owner)
    except (NotUnderstood, UnknownOwner):
        return HttpResponse(status=400)
    outcomes: dict[Any, NotedOutcome] = dict.fromkeys(sent.malformed, NotedOutcome.MALFORMED)
    if record is None:
        outcomes |= {each.id: NotedOutcome.GONE for each in sent.noted}
    else:
        outcomes |= take_noted(record, sent.noted, sent_at=sent.sent_at)
    answers = [{"id": str(key), "outcome": outcome} for key, outcome in outcomes.items()]
    return JsonResponse({"answers": answers})


def wait_a_while() -> HttpResponse:
    """A phone tries again by itself."""
    return HttpResponse(status=429, headers={"Retry-After": "60"})
