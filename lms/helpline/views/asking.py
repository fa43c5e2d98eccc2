"""Help for whoever is stuck: telephones, a call back, and which village one lives in."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page, Site

from lms.accounts.going_back import page_before
from lms.helpline.my_village import MyVillage, keep_village
from lms.helpline.services import HelpRefused, ask_for_help
from lms.limits import allows
from lms.units.choices import Level
from lms.units.models import Unit
from lms.units.queries import count_open_children

#: At most seven choices a screen (elder-screens): six units and the way on.
UNITS_A_SCREEN = 6
NUMBER_DIGITS_MAX = 12  # a telephone's with its area's
NUMBERS: Final = [
    ("110", gettext_lazy("报警")),
    ("119", gettext_lazy("着火")),
    ("120", gettext_lazy("急救")),
    ("96110", gettext_lazy("反诈骗")),
    ("12345", gettext_lazy("政府热线")),
]


def with_next(name: str, before: str) -> str:
    return reverse(name) + "?" + urlencode({"next": before})


@require_safe
@never_cache
def help_page(request: HttpRequest) -> HttpResponse:
    """`next` is where one was stuck."""
    before = page_before(request)
    context = {"before": before, "numbers": NUMBERS, "here": request.get_full_path()}
    return render(request, "helpline/help.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def call_page(request: HttpRequest) -> HttpResponse:
    """Take a number to call. Each key of the pad may be a page of its own, where no script runs."""
    before = page_before(request)
    village = MyVillage(request)
    number = request.POST.get("number", "")[:20]
    name = request.POST.get("name", "").strip()[:40]
    problem = ""
    if request.method != "POST":
        number = village.learner.telephone if village.learner else ""
    elif "erase" in request.POST:
        number = number[:-1]
    elif "digit" in request.POST:
        number = (number + request.POST["digit"][:1])[:NUMBER_DIGITS_MAX]
    elif not allows(request, "help"):
        problem = _("这里今天求助的次数太多了。请直接打电话。")
    else:
        try:
            ask_for_help(
                unit=village.unit or _topmost_unit(),
                number=number,
                name=name,
                page=_page_at(request, before),
            )
        except HelpRefused as reason:
            problem = str(reason)
        else:
            return redirect(with_next("help_sent", before))
    context = {
        "before": before,
        "number": number,
        "name": name,
        "problem": problem,
        "keys": "123456789",
        "most_digits": NUMBER_DIGITS_MAX,
        "here": request.get_full_path(),
    }
    status = 422 if problem else 200
    return render(request, "helpline/call.html", context, status=status)


def _topmost_unit() -> Unit:
    """Whose staff answer to those who live they do not say where."""
    unit: Unit | None = Unit.objects.open().order_by("depth", "path").first()
    if unit is None:
        raise Http404
    return unit


def _page_at(request: HttpRequest, address: str) -> Page | None:
    """The lesson or classroom at that address of this site; None when there is none."""
    site = Site.find_for_request(request)
    steps = [step for step in address.partition("?")[0].split("/") if step]
    if site is None:
        return None
    try:
        return site.root_page.localized.specific.route(request, steps).page
    except Http404:
        return None


@require_safe
@never_cache
def sent_page(request: HttpRequest) -> HttpResponse:
    return render(request, "helpline/sent.html", {"before": page_before(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def village_page(request: HttpRequest) -> HttpResponse:
    """From the city down, a screen a level (`in`: the code of where one is). Choosing a unit
    without others below it keeps it on this screen and goes back to `next`."""
    before = page_before(request)
    units = Unit.objects.open()
    if request.method == "POST":
        chosen: Unit = get_object_or_404(units, code=request.POST.get("code", ""))
        answer = redirect(before)
        keep_village(answer, chosen, secure=request.is_secure())
        return answer
    code = request.GET.get("in", "")
    here: Unit | None = get_object_or_404(units, code=code) if code else _only_root()
    below = here.get_children().open() if here else Unit.get_root_nodes().open()
    shown = Paginator(below, UNITS_A_SCREEN).get_page(request.GET.get("p"))
    has_below = count_open_children(list(shown))
    above = here.get_parent() if here and code else None
    context: dict[str, Any] = {
        "before": before,
        "here": here,
        "level": _question(here),
        "units": [(unit, bool(has_below.get(unit.path))) for unit in shown],
        "screen": shown,
        "up": "?" + urlencode({"in": above.code, "next": before}) if above else before,
    }
    return render(request, "helpline/village.html", context)


def _only_root() -> Unit | None:
    """The unit at the top, where there is one only: nobody need choose their own city."""
    roots = list(Unit.get_root_nodes().open()[:2])
    return roots[0] if len(roots) == 1 else None


def _question(here: Unit | None) -> str:
    match here and here.level:
        case Level.CITY:
            return _("您住在哪个区？")
        case Level.DISTRICT:
            return _("您住在哪个街道或镇？")
        case Level.STREET:
            return _("您住在哪个村居？")
        case _:
            return _("您住在哪里？")
