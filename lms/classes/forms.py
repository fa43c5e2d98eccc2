"""What the pages of classes ask. Each form checks what was typed; the services decide."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import ClassroomPage
from lms.accounts.access import Visitor
from lms.accounts.plain_forms import DateInput, PlainForm, TimeInput
from lms.classes.choices import ClassKind, Door, Weekday, WhenClosed
from lms.classes.models import ClassGroup
from lms.classes.services.class_groups import MeetingTime
from lms.people.choices import Role
from lms.people.forms import PeopleField, clean_number
from lms.people.models import administered_by, people_with_role_over
from lms.people.names import clean_name
from lms.units.choices import Level
from lms.units.forms import UnitField
from lms.units.models import Unit

WEEKLY_TIMES = 7
#: Doors that staff open; the others are a learner's own, or a file's.
STAFF_DOORS = (Door.IN_PERSON, Door.TELEPHONE, Door.DELEGATE, Door.WALK_IN)


class WarnedForm(PlainForm):
    """A form that is shown once more when what it asks for clashes with other classes."""

    clashes: Sequence[str] = ()


class ClassForm(WarnedForm):
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
        if class_group is not None:  # whoever teaches it stays in the list after the role has ended
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


class AddSessionForm(WarnedForm):
    """One meeting, past or to come."""

    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    starts_at = forms.TimeField(label=_("开始"), widget=TimeInput())
    ends_at = forms.TimeField(label=_("结束"), widget=TimeInput())
    reason = forms.CharField(
        label=_("说明"),
        help_text=_("例如：补课，上门。可以不填。"),
        max_length=80,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", gettext("结束要晚于开始。"))
        return cleaned


class EnrolByNumberForm(PlainForm):
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


class EnrolByNameForm(PlainForm):
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
        label=_("报名方式"), choices=[(d.value, d.label) for d in STAFF_DOORS if d != Door.DELEGATE]
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


def meeting_times(rows: BaseFormSet[WeeklyTimeForm]) -> list[MeetingTime]:
    """What the filled rows of WeeklyTimes ask for."""
    return [time for form in rows.forms if (time := form.meeting_time())]


def then_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("这些天已经排好的课"),
        choices=WhenClosed.choices,
        initial=WhenClosed.CANCEL,
        widget=forms.RadioSelect,
    )


class ClosingForm(PlainForm):
    unit = UnitField(
        label=_("单位"),
        help_text=_("名称或代码。下面的单位一起停课。"),
    )
    first = forms.DateField(label=_("从哪一天"), widget=DateInput())
    last = forms.DateField(label=_("到哪一天"), widget=DateInput())
    reason = forms.CharField(label=_("为什么停课"), max_length=60)
    then = then_field()

    def __init__(self, *args: Any, user: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, prefix="close", **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        field.among = Unit.objects.filter(administered_by(user))


class CalendarCorrectionForm(PlainForm):
    """For the officers of a city."""

    unit: Any = forms.ModelChoiceField(label=_("城市"), queryset=None, empty_label=None)
    day = forms.DateField(label=_("哪一天"), widget=DateInput())
    meets = forms.TypedChoiceField(
        label=_("这一天"),
        choices=[("yes", _("照常上课")), ("no", _("放假，不上课"))],
        coerce=lambda word: word == "yes",
    )
    reason = forms.CharField(label=_("根据"), help_text=_("例如：市政府通知。"), max_length=60)
    then = then_field()

    def __init__(self, *args: Any, user: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, prefix="correct", **kwargs)
        self.fields["unit"].queryset = correctable_units(user)  # type: ignore[attr-defined]


def correctable_units(user: Visitor) -> Any:
    """The cities and provinces whose calendar the user may put right."""
    levels = (Level.CITY, Level.PROVINCE)
    return Unit.objects.open().filter(administered_by(user), level__in=levels)
