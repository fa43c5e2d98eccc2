"""Signing in with a telephone, and giving an account another number: a number, then its code.

On each of these pages digits are typed, or pressed on the keys of the page, which without a script
are a page of their own each: `typed` then comes back longer, and nothing is sent.
"""

from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import get_login_redirect_url, get_next_redirect_url
from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.accounts.allauth_insides import ChangeTelephone
from lms.accounts.services import TelephoneTaken
from lms.accounts.signing_in import SignInByCode, is_same_code, may_send, may_try
from lms.accounts.sms import SmsNotSent, sms_gateway
from lms.accounts.telephones import DIGITS, TYPED_MAX, TelephoneRefused, in_groups, normalised
from lms.accounts.views.account import signed_in

CODE_DIGITS = 6
KEYS = "123456789"


@dataclass(frozen=True)
class TypedDigits:
    """What stands in the box. `is_sent` False: a key of the page was pressed."""

    digits: str
    is_sent: bool


def typed(request: HttpRequest, *, most: int) -> TypedDigits:
    digits = request.POST.get("digits", "")[:TYPED_MAX]
    if "erase" in request.POST:
        return TypedDigits(digits[:-1], is_sent=False)
    if "digit" in request.POST:
        return TypedDigits((digits + request.POST["digit"][:1])[:most], is_sent=False)
    return TypedDigits(digits, is_sent=request.method == "POST")


def page(
    request: HttpRequest,
    template: str,
    box: TypedDigits,
    *,
    most: int,
    problem: str = "",
    **more: Any,
) -> HttpResponse:
    context = {
        "digits": box.digits,
        "most": most,
        "keys": KEYS,
        "problem": problem,
        "next": get_next_redirect_url(request) or "",
        **more,
    }
    return render(request, template, context, status=422 if problem else 200)


def too_many() -> str:
    return _("刚才已经发过了，请等一分钟再要。今天要了好几次的话，请明天再试。")


def not_sent() -> str:
    return _("短信没有发出去。请过一会儿再试，或者请村里的老师帮忙。")


def wrong_code() -> str:
    return _("数字不对，请看着短信再写一遍。")


def with_next(request: HttpRequest, name: str) -> str:
    """The page of that name, which leads on to where this one would."""
    before = get_next_redirect_url(request)
    return reverse(name) + ("?" + urlencode({"next": before}) if before else "")


