from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttendanceConfig(AppConfig):
    name = "lms.attendance"
    label = "attendance"
    verbose_name = _("点名")

    def ready(self) -> None:
        from lms.attendance.services.merging import (
            hold_sessions,
            merge_marks,
            sessions_of,
            undo_marks,
        )
        from lms.people.merging import Follower, follows_merges

        follows_merges(
            Follower(
                "attendance",
                merge=merge_marks,
                undo=undo_marks,
                rows=sessions_of,
                hold=hold_sessions,
            )
        )
