from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassesConfig(AppConfig):
    name = "lms.classes"
    label = "classes"
    verbose_name = _("班级")

    def ready(self) -> None:
        from lms.classes.services.class_groups import hand_over_classes
        from lms.classes.services.enrolments import leave_all_classes
        from lms.classes.services.merging import (
            classes_of,
            hold_classes,
            merge_places,
            undo_places,
        )
        from lms.people.erasure import erases_too
        from lms.people.handing_over import hands_over_too
        from lms.people.merging import Follower, follows_merges

        follows_merges(
            Follower(
                "classes",
                merge=merge_places,
                undo=undo_places,
                rows=classes_of,
                hold=hold_classes,
            )
        )
        erases_too(leave_all_classes)
        hands_over_too(hand_over_classes)
