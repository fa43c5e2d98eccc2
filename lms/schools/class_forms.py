"""What the pages of classes ask. Each form checks what was typed; the services decide."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import ClassroomPage
from lms.accounts.plain_forms import PlainForm
from lms.schools.choices import ClassKind, Door, Role, Weekday
from lms.schools.models import ClassGroup, ClassSession, Unit
from lms.schools.models.people import is_learner_number, people_with_role_over
from lms.schools.services.classes import MeetingTime

WEEKLY_TIMES = 7
#: Doors that staff open; the others are a learner's own, or a file's.
STAFF_DOORS = (Door.DESK, Door.TELEPHONE, Door.PROXY, Door.WALK_IN)


def name_of(person: Any) -> str:
    return person.shown_name()


def clean_name(typed: str) -> str:
    """Without the blanks that 陈　伯 is spread out with; 阿依古丽 A. keeps hers."""
    words = typed.split()
    return ("" if not any(word.isascii() for word in words) else " ").join(words)


def clean_number(typed: str) -> str:
    """Without blanks. Raises ValidationError when the check digit is wrong."""
    number = "".join(typed.split())
    if not is_learner_number(number):
        raise ValidationError(
            gettext("“%(number)s”不是学员号，有一位打错了，或者少了、多了。请对着卡片再打一遍。")
            % {"number": number}
        )
    return number


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return name_of(obj)


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return name_of(obj)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ClassForm(PlainForm):
    """A class of that unit; `class_group` None for a new one."""

    title = forms.CharField(label=_("班名"), max_length=60)
    kind = forms.ChoiceField(label=_("形式"), choices=ClassKind.choices)
    classroom = forms.ModelChoiceField(
        label=_("课堂"),
        queryset=ClassroomPage.objects.none(),
        required=False,
        empty_label=_("不属于哪个课堂"),
    )
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    capacity = forms.IntegerField(
        label=_("最多几人"),
        help_text=_("不填就是不限。满了以后报名的人排队等候。"),
        required=False,
        min_value=1,
        max_value=10_000,
    )
    starts_on = forms.DateField(label=_("开班日期"), widget=DateInput())
    ends_on = forms.DateField(label=_("结束日期"), widget=DateInput())
    teachers = PeopleField(
        label=_("教师"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, unit: Unit, class_group: ClassGroup | None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["classroom"].queryset = ClassroomPage.objects.live()  # type: ignore[attr-defined]
        people = people_with_role_over(unit, Role.TEACHER)
        if class_group is not None:  # whoever teaches it stays in the list after the appointment
            here = class_group.teachers.values("pk")
            people = people.model.objects.filter(pk__in=people.values("pk")) | (
                people.model.objects.filter(pk__in=here)
            )
        self.fields["teachers"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", gettext("结束日期不能早于开班日期。"))
        return cleaned


class WeeklyTimeForm(PlainForm):
    """One row; left blank, it asks for nothing."""

    weekday = forms.TypedChoiceField(
        label=_("星期"),
        choices=[("", "—"), *Weekday.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    starts_at = forms.TimeField(label=_("开始"), widget=TimeInput(), required=False)
    ends_at = forms.TimeField(label=_("结束"), widget=TimeInput(), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        filled = [cleaned.get(name) is not None for name in self.fields]
        if self.errors or not any(filled):
            return cleaned
        if not all(filled):
            raise ValidationError(gettext("星期、开始和结束要一起填；不要这一行，就都空着。"))
        if cleaned["ends_at"] <= cleaned["starts_at"]:
            raise ValidationError(gettext("结束要晚于开始。"))
        return cleaned

    def meeting_time(self) -> MeetingTime | None:
        cleaned = self.cleaned_data
        return MeetingTime(**cleaned) if cleaned.get("weekday") else None


WeeklyTimes = forms.formset_factory(
    WeeklyTimeForm,
    extra=WEEKLY_TIMES,
    max_num=WEEKLY_TIMES,
    absolute_max=WEEKLY_TIMES,
)


class NumberForm(PlainForm):
    """Somebody who has a learner's card."""

    number = forms.CharField(
        label=_("学员号"),
        help_text=_("卡片上的9位数字，空格可以不打。"),
        max_length=20,
    )
    door = forms.ChoiceField(label=_("报名方式"), choices=[(d.value, d.label) for d in STAFF_DOORS])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_number(self) -> str:
        return clean_number(self.cleaned_data["number"])


class NewLearnerForm(PlainForm):
    """Somebody who comes for the first time."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    birth_year = forms.IntegerField(
        label=_("出生年份"),
        help_text=_("只要年份，例如1952。不知道可以不填。"),
        required=False,
        min_value=1900,
        max_value=2020,
    )
    telephone = forms.CharField(
        label=_("电话"), help_text=_("可以不填。"), max_length=20, required=False
    )
    door = forms.ChoiceField(
        label=_("报名方式"), choices=[(d.value, d.label) for d in STAFF_DOORS if d != Door.PROXY]
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


class MoveForm(PlainForm):
    day = forms.DateField(label=_("改到哪天"), widget=DateInput())
    clock = forms.TimeField(label=_("几点开始"), widget=TimeInput())
    reason = forms.CharField(label=_("改期的原因"), max_length=80)


class ReasonForm(PlainForm):
    reason = forms.CharField(label=_("取消的原因"), max_length=80)


class HeadcountForm(PlainForm):
    headcount = forms.IntegerField(label=_("到场人数"), min_value=0, max_value=100_000)


class HeadcountCorrectionForm(HeadcountForm):
    reason = forms.CharField(label=_("为什么要改"), max_length=80)


class WalkInForm(PlainForm):
    """Somebody who came without being in the class: with a card, or with nothing but a name."""

    number = forms.CharField(
        label=_("有卡：学员号"), max_length=20, required=False, help_text=_("卡片上的9位数字")
    )
    name = forms.CharField(
        label=_("没有卡：姓名"), max_length=40, required=False, help_text=_("只要姓名")
    )

    def __init__(self, *args: Any, session: ClassSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        if session.closed_at is not None:
            self.fields["reason"] = forms.CharField(
                label=_("为什么现在才登记"),
                max_length=80,
                widget=forms.TextInput(attrs={"class": "field__input"}),
            )

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        return clean_number(typed) if typed.strip() else ""

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned["number"] or cleaned["name"]):
            self.add_error("name", gettext("请写学员号；没有卡的，写姓名就行。"))
        return cleaned


class HelpForm(PlainForm):
    person = PersonField(label=_("谁来帮忙"), queryset=None, empty_label=_("请选择"))
    minutes = forms.IntegerField(
        label=_("多少分钟"),
        help_text=_("写0就是删去。"),
        min_value=0,
        max_value=720,
    )

    def __init__(self, *args: Any, session: ClassSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_with_role_over(session.class_group.unit, Role.VOLUNTEER, Role.TEACHER)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


def meeting_times(rows: BaseFormSet[WeeklyTimeForm]) -> list[MeetingTime]:
    """What the filled rows of WeeklyTimes ask for."""
    return [time for form in rows.forms if (time := form.meeting_time())]


class RosterForm(PlainForm):
    """A list to be read; what is in it is for lms.schools.spreadsheets to judge."""

    file = forms.FileField(
        label=_("名单文件"),
        help_text=_(".xlsx或.csv，不超过5MB，最多一万行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv"}),
        error_messages={
            "required": _("请先选一个文件。"),
            "empty": _("文件是空的。"),
        },
    )
