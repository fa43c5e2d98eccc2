"""Playlists in the Wagtail admin."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from lms.tv.forms import PlaylistForm
from lms.tv.models import Playlist


class PlaylistViewSet(SnippetViewSet):
    model = Playlist
    icon = "desktop"
    menu_label = _("大屏播放单")
    add_to_admin_menu = True
    list_display: ClassVar = ["title", Column("get_absolute_url", label=_("大屏打开这个网址"))]
    copy_view_enabled = False
    edit_handler = ObjectList(Playlist.panels, base_form_class=PlaylistForm)
