from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "lms.accounts"
    label = "accounts"
    verbose_name = _("人员")

    def ready(self) -> None:
        from lms.accounts.middleware import bring_display, note_sign_in

        user_logged_in.connect(note_sign_in)
        user_logged_in.connect(bring_display)
