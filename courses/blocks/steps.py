"""The numbered steps of a lesson."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from courses.drawing_chooser import DrawingBlock
from courses.drawings import Drawing, drawing


class StepBlock(blocks.StructBlock):
    """One thing to do, in at most 40 characters; aim at 25."""

    words = blocks.CharBlock(
        label=_("这一步做什么"),
        max_length=40,
        help_text=_("一句话，一个动作。25个字以内最好，最多40个字。"),
    )
    drawing = DrawingBlock(label=_("图画"), required=False)
    picture = ImageBlock(
        label=_("自己的图片"), required=False, help_text=_("有自己的图片，就不用上面的图画。")
    )

    class Meta:
        icon = "list-ol"
        label = _("一步")
        description = _("一句话，一个动作，最好不超过25个字。")
        template = "courses/blocks/step.html"
        preview_value: ClassVar = {"words": "先在屏幕上找一个小齿轮。", "drawing": "settings"}

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["drawing"] = drawing_of(value)
        return context


def drawing_of(step: Any) -> Drawing | None:
    """What stands beside the words of a step; None where it has none, or a picture of its own."""
    return None if step.get("picture") else drawing(step.get("drawing") or "")
