from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelplineConfig(AppConfig):
    name = "lms.helpline"
    label = "helpline"
    verbose_name = _("求助")

    def ready(self) -> None:
        from lms.helpline.merging import merge_calls, undo_calls
        from lms.helpline.services import forget_help_of
        from lms.people.erasure import erases_too
        from lms.people.merging import Follower, follows_merges

        erases_too(forget_help_of)
        follows_merges(Follower("helpline", merge=merge_calls, undo=undo_calls))
