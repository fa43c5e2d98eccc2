"""五个笑脸: one question at a time, five faces, no name. A screen answers each once a day.

Which it has answered today it keeps itself, in a signed cookie; a browser that does not bring it
back is not counted.
"""

from collections.abc import Sequence

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.evaluation.choices import Face, FaceQuestion
from lms.evaluation.services.answers import count_answer
from lms.helpline.my_village import MyVillage
from lms.limits import allows, refuse
from lms.units.models import Unit

COOKIE = "faces"
COOKIE_SECONDS = 24 * 3600
SALT = "lms.evaluation.faces"


def answered_today(request: HttpRequest) -> Sequence[str] | None:
    """The questions that this screen has answered today; None: it has brought no cookie."""
    try:
        day, *questions = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return questions if day == timezone.localdate().isoformat() else []


def keep_answered(request: HttpRequest, answer: HttpResponse, questions: Sequence[str]) -> None:
    said = signing.dumps([timezone.localdate().isoformat(), *questions], salt=SALT)
    answer.set_cookie(
        COOKIE,
        said,
        max_age=COOKIE_SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def unit_asked(request: HttpRequest, code: str | None) -> Unit | None:
    """Of the address, as a sheet of paper or a class has it; else that of the screen."""
    if code is not None:
        unit: Unit = get_object_or_404(Unit.objects.open(), code=code)
        return unit
    return MyVillage(request).unit


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def faces_page(request: HttpRequest, code: str | None = None) -> HttpResponse:
    unit = unit_asked(request, code)
    if unit is None:
        village = f"{reverse('village')}?{urlencode({'next': request.path})}"
        return render(request, "evaluation/faces_village.html", {"village_url": village})
    answered = answered_today(request)
    if request.method == "POST":
        return take_answer(request, unit, answered)
    done = answered or []
    left = [question for question in FaceQuestion if question.value not in done]
    context = {
        "unit": unit,
        "question": left[0] if left else None,
        "number": len(FaceQuestion) - len(left) + 1,
        "all": len(FaceQuestion),
        "faces": list(Face),
    }
    page = render(request, "evaluation/faces.html", context)
    keep_answered(request, page, done)
    return page


def take_answer(request: HttpRequest, unit: Unit, answered: Sequence[str] | None) -> HttpResponse:
    """Count it, unless the screen has answered that today or keeps no cookies, and go on."""
    try:
        question = FaceQuestion(request.POST.get("question", ""))
        face = Face(int(request.POST.get("face", "")))
    except ValueError as reason:
        raise Http404 from reason
    on = redirect(request.path)
    if answered is None or question.value in answered:
        return on
    if not allows(request, "faces"):
        return refuse(request)
    count_answer(unit=unit, question=question, face=face)
    keep_answered(request, on, [*answered, question.value])
    return on
