from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "lms.accounts"
    label = "accounts"
    verbose_name = _("人员")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added, authenticator_used

        from lms.accounts import checks  # noqa: F401  # registers them
        from lms.accounts.middleware import bring_display, note_sign_in
        from lms.accounts.permission_names import name_permissions
        from lms.accounts.second_factor import note_shown

        post_migrate.connect(name_permissions)
        user_logged_in.connect(note_sign_in)
        user_logged_in.connect(bring_display)
        authenticator_added.connect(note_shown)
        authenticator_used.connect(note_shown)
