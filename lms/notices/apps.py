from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "lms.notices"
    label = "notices"
    verbose_name = _("通知")

    def ready(self) -> None:
        from lms.notices.merging import merge_notices, undo_notices
        from lms.notices.services.people import forget_learner
        from lms.people.erasure import erases_too
        from lms.people.merging import Follower, follows_merges

        erases_too(forget_learner)
        follows_merges(Follower("notices", merge=merge_notices, undo=undo_notices))
