"""The page on which a printed password is changed for one's own."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lms.accounts.access import SignedInRequest, for_staff
from lms.people.first_password import UNTIL
from lms.people.forms import FirstPasswordForm
from lms.people.services.slips import choose_password


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def first_password(request: SignedInRequest) -> HttpResponse:
    if UNTIL not in request.session:
        return redirect("account_change_password")
    form = FirstPasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        choose_password(request.user, password=form.cleaned_data["password"])
        del request.session[UNTIL]
        update_session_auth_hash(request, request.user)
        messages.success(
            request,
            _("密码换好了。下次用用户名 %(name)s 和新密码登录。")
            % {"name": request.user.get_username()},
        )
        return redirect("work:begin")
    status = 422 if form.is_bound else 200
    return render(request, "people/first_password.html", {"form": form}, status=status)
