"""The list of words in the Wagtail admin, beside the manuals that it judges."""

from typing import Any, ClassVar

from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from lms.manuals.models import PlainWord
from lms.manuals.plain_words import house_words


class WordIndexView(generic.IndexView):
    """Says how long the house's own list is, so that nobody types it in again."""

    def get_page_subtitle(self) -> Any:
        count = len(house_words().jargon) + len(house_words().officialese)
        return gettext("另有%(count)d个自带的词；同一个词，以这里的为准") % {"count": count}


class PlainWordViewSet(ModelViewSet):
    model = PlainWord
    name = "plain_words"
    icon = "openquote"
    menu_label = gettext_lazy("好懂的词")
    menu_order = 330
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    form_fields: ClassVar = ["word", "kind", "instead"]
    list_display: ClassVar = [
        "word",
        Column("get_kind_display", label=gettext_lazy("怎么办")),
        Column("instead", label=gettext_lazy("换成")),
    ]
    list_filter: ClassVar = ["kind"]
    search_fields: ClassVar = ["word", "instead"]
    index_view_class = WordIndexView
