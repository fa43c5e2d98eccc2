"""What the pages of the ledger ask."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User
from lms.accounts.plain_forms import DateInput, PlainForm
from lms.accounts.telephones import TelephoneRefused, normalised
from lms.ledger.choices import Figure, Standing
from lms.ledger.evidence_files import DOCUMENTS, PICTURES
from lms.ledger.models import LONG, LONGEST, SHORT, WORDS_MOST, Measure
from lms.ledger.queries import responsible_people
from lms.people.forms import PersonField, UnitChoice, unit_field
from lms.units.forms import UnitField
from lms.units.models import Unit, UnitQuerySet

TERM = timedelta(days=7)
PEOPLE_TO_CHOOSE = 60  # as many as a list is still read through


class Area(forms.Textarea):
    def __init__(self, rows: int = 2) -> None:
        super().__init__(attrs={"rows": rows})


class AccountField(forms.CharField):
    """Somebody of these, by the name or the telephone that signs in."""

    people: QuerySet[User] = User.objects.none()

    def prepare_value(self, value: Any) -> Any:
        return value.get_username() if isinstance(value, User) else value

    def clean(self, value: Any) -> User | None:
        words = super().clean(value).strip()
        if not words:
            return None
        found = self.people.filter(username=words).first()
        if found is None:
            try:
                found = self.people.filter(telephone=normalised(words)).first()
            except TelephoneRefused:
                found = None
        if found is None:
            raise ValidationError(
                gettext("这里没有人用“%(words)s”登录。请核对，或者先空着。") % {"words": words}
            )
        return found


def account_field(people: QuerySet[User], **more: Any) -> forms.Field:
    """A list of the people where they are few, else a box for how somebody signs in."""
    if people.count() <= PEOPLE_TO_CHOOSE:
        return PersonField(
            queryset=people,
            help_text=_("选了，他就能自己报进度、传佐证。"),
            empty_label=gettext("没有账号，或者先不选"),
            **more,
        )
    box = AccountField(help_text=_("他登录用的手机号或用户名；写了，他就能自己报进度。"), **more)
    box.people = people
    return box


class VersionedForm(PlainForm):
    """Of a row as it stood when the page was made."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def fields_said(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        said.pop("version", None)
        return said


class MeasureForm(VersionedForm):
    """A whole row."""

    number = forms.CharField(label=_("序号"), max_length=20, required=False)
    clause = forms.CharField(
        label=_("政策条款"),
        help_text=_("文号和第几条，例如：穗养老联席〔2021〕1号 第31条。"),
        max_length=LONG,
        required=False,
    )
    task = forms.CharField(label=_("任务"), max_length=LONGEST, widget=Area(3))
    target = forms.CharField(
        label=_("指标"),
        help_text=_("照文件写。"),
        max_length=LONGEST,
        required=False,
        widget=Area(),
    )
    figure = forms.ChoiceField(
        label=_("连到本系统的哪个数"),
        help_text=_("选了，就自动算出完成了多少。"),
        required=False,
    )
    goal = forms.IntegerField(
        label=_("这个数要达到多少"), required=False, min_value=1, max_value=2_000_000_000
    )
    year = forms.IntegerField(
        label=_("哪一年的数"),
        help_text=_("空着就是到期的那一年。"),
        required=False,
        min_value=2000,
        max_value=2200,
    )
    lead = forms.CharField(label=_("牵头单位"), max_length=LONG, required=False)
    partners = forms.CharField(
        label=_("配合单位"), max_length=LONGEST, required=False, widget=Area()
    )
    person_name = forms.CharField(label=_("责任人"), max_length=SHORT, required=False)
    due_words = forms.CharField(
        label=_("完成时限"),
        help_text=_("照文件写，例如：2027年底前。"),
        max_length=SHORT,
        required=False,
    )
    due_on = forms.DateField(
        label=_("到期日"), help_text=_("按这一天提醒。"), required=False, widget=DateInput()
    )
    starts_on = forms.DateField(
        label=_("开始的日子"),
        help_text=_("时间表从这一天画起。"),
        required=False,
        widget=DateInput(),
    )
    percent = forms.IntegerField(
        label=_("完成多少（%）"), required=False, min_value=0, max_value=100
    )
    progress = forms.CharField(label=_("进度"), max_length=LONGEST, required=False, widget=Area())
    problem = forms.CharField(label=_("问题"), max_length=LONGEST, required=False, widget=Area())
    evidence_words = forms.CharField(
        label=_("佐证（写在表格里的话）"), max_length=LONGEST, required=False, widget=Area()
    )
    press_words = forms.CharField(
        label=_("督办（写在表格里的话）"), max_length=LONGEST, required=False, widget=Area()
    )

    def __init__(
        self, *args: Any, units: UnitQuerySet | None = None, unit: Unit | None, **kwargs: Any
    ) -> None:
        """`units`: among which a new row's is chosen; None: it stays with `unit`."""
        super().__init__(*args, **kwargs)
        self.fields["figure"].choices = [("", _("不连")), *Figure.choices]  # type: ignore[attr-defined]
        self.fields["person"] = account_field(
            responsible_people(unit) if unit else User.objects.none(),
            label=_("责任人的账号"),
            required=False,
        )
        if units is not None:
            self.fields["unit"] = unit_field(units, label=_("写进哪个单位的台账"))
        if unit is not None:
            below = Unit.objects.below(unit).open()
            self.fields["lead_unit"] = unit_field(
                below, label=_("牵头的单位在本系统里是"), required=False
            )
            self.fields["lead_unit"].help_text = _("按它来算数；空着就是本单位。")
        for name in ("person", "unit", "lead_unit"):
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "field__input"
                self.fields[name].error_messages |= {
                    "required": gettext("这里还没有选。"),
                    "invalid_choice": gettext("请在列出的里面选一个。"),
                }
        for name in ("unit", "lead_unit"):
            if name in self.fields:
                self.initial[name] = said_as(self.fields[name], self.initial.get(name))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, due = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts and due and due < starts:
            self.add_error("due_on", gettext("到期的日子早于开始的日子。"))
        if cleaned.get("goal") and not cleaned.get("figure"):
            self.add_error("figure", gettext("写了要达到多少，请选是哪个数。"))
        if cleaned.get("person") and not cleaned.get("person_name"):
            cleaned["person_name"] = cleaned["person"].shown_name()
        return cleaned


