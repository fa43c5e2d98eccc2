"""收课程盘: a stick in this machine, looked at, agreed to, taken in; and back to the one before."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.packs.disk import size_in_words
from lms.packs.exchange.taken import Outcome, Taken
from lms.packs.manifest import digest
from lms.packs.models import PackTaking, Taking, takes_packs
from lms.packs.refusals import PackError
from lms.packs.signing import StrangersPack
from lms.packs.taking.asking import ask_to_go_back, ask_to_take
from lms.packs.taking.services import (
    Changes,
    Looked,
    changes_of,
    edition_before,
    goes_live,
    look_at,
    look_into_pack,
    refuse_older,
)
from lms.packs.taking.sticks import Stick, stick_here, sticks_here

#: Of what was taken in before; and after how many seconds a page looks again.
SHOWN, LOOKS_AGAIN_SECONDS = 8, 5
#: Names of a kind that are told; the rest are counted.
TOLD = 12
#: What programs read of a pack: its names tell a person nothing.
UNREAD = ("数据/", "网页/")
#: What would become of pages, in the order in which it is told.
OUTCOMES = (Outcome.CHANGED, Outcome.NEW, Outcome.KEPT, Outcome.GONE, Outcome.LEFT_OUT)


@require_safe
@for_staff
def sticks(request: SignedInRequest) -> HttpResponse:
    """The packs that are in this machine, and what was taken in before."""
    _required(request)
    found = sticks_here()
    context = {
        "packs": [(each, *_head(each)) for each in found if each.has_pack],
        "drives": [each for each in found if not each.has_pack],
        "folders": settings.PACK_FOLDERS,
        "in_hand": PackTaking.objects.in_hand().first(),
        "takings": Taking.objects.all()[:SHOWN],
        "before": edition_before(),
        "is_box": settings.BOX,
    }
    return render(request, "packs/sticks.html", context)


def _head(stick: Stick) -> tuple[Looked | None, str]:
    """Of its pack what is signed, or why it cannot be taken in."""
    if stick.is_half:
        return None, _("没有做完就拔下来了。请重新做一次。")
    try:
        return look_at(stick.folder, as_drafts=True), ""
    except PackError as reason:
        return None, str(reason)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def stick(request: SignedInRequest, key: str) -> HttpResponse:
    """Who signed it, what is new in it, what would become of the pages here; then it is agreed
    to."""
    _required(request)
    found = stick_here(key)
    if found is None:
        messages.error(request, _("这个盘已经拔下来了。请插好，再看一次。"))
        return redirect("packs:sticks")
    try:
        looked = _looked_at(found)
        refuse_older(looked)
        if request.method == "POST":
            return _agreed(request, found, looked)
        told = None if looked.is_strangers else look_into_pack(found.folder, looked)
    except PackError as reason:
        messages.error(request, str(reason))
        return redirect("packs:sticks")
    context = {
        "stick": found,
        "looked": looked,
        "digest": digest(looked.content),
        "size": size_in_words(looked.manifest.size),
        "goes_live": goes_live(looked),
        "files": _files(changes_of(looked)),
        "pages": [] if told is None else _pages(told),
        "untouched": told.untouched if told else 0,
        "may_take": request.user.is_superuser or not looked.is_strangers,
    }
    return render(request, "packs/stick.html", context)


def _looked_at(found: Stick) -> Looked:
    try:
        return look_at(found.folder)
    except StrangersPack:
        return look_at(found.folder, as_drafts=True)


def _agreed(request: SignedInRequest, found: Stick, looked: Looked) -> HttpResponse:
    """Raises Http404 where a stranger's pack is no matter of theirs, PackError."""
    if looked.is_strangers and not request.user.is_superuser:
        raise Http404
    if request.POST.get("digest") != digest(looked.content):
        raise PackError(_("盘上的课程盘换过了，和您看的不是同一个，没有收。请再看一次，再收。"))
    as_drafts = looked.is_strangers
    job = ask_to_take(found.folder, looked, as_drafts=as_drafts, by=request.user)
    return redirect("packs:pack_taking", job.pk)


@require_safe
@for_staff
def pack_taking(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it is; then what came of it."""
    job = get_object_or_404(PackTaking.objects.visible_to(request.user), pk=pk)
    context = {"job": job, "seconds": LOOKS_AGAIN_SECONDS, "is_box": settings.BOX}
    return render(request, "packs/pack_taking.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def back(request: SignedInRequest) -> HttpResponse:
    """Asks once, and goes back to the edition before."""
    _required(request)
    before = edition_before()
    if before is None:
        messages.error(request, _("这里没有留着更早的一版，回不去。"))
        return redirect("packs:sticks")
    if request.method == "POST":
        return redirect("packs:pack_taking", ask_to_go_back(by=request.user).pk)
    context = {"before": before, "now": Taking.objects.first(), "is_box": settings.BOX}
    return render(request, "packs/back.html", context)


def _files(changes: Changes) -> list[tuple[str, int, list[str], int]]:
    """Of each kind: how it is called, how many, names that a person reads, how many more."""
    kinds = (
        (_("新的"), changes.new),
        (_("变了的"), changes.changed),
        (_("没有了的"), changes.gone),
    )
    told = []
    for name, paths in kinds:
        readable = [path for path in paths if not path.startswith(UNREAD)]
        if paths:
            told.append((name, len(paths), readable[:TOLD], max(0, len(readable) - TOLD)))
    return told


def _pages(told: Taken) -> list[tuple[Outcome, list[str], int]]:
    """Of each outcome: titles, and how many more."""
    found = []
    for outcome in OUTCOMES:
        titles = [f"{page.kind}：{page.title}" for page in told.pages if page.outcome == outcome]
        if titles:
            found.append((outcome, titles[:TOLD], max(0, len(titles) - TOLD)))
    return found


def _required(request: SignedInRequest) -> None:
    """Raises Http404 for who takes no packs in."""
    if not takes_packs(request.user):
        raise Http404
