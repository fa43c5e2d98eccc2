"""In the Wagtail admin: what officers left for the editors of drills."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from lms.alerts.models import DrillIdea


class DrillIdeaPermissionPolicy(ModelPermissionPolicy):
    """Officers write them; editors look, and tick what they have used."""

    def user_has_permission(self, user: AbstractUser | AnonymousUser, action: str) -> bool:
        return action in ("view", "change") and super().user_has_permission(user, action)


register_permission_policy(DrillIdea, DrillIdeaPermissionPolicy(DrillIdea))


class DrillIdeaViewSet(SnippetViewSet):
    model = DrillIdea
    icon = "warning"
    menu_label = gettext_lazy("可以做成练习的")
    menu_order = 264
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display: ClassVar = [
        "__str__",
        Column("get_kind_display", label=gettext_lazy("哪一种")),
        Column("get_way_display", label=gettext_lazy("怎么来的")),
        Column("noted_at", label=gettext_lazy("时间"), sort_key="noted_at"),
        BooleanColumn("used", label=gettext_lazy("已经做成练习"), sort_key="used"),
    ]
    list_filter: ClassVar = ["used", "kind", "way"]
    list_per_page = 50
    panels: ClassVar = [
        FieldPanel("kind", read_only=True),
        FieldPanel("way", read_only=True),
        FieldPanel("words", read_only=True),
        FieldPanel("noted_at", read_only=True),
        FieldPanel("used"),
    ]
