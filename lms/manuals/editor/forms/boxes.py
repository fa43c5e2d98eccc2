"""What the workbench asks before it draws a QR code for a box."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.accounts.plain_forms import PlainForm
from lms.manuals.editor.box_codes import LARGEST_MM, SMALLEST_MM, USUAL_MM

_WRONG_SIZE = _("请写10到200的整数。小于10毫米，手机扫不出来。")


class BoxCodeForm(PlainForm):
    mm = forms.IntegerField(
        label=_("方块图的边长（毫米）"),
        help_text=_("只算黑色的方块，不算四周的白边。20毫米，手机一般都扫得出来。"),
        initial=USUAL_MM,
        min_value=SMALLEST_MM,
        max_value=LARGEST_MM,
        error_messages={
            "invalid": _WRONG_SIZE,
            "min_value": _WRONG_SIZE,
            "max_value": _WRONG_SIZE,
        },
    )
