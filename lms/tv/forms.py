"""What an editor of playlists fills in beyond what the model says by itself."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from lms.units.forms import UnitField
from lms.units.models import Unit


class UnitOfScreenField(UnitField):
    """Shows the code of the unit that the playlist has."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return Unit.objects.filter(pk=value).values_list("code", flat=True).first()
        return value


class PlaylistForm(WagtailAdminModelForm):
    """A city has thousands of units: too many for a list to choose from."""

    unit = UnitOfScreenField(
        label=_("大屏在哪里"),
        required=False,
        help_text=_("填村居的代码，或者完整的名称。那里的防骗提醒和紧急通知就会出现在大屏上。"),
    )
