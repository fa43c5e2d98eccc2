"""The messages of a drill against fraud."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.choices import Channel, Verdict
from courses.drill import Item


class DrillItemBlock(blocks.StructBlock):
    """A message as it comes, whether it is a fraud, what tells, and what to do."""

    channel = blocks.ChoiceBlock(label=_("怎么来的"), choices=Channel.choices)
    sender = blocks.CharBlock(label=_("谁发来的"), max_length=30)
    text = blocks.CharBlock(
        label=_("说了什么"),
        max_length=60,
        help_text=_("网址不要写出来，写（蓝字）。人名、号码都用编的。"),
    )
    verdict = blocks.ChoiceBlock(label=_("其实是"), choices=Verdict.choices)
    sign = blocks.CharBlock(label=_("哪里看得出来"), max_length=50)
    advice = blocks.CharBlock(label=_("该怎么办"), max_length=50)
    lessons = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="courses.LessonPage", label=_("课")),
        label=_("回头看哪几课"),
        default=[],
    )

    class Meta:
        icon = "warning"
        label = _("一条消息")
        label_format = "{sender}：{text}"
        description = _("真的和骗人的混在一起，真的要占四成左右。")
        template = "courses/blocks/drill_item.html"
        preview_value: ClassVar = {
            "channel": "短信",
            "sender": "没见过的长号码",
            "text": "您的医保卡今天停用，请点（蓝字）填卡号和密码。",
            "verdict": "scam",
            "sign": "要您点蓝字，还要卡号和密码。",
            "advice": "不点。带医保卡到窗口问。",
            "lessons": [],
        }


class DrillItemsBlock(blocks.StreamBlock):
    item = DrillItemBlock()

    class Meta:
        min_num = 2
        max_num = 60
        collapsed = True


def items_of(value: Any) -> list[Item]:
    return [
        Item(
            channel=block.value["channel"],
            sender=block.value["sender"],
            text=block.value["text"],
            verdict=block.value["verdict"],
            sign=block.value["sign"],
            advice=block.value["advice"],
            lessons=tuple(lesson.pk for lesson in block.value["lessons"] if lesson),
        )
        for block in value
    ]
