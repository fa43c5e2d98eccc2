"""Family and neighbours who may act for a learner (亲友代办)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.schools.class_forms import name_of
from lms.schools.learner_forms import ProxyForm
from lms.schools.services.people import PersonRefused, give_proxy, revoke_proxy
from lms.schools.views.access import for_staff, learner_kept


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new_proxy(request: HttpRequest, number: str) -> HttpResponse:
    learner = learner_kept(request.user, number)
    form = ProxyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            proxy = give_proxy(learner=learner, recorded_by=request.user, **form.terms())
        except PersonRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(
                request,
                _(
                    "登记好了：%(person)s（%(relation)s）可以为%(learner)s%(scope)s，办到%(day)s为止。"
                )
                % {
                    "person": name_of(proxy.person),
                    "relation": proxy.relation,
                    "learner": learner.name,
                    "scope": proxy.get_scope_display(),
                    "day": proxy.last_day,
                },
            )
            return redirect("classes:learner", number=number)
    context = {"learner": learner, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "schools/classes/proxy.html", context, status=status)


@require_POST
@for_staff
def revoke(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    learner = learner_kept(request.user, number)
    proxy = get_object_or_404(learner.proxies.filter(revoked_at__isnull=True), pk=pk)
    revoke_proxy(proxy)
    messages.success(request, _("收回了。以前代办的事还留着记录。"))
    return redirect("classes:learner", number=number)
