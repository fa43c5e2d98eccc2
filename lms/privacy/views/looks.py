"""The log of who looked at learners' data, for auditors: to read, to filter, as a file."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.accounts.models import User
from lms.accounts.plain_forms import DateInput, PlainForm
from lms.people.choices import Looked, Role
from lms.people.models import Look, LookQuerySet, supervised_units
from lms.people.services.looks import note_look
from lms.tables import (
    CONTENT_TYPES,
    CSV,
    Column,
    Shape,
    Sheet,
    as_download,
    write_csv,
    write_xlsx,
)

LOOKS_A_PAGE = 50
LOOKS_IN_A_FILE = 20_000  # two seconds' work; of more, one asks for fewer days
TAKEN = "taken"


class LooksForm(PlainForm):
    """What is asked of the log; all of it may be left blank."""

    q = forms.CharField(label=gettext_lazy("谁"), max_length=40, required=False)
    what = forms.ChoiceField(label=gettext_lazy("看了什么"), required=False)
    taken = forms.ChoiceField(
        label=gettext_lazy("看还是带走"),
        required=False,
        choices=[("", gettext_lazy("都要")), (TAKEN, gettext_lazy("只要带走的"))],
    )
    first = forms.DateField(label=gettext_lazy("从"), required=False, widget=DateInput())
    last = forms.DateField(label=gettext_lazy("到"), required=False, widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext_lazy("都要")), *Looked.choices]


@dataclass(frozen=True)
class LooksAsked:
    """`looks` None: what was asked cannot be understood, and the form says why."""

    form: LooksForm
    looks: LookQuerySet
    query: str


def require_auditor(user: User) -> None:
    """Raises Http404 for everybody else."""
    if not (user.is_superuser or supervised_units(user, roles=(Role.AUDITOR,))):
        raise Http404


def asked(request: SignedInRequest) -> LooksAsked:
    """Newest first; nothing where a date is none."""
    require_auditor(request.user)
    form = LooksForm(request.GET)
    looks = Look.objects.visible_to(request.user).select_related("person", "learner", "unit")
    if not form.is_valid():
        return LooksAsked(form, looks.none(), "")
    said = form.cleaned_data
    if said["q"]:
        whole = Concat("last_name", Value(""), "first_name")
        named = Q(whole__icontains=said["q"]) | Q(username__istartswith=said["q"])
        looks = looks.filter(person__in=User.objects.annotate(whole=whole).filter(named))
    if said["what"]:
        looks = looks.filter(what=said["what"])
    if said["taken"]:
        looks = looks.filter(taken=True)
    if said["first"]:
        looks = looks.filter(at__gte=timezone.make_aware(datetime.combine(said["first"], time())))
    if said["last"]:
        after = datetime.combine(said["last"] + timedelta(days=1), time())
        looks = looks.filter(at__lt=timezone.make_aware(after))
    words = {name: request.GET.get(name, "") for name in form.fields}
    return LooksAsked(form, looks, urlencode({name: word for name, word in words.items() if word}))


@require_safe
@for_staff
def looks(request: SignedInRequest) -> HttpResponse:
    found = asked(request)
    page = Paginator(found.looks, LOOKS_A_PAGE).get_page(request.GET.get("p"))
    context = {
        "form": found.form,
        "page": page,
        "query": found.query,
        "as_file": 0 < page.paginator.count <= LOOKS_IN_A_FILE,
    }
    return render(request, "privacy/looks.html", context)


@require_safe
@for_staff
def looks_file(request: SignedInRequest, ending: str) -> HttpResponse:
    """Those that the page shows; Http404 of none, and of more than a file takes."""
    found = asked(request)
    if ending not in CONTENT_TYPES or not 0 < found.looks.count() <= LOOKS_IN_A_FILE:
        raise Http404
    columns = [
        Column("at", _("时间"), Shape.MOMENT),
        Column("person", _("谁"), Shape.WORDS),
        Column("what", _("看了什么"), Shape.WORDS),
        Column("taken", _("看还是带走"), Shape.SHORT),
        Column("about", _("哪一个"), Shape.WORDS),
        Column("learner", _("学员号"), Shape.DIGITS),
        Column("unit", _("单位"), Shape.WORDS),
        Column("rows", _("几行"), Shape.COUNT),
        Column("reason", _("原因"), Shape.REMARK),
    ]
    rows: list[list[Any]] = [
        [
            each.at,
            each.person.shown_name(),
            each.get_what_display(),
            _("带走") if each.taken else _("看"),
            each.about,
            each.learner.number if each.learner else "",
            each.unit.name if each.unit else "",
            each.rows,
            each.reason,
        ]
        for each in found.looks
    ]
    note_look(request.user, Looked.LOOKS, rows=len(rows), taken=True)
    name = f"{_('查看记录')}_{timezone.localdate()}"
    if ending == CSV:
        return as_download(write_csv(columns, rows), file_name=f"{name}.{ending}")
    sheet = Sheet(title=_("查看记录"), columns=columns, rows=rows, above=[_("查看记录")])
    return as_download(write_xlsx(sheet), file_name=f"{name}.{ending}")
