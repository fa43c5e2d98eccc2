"""The numbered steps of a lesson."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock


class StepBlock(blocks.StructBlock):
    """One thing to do, in at most 40 characters; aim at 25."""

    words = blocks.CharBlock(label=_("这一步做什么"), max_length=40)
    picture = ImageBlock(label=_("图片"), required=False)

    class Meta:
        icon = "list-ol"
        label = _("一步")
        description = _("一句话，一个动作，最好不超过25个字。")
        template = "courses/blocks/step.html"
        preview_value: ClassVar = {"words": "先在屏幕上找一个小齿轮。"}
