"""The boxes of the writing desk: one small form for each part of a draft, all within one page.

A draft may be in pieces, so that nothing is required; what is missing, the gate says at submission.
"""

from typing import Any, ClassVar, TypeAlias

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm
from lms.manuals.models import ManualVersion, ManualWarning, Product, Step, Task, Trouble
from lms.manuals.plain_words import only_seen

MARKER = ("marker_x", "marker_y", "marker_w", "marker_h")
VERSION_KEY = "version"

Written: TypeAlias = ManualVersion | ManualWarning | Task | Step | Trouble


class Seen(forms.CharField):
    """One line, without the signs that nobody sees and that a pasted text brings along."""

    def to_python(self, value: Any) -> str:
        return only_seen(super().to_python(value) or "")


class Words(Seen):
    """A sentence; a box that grows with it, and no line broken by hand."""

    widget: Any = forms.Textarea(attrs={"rows": 1})

    def __init__(self, *, placeholder: Any = "", **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.widget.attrs |= {"placeholder": placeholder, "data-grows": True}


class Line(Words):
    widget = forms.TextInput()


class Day(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages: ClassVar = {"invalid": _("请写成2026-01-31这样。")}


class Percent(forms.IntegerField):
    default_error_messages: ClassVar = {
        "invalid": _("请写0到100的数。"),
        "min_value": _("请写0到100的数。"),
        "max_value": _("请写0到100的数。"),
    }

    def __init__(self, *, least: int = 0, **kwargs: Any) -> None:
        super().__init__(required=False, min_value=least, max_value=100, **kwargs)


class PartForm(PlainForm):
    """`seen` is the mark of what the writer had before his eyes when he began to change it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def changes(self) -> dict[str, Any]:
        """What can be kept of it, field by field; four numbers of a box are kept together."""
        self.is_valid()
        unkept = {"seen", *(MARKER if set(MARKER) & set(self.errors) else ())}
        return {name: value for name, value in self.cleaned_data.items() if name not in unkept}


class VersionForm(PartForm):
    title = Line(label=_("说明书名称"), placeholder=_("例如：康乐血压计怎么用"), max_length=60)
    service_telephone = Line(
        label=_("客服电话"), placeholder=_("老人看不懂时打给谁"), max_length=20
    )
    software_version = Line(label=_("软件版本"), placeholder=_("没有软件就空着"), max_length=40)
    checked_on = Day(label=_("核对日期"), required=False)
    review_due = Day(label=_("下次核对"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        checked_on, review_due = cleaned.get("checked_on"), cleaned.get("review_due")
        if checked_on and review_due and review_due <= checked_on:
            self.add_error("review_due", gettext("要晚于核对日期。"))
        return cleaned


class WarningForm(PartForm):
    words = Words(
        label=_("小心什么"), placeholder=_("例如：手湿的时候，不碰插头。"), max_length=120
    )


class TaskForm(PartForm):
    title = Line(label=_("想做什么"), placeholder=_("例如：怎么量血压"), max_length=60)


class StepForm(PartForm):
    words = Words(label=_("这一步做什么"), placeholder=_("一句话，一个动作"), max_length=200)
    alt = Words(label=_("图上是什么"), placeholder=_("例如：绑好布带的左胳膊"), max_length=120)
    warning = Words(label=_("小心什么"), placeholder=_("没有危险就空着"), max_length=120)
    expected = Words(
        label=_("应该看到什么"), placeholder=_("例如：屏幕亮了，出现两个数"), max_length=120
    )
    marker_x = Percent(label=_("离左边"))
    marker_y = Percent(label=_("离上边"))
    marker_w = Percent(label=_("宽"), least=1)
    marker_h = Percent(label=_("高"), least=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        numbers = [n for name in MARKER if (n := cleaned.get(name)) is not None]
        if self.errors or not numbers:
            return cleaned
        if len(numbers) < len(MARKER):
            self.add_error("marker_x", gettext("四个数要写齐；不画框，就都空着。"))
        elif numbers[0] + numbers[2] > 100 or numbers[1] + numbers[3] > 100:
            self.add_error("marker_x", gettext("框伸到图外面去了。"))
        return cleaned


class TroubleForm(PartForm):
    problem = Line(label=_("出了什么问题"), placeholder=_("例如：屏幕不亮"), max_length=60)
    remedy = Words(label=_("怎么办"), placeholder=_("例如：换四节新电池。"), max_length=200)


FORMS: dict[type[Written], type[PartForm]] = {
    ManualVersion: VersionForm,
    ManualWarning: WarningForm,
    Task: TaskForm,
    Step: StepForm,
    Trouble: TroubleForm,
}


def fields_of(kind: type[Written]) -> tuple[str, ...]:
    """What can be written in it by these forms."""
    return tuple(name for name in FORMS[kind].base_fields if name != "seen")


def key_of(row: Written) -> str:
    return VERSION_KEY if isinstance(row, ManualVersion) else str(row.key)


class ProductForm(PlainForm):
    brand = Seen(label=_("品牌"), help_text=_("照着机身上的铭牌写。"), max_length=40)
    model = Seen(label=_("型号"), help_text=_("也在铭牌上。"), max_length=40)
    name = Seen(label=_("这是什么"), help_text=_("老人平常怎么叫它，例如“血压计”。"), max_length=40)
    kind = forms.ChoiceField(
        label=_("类别"),
        help_text=_("医疗、取暖和电器，要写提醒，并多审一道安全。"),
        choices=[("", _("请选择")), *Product._meta.get_field("kind").flatchoices],
    )
    catalogue_year = forms.IntegerField(
        label=_("列入推广目录的年份"),
        help_text=_("《智慧健康养老产品及服务推广目录》里有的才填，例如2024。"),
        required=False,
        min_value=2018,
        max_value=2100,
        error_messages={
            "invalid": _("请写四位数的年份。"),
            "min_value": _("请写2018年以后的年份。"),
            "max_value": _("请写四位数的年份。"),
        },
    )
    photo = forms.FileField(
        label=_("产品照片"),
        help_text=_("正面，看得清按键。JPG、PNG或WebP。"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": _("文件是空的。请再选一次。")},
    )
