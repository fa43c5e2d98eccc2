from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "lms.privacy"
    label = "privacy"
    verbose_name = _("个人信息")

    def ready(self) -> None:
        from lms.people.erasure import erases_too
        from lms.privacy.asking import ask_who_is_new
        from lms.privacy.services import delete_account_of

        user_logged_in.connect(ask_who_is_new)
        erases_too(delete_account_of)
