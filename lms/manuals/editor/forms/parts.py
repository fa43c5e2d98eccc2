"""One form for a draft and one for each of its parts, all on the editor's one page.

Nothing is required in a draft; the readability check says what is missing before it is handed in.
"""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm
from lms.manuals.editor.forms.fields import DayField, LineField, PercentField, SentenceField
from lms.manuals.editor.parts import MARKER_FIELDS, TYPED_FIELDS, EditedRow, key_of
from lms.manuals.models import (
    ManualStep,
    ManualTask,
    ManualTrouble,
    ManualVersion,
    ManualWarning,
)


class PartForm(PlainForm):
    """`seen` is the part's mark when its page was rendered (see `mark_of`)."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def changes(self) -> dict[str, Any]:
        """The valid fields; the four numbers of a marker only together."""
        self.is_valid()
        left_out = {"seen"}
        if set(MARKER_FIELDS) & set(self.errors):
            left_out.update(MARKER_FIELDS)
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class VersionForm(PartForm):
    title = LineField(label=_("说明书名称"), placeholder=_("例如：康乐血压计怎么用"), max_length=60)
    service_telephone = LineField(
        label=_("客服电话"), placeholder=_("老人看不懂时打给谁"), max_length=20
    )
    software_version = LineField(
        label=_("软件版本"), placeholder=_("没有软件就空着"), max_length=40
    )
    checked_on = DayField(label=_("核对日期"), required=False)
    review_due = DayField(label=_("下次核对"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        checked_on, review_due = cleaned.get("checked_on"), cleaned.get("review_due")
        if checked_on and review_due and review_due <= checked_on:
            self.add_error("review_due", gettext("要晚于核对日期。"))
        return cleaned


class WarningForm(PartForm):
    words = SentenceField(
        label=_("小心什么"), placeholder=_("例如：手湿的时候，不碰插头。"), max_length=120
    )


class TaskForm(PartForm):
    title = LineField(label=_("想做什么"), placeholder=_("例如：怎么量血压"), max_length=60)


class StepForm(PartForm):
    words = SentenceField(
        label=_("这一步做什么"), placeholder=_("一句话，一个动作"), max_length=200
    )
    alt = SentenceField(
        label=_("图上是什么"), placeholder=_("例如：绑好布带的左胳膊"), max_length=120
    )
    warning = SentenceField(label=_("小心什么"), placeholder=_("没有危险就空着"), max_length=120)
    expected = SentenceField(
        label=_("应该看到什么"), placeholder=_("例如：屏幕亮了，出现两个数"), max_length=120
    )
    marker_x = PercentField(label=_("离左边"))
    marker_y = PercentField(label=_("离上边"))
    marker_w = PercentField(label=_("宽"), least=1)
    marker_h = PercentField(label=_("高"), least=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        numbers = [n for name in MARKER_FIELDS if (n := cleaned.get(name)) is not None]
        if self.errors or not numbers:
            return cleaned
        if len(numbers) < len(MARKER_FIELDS):
            self.add_error("marker_x", gettext("四个数要写齐；不画框，就都空着。"))
        elif numbers[0] + numbers[2] > 100 or numbers[1] + numbers[3] > 100:
            self.add_error("marker_x", gettext("框伸到图外面去了。"))
        return cleaned


class TroubleForm(PartForm):
    problem = LineField(label=_("出了什么问题"), placeholder=_("例如：屏幕不亮"), max_length=60)
    remedy = SentenceField(label=_("怎么办"), placeholder=_("例如：换四节新电池。"), max_length=200)


FORMS: Final[dict[type[EditedRow], type[PartForm]]] = {
    ManualVersion: VersionForm,
    ManualWarning: WarningForm,
    ManualTask: TaskForm,
    ManualStep: StepForm,
    ManualTrouble: TroubleForm,
}


def form_of(row: EditedRow) -> PartForm:
    """Unbound, filled with what the row says."""
    initial = {name: getattr(row, name) for name in TYPED_FIELDS[type(row)]}
    return FORMS[type(row)](initial=initial, prefix=key_of(row))
