"""In the Wagtail admin: words of the same meaning, and what people looked for."""

from typing import ClassVar
from urllib.parse import urlencode

import django_filters
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import CreateView as SnippetCreateView
from wagtail.snippets.views.snippets import SnippetViewSet

from lms.search.finding import find
from lms.search.models import SoughtWord, WordGroup


class WordGroupCreateView(SnippetCreateView):
    def get_initial_form_instance(self) -> WordGroup:
        """A word that was sought in vain comes filled in."""
        return WordGroup(words=self.request.GET.get("words", "")[:30])


def is_used_in_words(group: WordGroup) -> str:
    return _("在用") if group.used else _("不用")


class WordGroupViewSet(SnippetViewSet):
    model = WordGroup
    icon = "search"
    menu_label = gettext_lazy("找课的同义词")
    menu_order = 262
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display: ClassVar = [
        "__str__",
        Column("leads_to", label=gettext_lazy("最合适的一课")),
        Column("used", label=gettext_lazy("在用"), accessor=is_used_in_words),
    ]
    list_filter: ClassVar = ["used", "suggested"]
    list_per_page = 50
    search_fields: ClassVar = ["words"]
    add_view_class = WordGroupCreateView


class SoughtWordPermissionPolicy(ModelPermissionPolicy):
    """The program counts; people only look."""

    def user_has_permission(self, user: AbstractUser | AnonymousUser, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)


register_permission_policy(SoughtWord, SoughtWordPermissionPolicy(SoughtWord))


class SoughtWordFilterSet(WagtailFilterSet):
    show = django_filters.ChoiceFilter(
        label=gettext_lazy("看哪些"),
        method="filter_show",
        empty_label=gettext_lazy("全部"),
        choices=[("in_vain", gettext_lazy("没找到的"))],
    )

    class Meta:
        model = SoughtWord
        fields: ClassVar = ["show", "month"]

    def filter_show(
        self, words: QuerySet[SoughtWord], name: str, value: str
    ) -> QuerySet[SoughtWord]:
        return words.filter(in_vain__gt=0) if value == "in_vain" else words


def found_now(sought: SoughtWord) -> str:
    """Title of what the word finds today."""
    findings = find(sought.word)
    return _("还是没有") if findings.in_vain else findings.found[0].title


def way_to_add(sought: SoughtWord) -> str:
    address = (
        f"{reverse('wagtailsnippets_search_wordgroup:add')}?{urlencode({'words': sought.word})}"
    )
    return format_html('<a class="button button-small" href="{}">{}</a>', address, _("加同义词"))


class SoughtWordViewSet(ModelViewSet):
    """What was sought in vain stands first, with the way to add a word for it."""

    model = SoughtWord
    name = "sought_words"
    icon = "search"
    menu_label = gettext_lazy("大家找什么")
    menu_order = 263
    add_to_admin_menu = True
    copy_view_enabled = False
    form_fields: ClassVar[list[str]] = []
    list_display: ClassVar = [
        Column("word", label=gettext_lazy("找的词"), sort_key="word"),
        Column("month", label=gettext_lazy("月份"), sort_key="month"),
        NumberColumn("times", label=gettext_lazy("找了几次"), sort_key="times"),
        NumberColumn("in_vain", label=gettext_lazy("没找到几次"), sort_key="in_vain"),
        Column("found_now", label=gettext_lazy("现在先找到"), accessor=found_now),
        Column("add", label=gettext_lazy("让它找得到"), accessor=way_to_add),
    ]
    filterset_class = SoughtWordFilterSet
    list_per_page = 50
    search_fields: ClassVar = ["word"]
    ordering: ClassVar = ["-in_vain", "-times", "word"]

    @property
    def menu_url(self) -> str:
        """Opens with those that were not found."""
        return f"{super().menu_url}?show=in_vain"
