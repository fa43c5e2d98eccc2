"""Groups of colleagues that can be told by a robot; an officer keeps those of own units."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.access import SignedInRequest, for_staff
from lms.notices.choices import GroupKind
from lms.notices.forms import GroupForm
from lms.notices.models import WorkGroup
from lms.notices.services.groups import GroupRefused, add_group, remove_group
from lms.people.models import administered_by
from lms.units.models import Unit

UNITS_OFFERED = 500


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def groups(request: SignedInRequest) -> HttpResponse:
    units = Unit.objects.open().filter(administered_by(request.user))
    if not units.exists():
        raise Http404
    form = GroupForm(request.POST if request.method == "POST" else None, units=units)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            group = add_group(
                unit=cleaned["unit"],
                name=cleaned["name"],
                kind=GroupKind(cleaned["kind"]),
                address=cleaned["address"],
                made_by=request.user,
            )
        except GroupRefused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("“%(name)s”加好了。") % {"name": group.name})
            if group.secret:
                said = _("请把这个密钥抄给对方，它只显示这一次：%(secret)s")
                messages.info(request, said % {"secret": group.secret})
            return redirect("notices:groups")
    context = {
        "groups": WorkGroup.objects.kept_by(request.user).select_related("unit"),
        "form": form,
        "hosts": settings.WEBHOOK_HOSTS,
    }
    return render(request, "notices/groups.html", context, status=422 if form.errors else 200)


@require_POST
@for_staff
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(WorkGroup.objects.kept_by(request.user), pk=pk)
    remove_group(group)
    messages.success(request, _("“%(name)s”删去了。") % {"name": group.name})
    return redirect("notices:groups")