# --- Signing in -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask_code(request: HttpRequest) -> HttpResponse:
    """Whose telephone? A code goes there, whether or not anybody has an account by it."""
    if sms_gateway() is None:
        before = get_next_redirect_url(request) or ""
        return render(request, "account/no_sms.html", {"next": before})
    box = typed(request, most=DIGITS)
    template = "account/request_login_code.html"
    if not box.is_sent:
        return page(request, template, box, most=DIGITS)
    try:
        number = normalised(box.digits)
        if not may_send(request, number=number):
            return page(request, template, box, most=DIGITS, problem=too_many())
        logout(request)  # allauth asks for codes only who is not signed in
        SignInByCode.begin(request, number=number)
    except TelephoneRefused as reason:
        return page(request, template, box, most=DIGITS, problem=str(reason))
    except SmsNotSent:
        return page(request, template, box, most=DIGITS, problem=not_sent())
    return redirect(with_next(request, "account_confirm_login_code"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def type_code(request: HttpRequest) -> HttpResponse:
    """The code that came; the last of five wrong ones, or ten minutes, and it is over."""
    if request.user.is_authenticated:
        return redirect(get_login_redirect_url(request))
    stage = SignInByCode.stage_of(request)
    if stage is None:
        return redirect("account_request_login_code")
    process = SignInByCode.resume(stage)
    if process is None:
        messages.error(request, _("短信里的数字过时了，请重新要一条短信。"))
        return redirect(with_next(request, "account_request_login_code"))
    box = typed(request, most=CODE_DIGITS)
    more: dict[str, Any] = {"most": CODE_DIGITS, "number": in_groups(process.number), **lasting()}
    template = "account/confirm_login_code.html"
    if "again" in request.POST:
        return send_again(request, process)
    if not box.is_sent:
        return page(request, template, box, can_resend=process.can_resend, **more)
    if not may_try(request, number=process.number):
        messages.error(request, _("写错的次数太多了，请重新要一条短信。"))
        return redirect(with_next(request, "account_request_login_code"))
    if process.is_code(box.digits):
        return process.finish(get_next_redirect_url(request))
    if not process.record_invalid_attempt():
        messages.error(request, _("写错的次数太多了，请重新要一条短信。"))
        return redirect(with_next(request, "account_request_login_code"))
    again = TypedDigits("", is_sent=True)
    return page(
        request, template, again, problem=wrong_code(), can_resend=process.can_resend, **more
    )


def send_again(request: HttpRequest, process: SignInByCode) -> HttpResponse:
    if not process.can_resend or not may_send(request, number=process.number):
        messages.error(request, too_many())
    else:
        try:
            process.send_again()
        except SmsNotSent:
            messages.error(request, not_sent())
        else:
            messages.success(request, _("又发了一个，请用新的。"))
    return redirect(with_next(request, "account_confirm_login_code"))


def lasting() -> dict[str, int]:
    return {"minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60}


# --- Another number ---------------------------------------------------------------------------


@login_required(login_url="account_request_login_code")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change_telephone(request: HttpRequest) -> HttpResponse:
    """The new number of the account, or its first. Who has a password gives it before."""
    if sms_gateway() is None:
        return render(request, "account/no_sms.html")
    box = typed(request, most=DIGITS)
    template = "account/phone_change.html"
    if not box.is_sent:
        return page(request, template, box, most=DIGITS)
    try:
        number = normalised(box.digits)
        if number == signed_in(request).telephone:
            problem = _("现在用的就是这个号码。要换，请写新的。")
            return page(request, template, box, most=DIGITS, problem=problem)
        if not send_to_new(request, number):
            return page(request, template, box, most=DIGITS, problem=too_many())
    except TelephoneRefused as reason:
        return page(request, template, box, most=DIGITS, problem=str(reason))
    except RateLimited:
        return page(request, template, box, most=DIGITS, problem=too_many())
    except SmsNotSent:
        return page(request, template, box, most=DIGITS, problem=not_sent())
    return redirect("account_verify_phone")


@reauthentication_required(app="allauth.account")
def send_to_new(request: HttpRequest, number: str) -> bool:
    """Send a code there; False: there were too many. Raises SmsNotSent, and what makes allauth ask
    for the password: before a message is counted, since the same is asked again after it."""
    if not may_send(request, number=number):
        return False
    ChangeTelephone.initiate(request, number)
    return True


@login_required(login_url="account_request_login_code")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm_telephone(request: HttpRequest) -> HttpResponse:
    """The code that came to the new number; from then on it is the account's."""
    process = ChangeTelephone.resume(request)
    if process is None:
        return redirect("account_change_phone")
    box = typed(request, most=CODE_DIGITS)
    more: dict[str, Any] = {"most": CODE_DIGITS, "number": in_groups(process.phone), **lasting()}
    template = "account/confirm_phone_verification_code.html"
    if not box.is_sent:
        return page(request, template, box, **more)
    if not may_try(request, number=process.phone):
        messages.error(request, _("写错的次数太多了，请重新要一条短信。"))
        return redirect("account_change_phone")
    if is_same_code(box.digits, process.code):
        try:
            process.finish()
        except TelephoneTaken as reason:
            process.abort()
            messages.error(request, str(reason))
        return redirect("account")
    if not process.record_invalid_attempt():
        messages.error(request, _("写错的次数太多了，请重新要一条短信。"))
        return redirect("account_change_phone")
    return page(request, template, TypedDigits("", is_sent=True), problem=wrong_code(), **more)
