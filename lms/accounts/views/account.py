"""One's own account: name, number, televisions, and leaving."""

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts import services
from lms.accounts.models import User
from lms.accounts.second_factor import has_second_factor, must_have_second_factor
from lms.accounts.telephones import masked

BY_TELEPHONE = "account_request_login_code"


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("怎么称呼您"),
        max_length=20,
        error_messages={"required": gettext_lazy("请写一个称呼，例如：陈阿婆。")},
    )


def signed_in(request: HttpRequest) -> User:
    """The person, on pages that ask for a sign-in."""
    assert isinstance(request.user, User)
    return request.user


@require_safe
@login_required(login_url=BY_TELEPHONE)
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = {
        "telephone": masked(user.telephone) if user.telephone else "",
        "has_password": user.has_usable_password(),
        "second_factor": must_have_second_factor(user) or has_second_factor(user),
    }
    return render(request, "accounts/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required(login_url=BY_TELEPHONE)
@never_cache
def name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST or None, initial={"name": signed_in(request).get_full_name()})
    if request.method == "POST" and form.is_valid():
        services.rename(signed_in(request), name=form.cleaned_data["name"])
        messages.success(request, _("称呼改好了。"))
        return redirect("account")
    return render(request, "accounts/name.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required(login_url=BY_TELEPHONE)
@never_cache
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """POST ends every other session of the account; this one goes on."""
    if request.method != "POST":
        return render(request, "accounts/sign_out_everywhere.html")
    user = signed_in(request)
    services.sign_out_everywhere(user)
    update_session_auth_hash(request, user)
    messages.success(request, _("别的手机、电脑和电视都退出了，只有这里还能用。"))
    return redirect("account")
