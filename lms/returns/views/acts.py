"""What is done about a return: signed, approved, sent back, missing, locked, unlocked."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.access import SignedInRequest, for_staff
from lms.returns.errors import ReturnRefused
from lms.returns.figures import numbers_now, returns_below
from lms.returns.forms import ReasonForm, SigningForm
from lms.returns.services.deciding import (
    approve_returns,
    expect_again,
    put_down_as_missing,
    put_many_down_as_missing,
    send_back,
)
from lms.returns.services.locking import lock_month, unlock_return
from lms.returns.services.signing import require_signable, submit_return
from lms.returns.unusual import needs_explanation, standing_out
from lms.returns.views.access import Seen, decidable, fillable, return_seen
from lms.returns.views.pages import OPENED, show

DIGITS_MOST = 18  # as many as every number has that a column holds
WRITE_A_REASON = gettext_lazy("请写一句原因，不超过200个字。")
LEFT_TOLD = 3  # of those that could not be approved


@require_POST
@for_staff
def submit(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    seen = fillable(request.user, code, slug)
    one, turn, below = seen.one, number_in(request, "turn"), returns_below(seen.one)
    try:  # before the second factor's number, which is good once, is looked at
        require_signable(one, turn=turn, above=one.above, below=below)
    except ReturnRefused as reason:
        messages.error(request, str(reason))
        return redirect(one)
    found = standing_out(one, numbers_now(one, below))
    form = SigningForm(
        request.POST, user=request.user, needs_explanation=needs_explanation(one, found)
    )
    if not form.is_valid():
        return show(request, seen, sent=form, status=422)
    try:
        submit_return(
            one,
            turn=turn,
            by=request.user,
            signed_with=form.signed_with,
            words=form.words(),
        )
    except ReturnRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("报上去了：%(return)s月报。") % {"return": one})
    return redirect(one)


@require_POST
@for_staff
def approve(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    """Of the unit named in the address, those below that are ticked, or with `every` all that wait;
    each is sent as "key:turn"."""
    one = fillable(request.user, code, slug).one
    try:
        turns = _picked(request, "waits" if "every" in request.POST else "pick")
        opened = signing.loads(request.POST.get("opened", ""), salt=OPENED)
    except (ValueError, signing.BadSignature):
        messages.error(request, _("请重新打开这一页，再审核。"))
        return redirect(one)
    if not turns:
        messages.error(request, _("还没有选。请先勾上要审核通过的单位。"))
        return redirect(one)
    try:
        answer = approve_returns(
            one, turns=turns, by=request.user, opened_at=datetime.fromtimestamp(opened, UTC)
        )
    except ReturnRefused as reason:
        messages.error(request, str(reason))
        return redirect(one)
    if answer.done:
        messages.success(request, _("审核通过了%(count)d份。") % {"count": answer.done})
    _tell_what_is_left(request, answer.left)
    return redirect(one)


@require_POST
@for_staff
def missing_below(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    """Of the unit named in the address, those below that are ticked did not come."""
    one = fillable(request.user, code, slug).one
    form = ReasonForm(request.POST)
    try:
        turns = _picked(request, "pick")
    except ValueError:
        turns = {}
    if not turns:
        messages.error(request, _("还没有选。请先勾上收不上来的单位。"))
        return redirect(one)
    if not form.is_valid():
        messages.error(request, WRITE_A_REASON)
        return redirect(one)
    try:
        answer = put_many_down_as_missing(
            one, turns=turns, by=request.user, reason=form.cleaned_data["reason"]
        )
    except ReturnRefused as refused:
        messages.error(request, str(refused))
        return redirect(one)
    if answer.done:
        messages.success(request, _("%(count)d份记为缺报了。") % {"count": answer.done})
    _tell_what_is_left(request, answer.left)
    return redirect(one)


def _tell_what_is_left(request: SignedInRequest, left: Sequence[str]) -> None:
    if not left:
        return
    told = "".join(left[:LEFT_TOLD])
    more = len(left) - LEFT_TOLD
    if more > 0:
        told += _("另有%(count)d份也没有办成。") % {"count": more}
    messages.error(request, told)


def _picked(request: SignedInRequest, name: str) -> dict[int, int]:
    """Turns by key. Raises ValueError."""
    return dict(_pick(each) for each in request.POST.getlist(name))


def _pick(said: str) -> tuple[int, int]:
    """Raises ValueError."""
    key, _colon, turn = said.partition(":")
    if len(key) > DIGITS_MOST or len(turn) > DIGITS_MOST:
        raise ValueError(said[:DIGITS_MOST])
    return int(key), int(turn)


def number_in(request: SignedInRequest, name: str) -> int:
    """What a hidden field says; -1, which no return has, for anything else."""
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1


@require_POST
@for_staff
def back(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    seen = decidable(request.user, code, slug)

    def do(reason: str) -> str:
        turn = number_in(request, "turn")
        send_back(seen.one, turn=turn, by=request.user, note=reason)
        return _("退回了：%(return)s月报。") % {"return": seen.one}

    return _with_reason(request, seen, do)


@require_POST
@for_staff
def missing(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    seen = decidable(request.user, code, slug)

    def do(reason: str) -> str:
        turn = number_in(request, "turn")
        put_down_as_missing(seen.one, turn=turn, by=request.user, reason=reason)
        return _("记为缺报了：%(return)s月报。") % {"return": seen.one}

    return _with_reason(request, seen, do)


def _with_reason(request: SignedInRequest, seen: Seen, do: Callable[[str], str]) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, WRITE_A_REASON)
        return redirect(seen.one)
    try:
        messages.success(request, do(form.cleaned_data["reason"]))
    except ReturnRefused as reason:
        messages.error(request, str(reason))
        return redirect(seen.one)
    return redirect(seen.one.above or seen.one)


@require_POST
@for_staff
def expected(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    one = decidable(request.user, code, slug).one
    try:
        expect_again(one, turn=number_in(request, "turn"), by=request.user)
    except ReturnRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("改回待填了，可以补报。"))
    return redirect(one)


@require_POST
@for_staff
def lock(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    one = fillable(request.user, code, slug).one
    if one.above_id is not None:
        raise Http404
    try:
        count = lock_month(one, turn=number_in(request, "turn"), by=request.user)
    except ReturnRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("汇总锁定了，一共%(count)d份。") % {"count": count})
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def unlock(request: SignedInRequest, code: str, slug: str) -> HttpResponse:
    """Asks the reason once, for all levels from the top down."""
    seen = return_seen(request.user, code, slug)
    if not seen.to_unlock:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            opened = unlock_return(
                seen.one, turn=number_in(request, "turn"), by=request.user, reason=reason
            )
        except ReturnRefused as refused:
            messages.error(request, str(refused))
        else:
            names = "、".join(each.unit_name for each in opened)
            messages.success(request, _("解锁了：%(names)s。") % {"names": names})
        return redirect(seen.one)
    context = {"one": seen.one, "trail": seen.to_unlock, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "returns/unlock.html", context, status=status)