class ProgressForm(VersionedForm):
    """What the person responsible tells."""

    percent = forms.IntegerField(
        label=_("完成多少（%）"), required=False, min_value=0, max_value=100
    )
    progress = forms.CharField(
        label=_("办到哪一步了"), max_length=LONGEST, required=False, widget=Area(3)
    )
    problem = forms.CharField(
        label=_("有什么问题"), max_length=LONGEST, required=False, widget=Area()
    )


def said_as(field: forms.Field, unit: Unit | None) -> str | None:
    """The unit as the field has it: in a box by its name, where one alone is called so."""
    if unit is None:
        return None
    if isinstance(field, UnitField) and field.among is not None:
        return unit.name if field.among.filter(name=unit.name).count() == 1 else unit.code
    return unit.code


def initial_of(form: type[VersionedForm], measure: Measure) -> dict[str, Any]:
    """Of the fields of the form, as the row stands."""
    initial = {name: getattr(measure, name) for name in form.base_fields}
    if form is MeasureForm:
        initial |= {"person": measure.person, "lead_unit": measure.lead_unit}
    return initial


class SearchForm(PlainForm):
    q = forms.CharField(label=_("任务、条款、单位或责任人"), required=False)
    standing = forms.ChoiceField(label=_("情况"), required=False)
    pressed = forms.ChoiceField(label=_("督办"), required=False)

    def __init__(self, *args: Any, units: UnitQuerySet | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("全部"))]
        self.fields["standing"].choices = [*everything, *Standing.choices]  # type: ignore[attr-defined]
        self.fields["pressed"].choices = [  # type: ignore[attr-defined]
            *everything,
            ("open", _("等着答复的")),
            ("mine", _("等我答复的")),
            ("here", _("没有答复，到了我这里的")),
        ]
        if units is not None:
            field = unit_field(units, label=_("单位"), required=False)
            field.help_text = ""
            if isinstance(field, UnitChoice):
                field.empty_label = gettext("全部")
            field.widget.attrs["class"] = "field__input"
            self.fields["unit"] = field
        self.order_fields(["q", "unit", "standing", "pressed"])


class EvidenceForm(PlainForm):
    """A file or an address, and a sentence about it."""

    title = forms.CharField(label=_("说明"), help_text=_("例如：十一月的签到表。"), max_length=80)
    file = forms.FileField(
        label=_("照片或文件"),
        help_text=_("照片、PDF、Word、Excel，不超过20MB。照片里的拍摄地点会去掉。"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join([*PICTURES, *DOCUMENTS])}),
        error_messages={"empty": _("文件是空的。请再选一次。")},
    )
    link = forms.CharField(
        label=_("或者网址"), help_text=_("以https://开头。"), required=False, max_length=500
    )

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"].strip()
        if link:
            message = gettext("这个网址不对，请从地址栏里整个复制过来。")
            URLValidator(schemes=["http", "https"], message=message)(link)
        return link

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if bool(cleaned.get("file")) == bool(cleaned.get("link")):
            self.add_error("file", gettext("请选一个文件，或者写一个网址，二选一。"))
        return cleaned


class PressForm(PlainForm):
    words = forms.CharField(label=_("督办什么"), max_length=WORDS_MOST, widget=Area())
    answer_by = forms.DateField(
        label=_("哪天以前答复"),
        help_text=_("过了这一天没有答复，就报到上一级。"),
        widget=DateInput(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer_by"].initial = timezone.localdate() + TERM


class AnswerForm(PlainForm):
    answer = forms.CharField(
        label=_("答复"),
        help_text=_("办到哪一步了，什么时候办完。"),
        max_length=WORDS_MOST,
        widget=Area(3),
    )


class ReasonForm(PlainForm):
    why = forms.CharField(label=_("为什么"), max_length=200)


class TableForm(PlainForm):
    """An office's table; what is in it is for sheets.reading to judge."""

    file = forms.FileField(
        label=_("台账表格"),
        help_text=_(".xlsx或.csv，不超过5MB，最多500行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
        error_messages={"required": _("请先选一个文件。"), "empty": _("文件是空的。")},
    )

    def __init__(self, *args: Any, units: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = unit_field(units, label=_("哪个单位的台账"))
        self.fields["unit"].widget.attrs["class"] = "field__input"
        self.initial["unit"] = said_as(self.fields["unit"], self.initial.get("unit"))
        self.order_fields(["unit", "file"])
