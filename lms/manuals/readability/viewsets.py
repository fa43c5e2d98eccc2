"""The city's own list of words in the Wagtail admin."""

from typing import Any, ClassVar

from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from courses.readability.word_lists import built_in_word_lists
from lms.manuals.models import PlainWord


class WordIndexView(generic.IndexView):
    """Says how many words are built in, so that nobody types them in again."""

    def get_page_subtitle(self) -> Any:
        count = len(built_in_word_lists().jargon) + len(built_in_word_lists().officialese)
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
