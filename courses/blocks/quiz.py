"""The one question at the end of a lesson."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class QuizBlock(blocks.StructBlock):
    """A question with three answers (甲乙丙), one of them right, and why it is."""

    question = blocks.CharBlock(
        label=_("问题"),
        max_length=40,
        help_text=_("问课里刚教的一件事，一句话，最多40个字。"),
    )
    options = blocks.ListBlock(
        blocks.CharBlock(label=_("回答"), max_length=20),
        label=_("三个回答"),
        help_text=_("写三个，每个最多20个字。只有一个对，错的也要像真的有人会这么想。"),
        default=["", "", ""],
        min_num=3,
        max_num=3,
    )
    answer = blocks.ChoiceBlock(
        label=_("哪个对"),
        choices=[("0", _("甲（第一个）")), ("1", _("乙（第二个）")), ("2", _("丙（第三个）"))],
        default="0",
        help_text=_("上面三个回答，从上往下是甲、乙、丙。"),
    )
    why = blocks.CharBlock(
        label=_("为什么"),
        max_length=60,
        help_text=_("答对答错都看到这句：说明道理，不批评人，最多60个字。"),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if len(set(cleaned["options"])) < len(cleaned["options"]):
            raise blocks.StructBlockValidationError(
                block_errors={"options": ValidationError(_t("三个回答要各不相同。"))}
            )
        return cleaned

    class Meta:
        icon = "help"
        label = _("小测验")
        description = _("一个问题，三个回答，答错也会说明原因。")
        template = "courses/blocks/quiz.html"
        preview_value: ClassVar = {
            "question": "光看方块图，能看出它是不是骗人的吗？",
            "options": ["能，看颜色就行", "能，大的是真的", "不能，要扫完看清字"],
            "answer": "2",
            "why": "格子是给机器看的。人要看的，是扫出来的字。",
        }
