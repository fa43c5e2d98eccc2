from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "lms.people"
    label = "people"
    verbose_name = _("学员和任职")

    def ready(self) -> None:
        from allauth.account.signals import authentication_step_completed, password_changed

        from lms.people.first_password import forget_printed_password, note_printed_password
        from lms.people.learning import bring_record
        from lms.people.services.unit_people import bring_people_back, settle_people
        from lms.units.following import brings_people_back, settles_people

        settles_people(settle_people)
        brings_people_back(bring_people_back)
        user_logged_in.connect(bring_record)
        authentication_step_completed.connect(note_printed_password)
        password_changed.connect(forget_printed_password)
