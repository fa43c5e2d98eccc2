"""The one question at the end of a lesson."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class QuizBlock(blocks.StructBlock):
    """A question with three answers (甲乙丙), one of them right, and why it is."""

    question = blocks.CharBlock(label=_("问题"), max_length=40)
    options = blocks.ListBlock(
        blocks.CharBlock(label=_("回答"), max_length=20),
        label=_("三个回答"),
        min_num=3,
        max_num=3,
    )
    answer = blocks.ChoiceBlock(
        label=_("哪个对"), choices=[("0", "甲"), ("1", "乙"), ("2", "丙")], default="0"
    )
    why = blocks.CharBlock(label=_("为什么"), max_length=60)

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
